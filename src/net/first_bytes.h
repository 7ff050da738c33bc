// Which protocol a new connection speaks: on a gRPC port HTTP/2; on an HTTP port what its first bytes say (HTTP/2's preface,
// with or without TLS, else HTTP/1).
#pragma once

#include <memory>

#include "net/connection.h"

namespace sentinel::net {

[[nodiscard]] std::unique_ptr<Protocol> first_protocol(Connection& connection);

}  // namespace sentinel::net
