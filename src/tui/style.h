// How a cell looks: one of the terminal's own colours and four attributes, never a background, so that a view fits light and
// dark terminals alike (chapter 06 §9.1). Plain values.
#pragma once

#include <cstdint>

#include "model/finding.h"

namespace sentinel::tui {

enum class Color : std::uint8_t { kDefault, kRed, kGreen, kYellow, kCyan };
inline constexpr unsigned kColors = 5;

struct Style {
  Color color = Color::kDefault;
  bool bold = false;
  bool dim = false;
  bool italic = false;
  bool reverse = false;

  friend bool operator==(const Style&, const Style&) = default;
};

inline constexpr Style kPlain = {};
inline constexpr Style kBold = {.bold = true};
inline constexpr Style kDim = {.dim = true};
inline constexpr Style kHeading = {.color = Color::kCyan, .bold = true};
inline constexpr Style kActiveTab = {.color = Color::kCyan, .bold = true, .reverse = true};
inline constexpr Style kSelected = {.bold = true, .reverse = true};
inline constexpr Style kActiveBorder = {.color = Color::kCyan};
inline constexpr Style kHotBorder = {.color = Color::kYellow, .bold = true};
inline constexpr Style kGood = {.color = Color::kGreen};
inline constexpr Style kBad = {.color = Color::kRed};

[[nodiscard]] constexpr Style style_of(model::Severity severity) {
  constexpr Color kOf[] = {Color::kRed, Color::kYellow, Color::kCyan};
  return {.color = kOf[static_cast<unsigned>(severity)]};
}
[[nodiscard]] constexpr Style style_of(model::Band band) {
  constexpr Color kOf[] = {Color::kGreen, Color::kDefault, Color::kYellow, Color::kRed};
  return {.color = kOf[static_cast<unsigned>(band)]};
}

}  // namespace sentinel::tui
