// What the driver shows: something that draws itself into cells and answers events. No view knows of a terminal or a file.
//
// A view asks for what it cannot do itself (end, write a file) by the Reaction it gives back; the driver does it and says how
// it went. One thread.
#pragma once

#include <optional>
#include <string>

#include "tui/events.h"
#include "tui/screen.h"

namespace sentinel::tui {

struct Export {
  std::string name;  // suggested file name, without a suffix; safe as such
  std::string json;
};

struct Reaction {
  bool quit = false;
  std::optional<Export> save;
};

class View {
 public:
  View() = default;
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  virtual ~View() = default;

  virtual void draw(Screen& screen) = 0;
  [[nodiscard]] virtual Reaction handle(const Event& event) = 0;

  // Whether mouse events are wanted now; asked after each event.
  [[nodiscard]] virtual bool wants_mouse() const { return false; }

  // How long the driver waits for a key before it lets the view go on by itself; -1: as long as it takes. Asked after each
  // event.
  [[nodiscard]] virtual int patience_ms() const { return -1; }

  // Called before each drawing: takes in what came from elsewhere meanwhile.
  virtual void tick() {}

  // What came of an export, for the person to read.
  virtual void notice(std::string text) = 0;
};

// The smallest window that views draw in; in a smaller one they only say so (chapter 06 §9.3).
inline constexpr int kMinColumns = 60;
inline constexpr int kMinRows = 15;

// Draws the request for a larger window and gives true when the screen is too small.
[[nodiscard]] bool draw_too_small(Screen& screen);

}  // namespace sentinel::tui
