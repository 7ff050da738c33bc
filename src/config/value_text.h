// Values as they would stand in a configuration file, for explanations and messages. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"

namespace sentinel::config {

// In double quotes; characters that a terminal must not get become '?'.
[[nodiscard]] inline std::string quoted(std::string_view text) { return '"' + base::for_terminal(text) + '"'; }

// As quoted(), or a remark in its place when the text holds control characters: for values in error messages.
[[nodiscard]] inline std::string shown(std::string_view text) {
  return base::has_control(text) ? "(not shown: it holds control characters)" : quoted(text);
}

// A key of a table as it stands in a path: quoted unless it is a bare key.
[[nodiscard]] inline std::string key_text(std::string_view key) {
  for (const char c : key)
    if (!base::is_alnum(c) && c != '_' && c != '-') return quoted(key);
  return key.empty() ? "\"\"" : std::string(key);
}

// { key = value, … } of any map; `show` gives the text of a value.
template <class Map, class ShowValue>
std::string table_text(const Map& map, ShowValue show) {
  std::string text;
  for (const auto& [key, value] : map) text += (text.empty() ? "{ " : ", ") + key_text(key) + " = " + show(value);
  return text.empty() ? "{}" : text + " }";
}

}  // namespace sentinel::config
