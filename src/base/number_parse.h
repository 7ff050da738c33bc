// Numbers read from text that people and databases write (chapter 02 §5.2, §6): CSV cells, readings. The whole text must be the
// number; white space around it is the caller's. Pure functions, any thread, independent of the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sentinel::base {

// Digits with an optional '+', within 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text);

// A decimal with an optional sign, fraction and exponent ("5.", ".5", "1e3"), or "inf", "infinity", "nan" in any case. Too
// large becomes infinite, too small zero.
[[nodiscard]] std::optional<double> parse_real(std::string_view text);

}  // namespace sentinel::base
