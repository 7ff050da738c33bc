// Host names into addresses, without waiting longer than allowed.
//
// The system's resolver cannot be interrupted: it runs in a thread of its own, which is left behind when the time is up.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/client_wire.h"

namespace sentinel::net {

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

struct Resolved {
  std::vector<Address> addresses;  // in the system's order of preference; empty: failure
  Failure failure;
};
[[nodiscard]] Resolved resolve(const std::string& host, std::uint16_t port, const Patience& patience);

// The address alone as a literal, IPv6 in brackets.
[[nodiscard]] std::string literal(const Address& address);

}  // namespace sentinel::net
