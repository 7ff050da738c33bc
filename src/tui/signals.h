// Signals while a view has the terminal: what ends the program waits until the view is closed, and a crash puts the terminal
// back with nothing but what a signal handler may do.
//
// At most one Signals at a time, made and destroyed by the main thread.
#pragma once

#include <string_view>

namespace sentinel::tui {

class Signals {
 public:
  // Handlers for SIGTERM, SIGINT, SIGHUP, SIGQUIT and SIGWINCH, which only tell fd(), and for crashes. A signal that the
  // process was started to ignore stays ignored. `terminal` is the descriptor whose settings a crash puts back.
  explicit Signals(int terminal);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  [[nodiscard]] int fd() const;  // readable when a signal has come

  struct Seen {
    bool resized = false;
    int ending = 0;  // the signal that is to end the program, 0 = none
  };
  [[nodiscard]] Seen take();

  // What a crash writes to standard output before the settings are put back.
  void set_farewell(std::string_view bytes);
};

// Ends the process by a signal, as if it had never been caught.
void end_by(int signal);

}  // namespace sentinel::tui
