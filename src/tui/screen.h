// A screen as a grid of cells, without a terminal: views draw into it, the driver copies it out, tests read it as text.
//
// Whatever is put is clipped to the room given; a wide character that would stand across an edge becomes a blank, and writing
// over half of one blanks its other half, so a row always has exactly as many columns as the screen. Coordinates start at 0, 0
// in the upper left corner. Owns its cells. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tui/style.h"

namespace sentinel::tui {

struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  [[nodiscard]] constexpr bool holds(int px, int py) const { return px >= x && px < x + width && py >= y && py < y + height; }
  // Without a border of one cell; never negative.
  [[nodiscard]] constexpr Rect inside() const { return {x + 1, y + 1, width > 2 ? width - 2 : 0, height > 2 ? height - 2 : 0}; }
  friend bool operator==(const Rect&, const Rect&) = default;
};

// A character with the marks that join it; further marks are left out.
inline constexpr std::size_t kMarks = 3;

struct Cell {
  char32_t code = U' ';
  std::array<char32_t, kMarks> marks{};  // 0 = none
  std::uint8_t width = 1;                // 2: takes the next cell too, whose width is 0
  Style style;

  friend bool operator==(const Cell&, const Cell&) = default;
};

class Screen {
 public:
  Screen(int columns, int rows);

  [[nodiscard]] int columns() const { return columns_; }
  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] Rect area() const { return {0, 0, columns_, rows_}; }
  [[nodiscard]] const Cell& at(int x, int y) const { return cells_[index(x, y)]; }

  // Puts one line of text from (x, y), at most `room` columns of it; returns the columns taken.
  int put(int x, int y, std::string_view text, Style style, int room);

  void fill(const Rect& rect, Style style = kPlain);

  // Gives every cell of a rectangle this look, whatever stands in it.
  void restyle(const Rect& rect, Style style);

  // A box with square corners; nothing for one that is too small to have an inside and two edges.
  void box(const Rect& rect, Style style);

  // A row as UTF-8 without trailing blanks, and all of them, each with its line end.
  [[nodiscard]] std::string row_text(int y) const;
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(x);
  }
  void free_cell(int x, int y);

  int columns_;
  int rows_;
  std::vector<Cell> cells_;
};

}  // namespace sentinel::tui
