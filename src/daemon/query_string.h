// Form-encoded query strings and percent-encoded path segments (chapter 05 §8.1). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentinel::daemon {

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// Parameters in order. '+' is a blank; a bad escape stays as it is, invalid UTF-8 becomes U+FFFD; without '=' a value is empty.
[[nodiscard]] QueryParameters parse_query(std::string_view query);

// The bytes of a path segment; nullopt when they are not UTF-8. A bad escape stays as it is.
[[nodiscard]] std::optional<std::string> decode_segment(std::string_view segment);

}  // namespace sentinel::daemon
