// Keeps what is written to standard error while a view has the terminal, and writes it out afterwards: a log line would
// otherwise stand in the middle of the picture. Standard error that leads elsewhere is left alone.
//
// One at a time, main thread. If the process dies by a signal meanwhile, what was kept is lost.
#pragma once

namespace sentinel::tui {

class HeldStderr {
 public:
  HeldStderr();
  ~HeldStderr();
  HeldStderr(const HeldStderr&) = delete;
  HeldStderr& operator=(const HeldStderr&) = delete;

 private:
  int kept_ = -1;      // a file in memory
  int original_ = -1;  // where standard error led
};

}  // namespace sentinel::tui
