// Comma-separated lists in field values (RFC 9110 §5.6.1). Pure, any thread.
#pragma once

#include <algorithm>
#include <string_view>

namespace sentinel::net {

// Without spaces and tabs at both ends.
[[nodiscard]] inline std::string_view without_blanks(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Calls `take` with each member of the list that is not empty.
template <class Take>
void each_member(std::string_view list, const Take& take) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (const std::string_view member = without_blanks(list.substr(0, comma)); !member.empty()) take(member);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

}  // namespace sentinel::net
