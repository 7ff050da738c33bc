// Which known word somebody may have meant. Pure function, any thread.
#pragma once

#include <span>
#include <string_view>

namespace sentinel::cli {

// The closest of `known`: one that `word` begins (two bytes at least), else the one with the fewest insertions, deletions,
// replacements and swaps of neighbours, at most a third of the length (at least 1). Empty when none is close; the first of
// equals.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace sentinel::cli
