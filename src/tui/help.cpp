#include "tui/help.h"

#include <algorithm>

#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr KeyHelp kBrowserKeys[] = {
    {"Enter", "go deeper: Analyze, Inspect, its panels, Explain"},
    {"Esc", "go back up"},
    {"↑ ↓ k j", "select or scroll"},
    {"PgUp PgDn Home End", "select or scroll further"},
    {"→ ← Tab Shift-Tab l h", "next or previous panel"},
    {"s", "order of traces: id, severity, impact"},
    {"/", "search traces and findings; empty shows all"},
    {"c", "collapse or show repeated spans and advice"},
    {"e", "export what is selected as a JSON file"},
    {"m r", "mouse for moving borders; reset the borders"},
    {"a u", "acknowledge, revoke (only with a daemon)"},
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
