// Members of a daemon's JSON answers, read leniently: what is absent, or of another type than asked for, is not there. Any
// thread; the views live as long as the document.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "disclosure/json_tree.h"

namespace sentinel::cli {

// A null when the object has no such member, or is none.
[[nodiscard]] const disclosure::JsonNode& member(const disclosure::JsonNode& object, std::string_view key);

[[nodiscard]] std::optional<std::string_view> text(const disclosure::JsonNode& object, std::string_view key);
[[nodiscard]] std::string_view text_or_empty(const disclosure::JsonNode& object, std::string_view key);

[[nodiscard]] std::optional<std::uint64_t> count(const disclosure::JsonNode& object, std::string_view key);
[[nodiscard]] std::uint64_t count_or_zero(const disclosure::JsonNode& object, std::string_view key);

}  // namespace sentinel::cli
