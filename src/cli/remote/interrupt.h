// SIGINT and SIGTERM as a readable descriptor, for work that is to end early with what it has.
//
// While one exists, both signals are held back from this thread and from threads started by it afterwards; nothing is kept in
// global state. To be made and destroyed on the main thread, before and after the threads it is for.
#pragma once

#include <csignal>

namespace sentinel::cli {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();  // signals that have arrived are dropped, later ones act as before
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // Readable once a signal has arrived. -1 when the system gave none: then signals act as usual.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool arrived() const;

 private:
  sigset_t before_{};
  int descriptor_ = -1;
};

}  // namespace sentinel::cli
