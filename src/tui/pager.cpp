#include "tui/pager.h"

#include <algorithm>
#include <string>
#include <utility>

#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr std::size_t kFarAway = 1'000'000'000;

// How many rows a key moves by; 0 = the key does not scroll.
long step_of(Key key, std::size_t page) {
  const auto rows = static_cast<long>(std::max<std::size_t>(page, 2) - 1);
  switch (key) {
    case Key::kUp:
      return -1;
    case Key::kDown:
      return 1;
    case Key::kPageUp:
      return -rows;
    case Key::kPageDown:
      return rows;
    case Key::kHome:
      return -static_cast<long>(kFarAway);
    case Key::kEnd:
      return static_cast<long>(kFarAway);
    default:
      return 0;
  }
}

std::size_t moved(std::size_t from, long by, std::size_t last) {
  const long to = static_cast<long>(from) + by;
  return std::min(to < 0 ? 0 : static_cast<std::size_t>(to), last);
}

}  // namespace

void Pager::show(Lines lines, bool keep_position) {
  lines_ = std::move(lines);
  width_ = -1;
  if (!keep_position) top_ = 0;
}

void Pager::clamp() { top_ = std::min(top_, folded_.size() > height_ ? folded_.size() - height_ : 0); }

void Pager::draw(Screen& screen, const Rect& inside) {
  if (width_ != inside.width) {
    width_ = inside.width;
    folded_ = fold(lines_, std::max(1, width_));
  }
  height_ = static_cast<std::size_t>(std::max(0, inside.height));
  clamp();
  for (std::size_t i = 0; i < height_ && top_ + i < folded_.size(); ++i) {
    put_line(screen, inside.x, inside.y + static_cast<int>(i), folded_[top_ + i], inside.width);
  }
}

void Pager::scroll(long lines) {
  top_ = moved(top_, lines, kFarAway);
  clamp();
}

bool Pager::handle(Key key) {
  const long step = step_of(key, height_);
  if (step != 0) scroll(step);
  return step != 0;
}

Position Pager::position() const {
  return {top_, std::min(height_, folded_.size() - std::min(top_, folded_.size())), folded_.size()};
}

bool Selection::handle(Key key, std::size_t count) {
  const long step = step_of(key, height_);
  if (step != 0) row_ = count == 0 ? 0 : moved(row_, step, count - 1);
  return step != 0;
}

Position Selection::window(std::size_t height, std::size_t count) {
  height_ = height;
  row_ = count == 0 ? 0 : std::min(row_, count - 1);
  if (row_ < top_) top_ = row_;
  if (height > 0 && row_ >= top_ + height) top_ = row_ - height + 1;
  top_ = std::min(top_, count > height ? count - height : 0);
  return {top_, std::min(height, count - top_), count};
}

namespace {

void draw_position(Screen& screen, const Rect& rect, Style style, const Position& position, std::string_view unit) {
  const int room = rect.height - 2;
  if (position.shown >= position.total || room < 2) return;
  const auto rows = static_cast<std::size_t>(room);
  const std::size_t length = std::max<std::size_t>(1, rows * position.shown / position.total);
  const std::size_t hidden = position.total - position.shown;
  const std::size_t start = (rows - length) * position.first / hidden;
  for (std::size_t i = start; i < start + length; ++i) {
    screen.put(rect.x + rect.width - 1, rect.y + 1 + static_cast<int>(i), "┃", style, 1);
  }
  std::string words = " ";
  words += unit;
  words += ' ' + std::to_string(position.first + 1) + '-' + std::to_string(position.first + position.shown) + " of " +
           std::to_string(position.total) + ' ';
  const int columns = static_cast<int>(columns_of(words));
  if (columns + 4 <= rect.width) {
    screen.put(rect.x + rect.width - 2 - columns, rect.y + rect.height - 1, words, style, columns);
  }
}

}  // namespace

void draw_frame(Screen& screen, const Rect& rect, std::string_view title, Style style, const Position& position,
                std::string_view unit) {
  screen.box(rect, style);
  if (rect.width > 4 && !title.empty()) {
    const auto room = static_cast<std::size_t>(rect.width - 4);
    screen.put(rect.x + 1, rect.y, " " + fit(title, room) + " ", style, rect.width - 2);
  }
  draw_position(screen, rect, style, position, unit);
}

}  // namespace sentinel::tui
