// Rules for single texts: addresses and headers (chapter 06 §1.1, §2.5). Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sentinel::config {

enum class Scheme : unsigned char { kRequired, kOptional };

// What is wrong with the address of a backend; empty when nothing is. Only scheme and authority are looked at: http:// or
// https:// in lower case (kOptional: or none), a host, no user information or control characters, a 16-bit port if any.
[[nodiscard]] std::string url_problem(std::string_view url, Scheme scheme = Scheme::kRequired);

struct Header {
  std::string name;
  std::string value;
};
inline constexpr std::size_t kMaxHeaderBytes = 8192;

// "Name: Value" under the rules of 06 §1.1, both trimmed. The error never holds the value.
[[nodiscard]] base::Result<Header> parse_auth_header(std::string_view text);

// What is wrong with a path of the operators' listener; empty when nothing is. Config check and server share it.
[[nodiscard]] std::string url_path_problem(std::string_view path);

struct HostPort {
  std::string host;  // without brackets
  std::uint16_t port = 0;
};

// "host:port" or "[v6]:port", the port from 1 to 65535.
[[nodiscard]] base::Result<HostPort> parse_host_port(std::string_view text);

// A literal loopback address, with or without brackets; host names never are.
[[nodiscard]] bool is_loopback(std::string_view address);

}  // namespace sentinel::config
