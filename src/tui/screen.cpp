#include "tui/screen.h"

#include <algorithm>

#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

void join(Cell& cell, char32_t mark) {
  const auto free = std::ranges::find(cell.marks, char32_t{0});
  if (free != cell.marks.end()) *free = mark;
}

}  // namespace

Screen::Screen(int columns, int rows)
    : columns_(std::max(columns, 0)),
      rows_(std::max(rows, 0)),
      cells_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {}

// Makes a cell fit to be written: the other half of a wide character in it becomes a blank.
void Screen::free_cell(int x, int y) {
  Cell& cell = cells_[index(x, y)];
  if (cell.width == 2 && x + 1 < columns_) cells_[index(x + 1, y)] = {.style = cells_[index(x + 1, y)].style};
  if (cell.width == 0 && x > 0) cells_[index(x - 1, y)] = {.style = cells_[index(x - 1, y)].style};
  cell = {};
}

int Screen::put(int x, int y, std::string_view text, Style style, int room) {
  if (y < 0 || y >= rows_ || x < 0) return 0;
  const int end = std::min(columns_, x + std::max(room, 0));
  int at = x;
  Cell* last = nullptr;
  GlyphReader reader(text);
  for (Glyph glyph; reader.next(glyph);) {
    if (glyph.width == 0) {
      if (last != nullptr) join(*last, glyph.code);
      continue;
    }
    if (at >= end) break;
    const bool split = at + glyph.width > end;
    free_cell(at, y);
    if (glyph.width == 2 && !split) free_cell(at + 1, y);
    last = &cells_[index(at, y)];
    *last = {.code = split ? U' ' : glyph.code, .width = split ? std::uint8_t{1} : glyph.width, .style = style};
    if (glyph.width == 2 && !split) cells_[index(at + 1, y)] = {.width = 0, .style = style};
    at += split ? 1 : glyph.width;
    if (split) break;
  }
  return at - x;
}

void Screen::fill(const Rect& rect, Style style) {
  const std::string blanks(static_cast<std::size_t>(std::max(rect.width, 0)), ' ');
  for (int y = rect.y; y < rect.y + rect.height; ++y) put(rect.x, y, blanks, style, rect.width);
}

void Screen::restyle(const Rect& rect, Style style) {
  for (int y = std::max(rect.y, 0); y < std::min(rect.y + rect.height, rows_); ++y) {
    for (int x = std::max(rect.x, 0); x < std::min(rect.x + rect.width, columns_); ++x) cells_[index(x, y)].style = style;
  }
}

void Screen::box(const Rect& rect, Style style) {
  if (rect.width < 2 || rect.height < 2) return;
  const int right = rect.x + rect.width - 1;
  const int bottom = rect.y + rect.height - 1;
  for (int x = rect.x + 1; x < right; ++x) {
    put(x, rect.y, "─", style, 1);
    put(x, bottom, "─", style, 1);
  }
  for (int y = rect.y + 1; y < bottom; ++y) {
    put(rect.x, y, "│", style, 1);
    put(right, y, "│", style, 1);
  }
  put(rect.x, rect.y, "┌", style, 1);
  put(right, rect.y, "┐", style, 1);
  put(rect.x, bottom, "└", style, 1);
  put(right, bottom, "┘", style, 1);
}

std::string Screen::row_text(int y) const {
  std::string out;
  for (int x = 0; x < columns_; ++x) {
    const Cell& cell = at(x, y);
    if (cell.width == 0) continue;
    append_utf8(out, cell.code);
    for (const char32_t mark : cell.marks) {
      if (mark != 0) append_utf8(out, mark);
    }
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

std::string Screen::text() const {
  std::string out;
  for (int y = 0; y < rows_; ++y) out += row_text(y) + '\n';
  return out;
}

}  // namespace sentinel::tui
