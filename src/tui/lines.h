// Styled text in lines, folded to a width at words (chapter 06 §9.2).
//
// A Line knows what its continuations begin with, so that a folded line of a tree keeps the tree's strokes and a folded value
// stands under its beginning. Text needs no cleaning here: the screen does it. Owns its text. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tui/screen.h"
#include "tui/style.h"

namespace sentinel::tui {

struct Piece {
  std::string text;
  Style style;
};

struct Line {
  std::vector<Piece> pieces;
  std::vector<Piece> hang;  // what stands before each continuation

  Line() = default;
  explicit Line(std::string text, Style style = kPlain) { add(std::move(text), style); }

  Line& add(std::string text, Style style = kPlain) {
    if (!text.empty()) pieces.push_back({std::move(text), style});
    return *this;
  }
  Line& continue_with(std::string text, Style style = kPlain) {
    if (!text.empty()) hang.push_back({std::move(text), style});
    return *this;
  }
};
using Lines = std::vector<Line>;

// A line folded to `width` columns, at least one line long. Breaks at blanks, inside a word only when it is longer than a line.
void fold(const Line& line, int width, Lines& out);
[[nodiscard]] Lines fold(const Lines& lines, int width);

// "label:" in `label_columns` columns, then the value, its continuations under it.
[[nodiscard]] Line labelled(std::string_view label, std::size_t label_columns, std::string value, Style style = kPlain);

// Draws a folded line.
void put_line(Screen& screen, int x, int y, const Line& line, int room);

[[nodiscard]] std::string text_of(const Line& line);

}  // namespace sentinel::tui
