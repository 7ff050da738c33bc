// The first and the last row of a view: tabs with hints, and the credit or a message. Pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tui/screen.h"

namespace sentinel::tui {

// A hint stands in the row if it fits; of several that do not, those of a higher rank go last.
struct Hint {
  std::string text;
  int rank = 0;
  Style style = kDim;
};

// Tabs, the active one marked, `between` between them, then as many hints as there is room for, none cut.
void draw_tabs(Screen& screen, std::span<const std::string_view> tabs, std::size_t active, const std::vector<Hint>& hints,
               std::string_view between = " ▸ ");

// The product's name in the middle of the last row.
void draw_credit(Screen& screen);

// A message instead of it.
void draw_message(Screen& screen, std::string_view text, Style style);

}  // namespace sentinel::tui
