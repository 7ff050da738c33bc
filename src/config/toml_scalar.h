// Bare TOML values: numbers, booleans, dates and times (chapter 06 §2.1). Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "config/toml.h"

namespace sentinel::config::toml {

// Length of the bare value at the start of `text`; a date and a time with a blank between them are one value.
[[nodiscard]] std::size_t scalar_length(std::string_view text);

// Fills `out` from a whole bare value; else says what is wrong with it (never empty).
[[nodiscard]] std::string_view parse_scalar(std::string_view token, Value& out);

}  // namespace sentinel::config::toml
