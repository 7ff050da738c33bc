// The small texts of the gRPC protocol: message escapes and timeouts. Pure; for the room's own files.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sentinel::net {

// As grpc-message carries it: everything but visible ASCII, and what URLs reserve, as %XX.
[[nodiscard]] std::string escape_grpc_message(std::string_view message);

// "100m", "5S": up to eight digits and a unit (H M S m u n). Nothing for what is none.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_grpc_timeout(std::string_view value);

// "application/grpc", alone or with "+…" or ";…".
[[nodiscard]] bool is_grpc_content_type(std::string_view value);

}  // namespace sentinel::net
