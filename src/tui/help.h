// The keys of the browser, as the help overlay shows them; docs/terminal-ui.md lists the same. They fit the smallest window.
// Pure functions.
#pragma once

#include <span>
#include <string_view>

#include "tui/screen.h"

namespace sentinel::tui {

struct KeyHelp {
  std::string_view keys;
  std::string_view meaning;
};
[[nodiscard]] std::span<const KeyHelp> browser_keys();

// A box over the middle of the screen, over whatever stands there.
void draw_help(Screen& screen, std::span<const KeyHelp> keys);

}  // namespace sentinel::tui
