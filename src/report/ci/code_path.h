// Where in the sources a finding points, as tools that open files may be told (chapter 07 §5). Paths come from traces: one
// that could lead out of the checkout, or hides characters, is not passed on. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/finding.h"

namespace sentinel::report {

// Stands in where a finding names no acceptable file: hosts refuse results without one, and thresholds live there.
inline constexpr std::string_view kDefaultFallbackFile = ".perf-sentinel.toml";

// Relative, without "..", drive letters, schemes, escapes of those, control and invisible characters.
[[nodiscard]] bool is_acceptable_path(std::string_view path);

// The finding's file, or nothing when it has none or one that is not acceptable.
[[nodiscard]] std::optional<std::string_view> code_path(const model::Finding& finding);

// A file and a line that are always there: those of the finding, else the fallback and line 1. Lines count from 1.
struct FileLine {
  std::string path;  // slashes only, no leading "./"
  std::uint32_t line = 1;
};
[[nodiscard]] FileLine file_line(const model::Finding& finding, std::string_view fallback);

// `path` as a relative URI reference (RFC 3986): what may not stand in a path segment is percent-encoded, by UTF-8 bytes.
void append_uri(std::string& out, std::string_view path);

}  // namespace sentinel::report
