#include "tui/view.h"

#include <algorithm>

#include "tui/lines.h"

namespace sentinel::tui {

bool draw_too_small(Screen& screen) {
  if (screen.columns() >= kMinColumns && screen.rows() >= kMinRows) return false;
  const Line wish("This window is " + std::to_string(screen.columns()) + "×" + std::to_string(screen.rows()) +
                  ": please make it at least " + std::to_string(kMinColumns) + "×" + std::to_string(kMinRows) + ", or press q");
  const Lines folded = fold(Lines{wish}, screen.columns());
  const int first = std::max(0, (screen.rows() - static_cast<int>(folded.size())) / 2);
  for (std::size_t i = 0; i < folded.size(); ++i) {
    put_line(screen, 0, first + static_cast<int>(i), folded[i], screen.columns());
  }
  return true;
}

}  // namespace sentinel::tui
