// One string out of several pieces, with a single allocation. Pure function.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace sentinel::cli {

inline std::string concat(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  std::string out;
  out.reserve(size);
  for (const std::string_view piece : pieces) out += piece;
  return out;
}

}  // namespace sentinel::cli
