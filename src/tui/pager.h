// Two things that scroll: folded text, and a list with a selected row; and the border around either with its position mark.
//
// Both keep their last page full: there is no scrolling past the end (chapter 06 §9.3). Own what they show. One thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "tui/events.h"
#include "tui/lines.h"
#include "tui/screen.h"

namespace sentinel::tui {

// Which part of a whole is seen.
struct Position {
  std::size_t first = 0;
  std::size_t shown = 0;
  std::size_t total = 0;
};

class Pager {
 public:
  // Replaces the text; `keep_position` stays where it was as far as the new text allows.
  void show(Lines lines, bool keep_position = false);
  void draw(Screen& screen, const Rect& inside);
  bool handle(Key key);  // true: the key was for scrolling
  void scroll(long lines);
  [[nodiscard]] Position position() const;
  [[nodiscard]] const Lines& lines() const { return lines_; }

 private:
  void clamp();

  Lines lines_;
  Lines folded_;
  int width_ = -1;  // that folded_ was made for
  std::size_t height_ = 1;
  std::size_t top_ = 0;
};

class Selection {
 public:
  void reset() { *this = {}; }
  void select(std::size_t row) { row_ = row; }
  [[nodiscard]] std::size_t row() const { return row_; }

  // The key moves the selection among `count` rows, stopping at both ends; true when it was for that.
  bool handle(Key key, std::size_t count);

  // The rows to draw now in a window of `height`, which holds the selected one.
  Position window(std::size_t height, std::size_t count);

 private:
  std::size_t row_ = 0;
  std::size_t top_ = 0;
  std::size_t height_ = 1;
};

// A titled border; a mark of the position in the right edge and in words below where not everything is seen.
void draw_frame(Screen& screen, const Rect& rect, std::string_view title, Style style, const Position& position,
                std::string_view unit);

}  // namespace sentinel::tui
