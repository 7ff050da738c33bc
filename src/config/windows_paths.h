// Lets Windows paths stand in basic strings of path keys, as in `json_socket = "C:\temp\x.sock"` (chapter 06 §2.1).
// A pure function, any thread.
#pragma once

#include <string>
#include <string_view>

namespace sentinel::config {

// `toml` with the backslashes of one-line basic strings of path keys rewritten: a single one is doubled, a run of two at the
// start of a value becomes four, other runs stay. The line structure is kept. When the result does not parse, the caller
// parses the original.
[[nodiscard]] std::string escape_windows_paths(std::string_view toml);

}  // namespace sentinel::config
