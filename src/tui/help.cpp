#include "tui/help.h"

#include <algorithm>

#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr KeyHelp kBrowserKeys[] = {
    {"Enter", "go deeper, down to Explain"},
    {"Esc", "go back up"},
    {"↑ ↓ k j", "select or scroll"},
    {"PgUp PgDn Home End", "by pages, or to an end"},
    {"→ ← Tab Shift-Tab l h", "next or previous panel"},
    {"s", "sort traces: id, severity, impact"},
    {"/", "search traces and findings"},
    {"c", "collapse or show repeats"},
    {"e", "export the selection as JSON"},
    {"m r", "mouse for borders; reset them"},
    {"a u", "acknowledge, revoke (daemon only)"},
    {"?", "this help"},
    {"q", "quit"},
};
constexpr int kKeyColumns = 23;
constexpr std::string_view kTitle = " Keys, any key closes ";

}  // namespace

std::span<const KeyHelp> browser_keys() { return kBrowserKeys; }

void draw_help(Screen& screen, std::span<const KeyHelp> keys) {
  int wanted = static_cast<int>(columns_of(kTitle));
  for (const KeyHelp& key : keys) wanted = std::max(wanted, kKeyColumns + static_cast<int>(columns_of(key.meaning)));
  const int width = std::min(screen.columns(), wanted + 4);
  const int height = std::min(screen.rows(), static_cast<int>(keys.size()) + 2);
  const Rect rect = {(screen.columns() - width) / 2, (screen.rows() - height) / 2, width, height};
  screen.fill(rect);
  screen.box(rect, kActiveBorder);
  screen.put(rect.x + 1, rect.y, kTitle, kActiveBorder, width - 2);
  for (int i = 0; i < height - 2; ++i) {
    const KeyHelp& key = keys[static_cast<std::size_t>(i)];
    screen.put(rect.x + 2, rect.y + 1 + i, key.keys, kBold, kKeyColumns - 1);
    screen.put(rect.x + 2 + kKeyColumns, rect.y + 1 + i, key.meaning, kPlain, width - 4 - kKeyColumns);
  }
}

}  // namespace sentinel::tui
