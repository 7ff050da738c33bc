// Finds where JSON values end without understanding them: a vectorised scan that looks at quotes and brackets only.
//
// Used to cut one large document at element bounds; the decoders validate what lies between. Positions found are right for
// every text whose earlier part is valid JSON; anything may be found in invalid text, and the decoder then says why. Pure
// functions, any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace sentinel::ingest {

// Nesting allowed in any JSON input (chapter 01 §4.2).
inline constexpr unsigned kMaxDepth = 32;

// Scans text that begins inside an array, before an element (white space and commas may come first).
struct RunScan {
  std::size_t end = 0;    // after the last complete element, 0 when there is none; at the array's ']' when closed
  bool closed = false;    // the array's closing bracket was found
  bool too_deep = false;  // an element holds more than `spare_depth` nested brackets
};
[[nodiscard]] RunScan scan_run(std::string_view text, unsigned spare_depth);

// The end of the object or array that `text` begins with; 0 when it is not complete.
struct ValueScan {
  std::size_t end = 0;
  bool too_deep = false;
};
[[nodiscard]] ValueScan scan_container(std::string_view text, unsigned spare_depth);

// The depth scan of chapter 01 §4.2, resumable from block to block.
struct DepthScan {
  unsigned depth = 0;
  bool in_string = false;
  bool escaped = false;
  bool too_deep = false;

  void feed(std::string_view text);
};

}  // namespace sentinel::ingest
