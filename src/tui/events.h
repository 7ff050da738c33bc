// What a person does, as the views see it. Plain values.
#pragma once

#include <cstdint>

namespace sentinel::tui {

enum class Key : std::uint8_t {
  kCharacter,
  kUp,
  kDown,
  kLeft,
  kRight,
  kEnter,
  kEscape,
  kTab,
  kBackTab,
  kPageUp,
  kPageDown,
  kHome,
  kEnd,
  kBackspace,
};

enum class MouseAction : std::uint8_t { kMove, kPress, kRelease, kWheelUp, kWheelDown };

struct Event {
  enum class Kind : std::uint8_t { kKey, kMouse } kind = Kind::kKey;
  Key key = Key::kCharacter;
  char32_t character = 0;  // kCharacter
  MouseAction action = MouseAction::kMove;
  int x = 0;
  int y = 0;
};

[[nodiscard]] constexpr Event key_event(Key key) { return {.key = key}; }
[[nodiscard]] constexpr Event character_event(char32_t c) { return {.character = c}; }
[[nodiscard]] constexpr Event mouse_event(MouseAction action, int x, int y) {
  return {.kind = Event::Kind::kMouse, .action = action, .x = x, .y = y};
}

}  // namespace sentinel::tui
