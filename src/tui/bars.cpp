#include "tui/bars.h"

#include <algorithm>

#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr std::string_view kBetweenHints = " · ";
constexpr int kBeforeHints = 3;
constexpr std::string_view kCredit = "Powered by perf-sentinel " SENTINEL_VERSION;

// Which hints fit into `room` columns together, by rank.
std::vector<bool> choose(const std::vector<Hint>& hints, int room) {
  std::vector<std::size_t> order(hints.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return hints[a].rank > hints[b].rank; });
  std::vector<bool> chosen(hints.size(), false);
  const int between = static_cast<int>(columns_of(kBetweenHints));
  int used = -between;
  for (const std::size_t i : order) {
    const int columns = static_cast<int>(columns_of(hints[i].text)) + between;
    if (used + columns > room) continue;
    used += columns;
    chosen[i] = true;
  }
  return chosen;
}

}  // namespace

void draw_tabs(Screen& screen, std::span<const std::string_view> tabs, std::size_t active, const std::vector<Hint>& hints,
               std::string_view between) {
  int x = 1;
  for (std::size_t i = 0; i < tabs.size(); ++i) {
    if (i > 0) x += screen.put(x, 0, between, kDim, screen.columns() - x);
    const std::string label = " " + std::string(tabs[i]) + " ";
    x += screen.put(x, 0, label, i == active ? kActiveTab : kDim, screen.columns() - x);
  }
  x += kBeforeHints;
  const std::vector<bool> chosen = choose(hints, screen.columns() - x);
  bool first = true;
  for (std::size_t i = 0; i < hints.size(); ++i) {
    if (!chosen[i]) continue;
    if (!first) x += screen.put(x, 0, kBetweenHints, kDim, screen.columns() - x);
    x += screen.put(x, 0, hints[i].text, hints[i].style, screen.columns() - x);
    first = false;
  }
}

void draw_credit(Screen& screen) {
  const int columns = static_cast<int>(columns_of(kCredit));
  screen.put(std::max(0, (screen.columns() - columns) / 2), screen.rows() - 1, kCredit, kDim, screen.columns());
}

void draw_message(Screen& screen, std::string_view text, Style style) {
  const auto room = static_cast<std::size_t>(std::max(0, screen.columns() - 2));
  screen.put(1, screen.rows() - 1, fit(text, room), style, screen.columns() - 2);
}

}  // namespace sentinel::tui
