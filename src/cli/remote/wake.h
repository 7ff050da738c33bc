// A descriptor that can be made readable once, to end calls that wait on other threads. Owns both ends; call() from any thread.
#pragma once

namespace sentinel::cli {

class Wake {
 public:
  Wake();
  ~Wake();
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;

  [[nodiscard]] int fd() const { return fd_; }  // -1 where the system gives none: calls then end by themselves
  void call();

 private:
  int fd_;
};

}  // namespace sentinel::cli
