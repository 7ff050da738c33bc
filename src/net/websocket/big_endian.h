// Numbers in network order. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace sentinel::net::websocket {

// The last `bytes` bytes of `value`, the highest first.
inline void append_big_endian(std::uint64_t value, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

}  // namespace sentinel::net::websocket
