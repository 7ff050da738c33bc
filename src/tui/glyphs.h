// Characters as a terminal shows them: the one door through which text reaches a screen.
//
// A GlyphReader walks UTF-8 and gives what may be shown, with the columns it takes: invisible and direction-changing characters
// and variation selectors are left out, control characters become '?', bytes that are no UTF-8 and characters without a glyph
// become U+FFFD (chapter 06 §1.3). So nothing that came with a trace can move the cursor, hide or reorder text. Widths do not
// depend on the locale. Pure values, any thread; a reader keeps a view of its text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sentinel::tui {

struct Glyph {
  char32_t code = 0;
  std::uint8_t width = 1;  // columns: 0 joins the character before, 2 is wide
};

class GlyphReader {
 public:
  explicit GlyphReader(std::string_view text) : rest_(text) {}

  // The next character that may be shown; false at the end.
  bool next(Glyph& glyph);

 private:
  std::string_view rest_;
};

[[nodiscard]] std::size_t columns_of(std::string_view text);

// `text` in at most `columns` columns: what does not fit is replaced by "…".
[[nodiscard]] std::string fit(std::string_view text, std::size_t columns);

void append_utf8(std::string& out, char32_t code);

}  // namespace sentinel::tui
