// A command started with a process group of its own, so that a signal reaches all that it has started (chapter 02 §1.7).
//
// Standard streams and environment are inherited; signals that this process holds back or ignores are as usual in the child.
// The destructor leaves the command alone. One thread.
#pragma once

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sentinel::cli {

class ChildGroup {
 public:
  // argv[0] is looked for in PATH. The error names the program and the cause.
  [[nodiscard]] static base::Result<ChildGroup> start(const std::vector<std::string_view>& argv);

  ChildGroup(ChildGroup&& other) noexcept;
  ChildGroup& operator=(ChildGroup&&) = delete;
  ~ChildGroup();

  // Readable once the command itself has ended; -1 where the system has none of the kind.
  [[nodiscard]] int descriptor() const { return descriptor_; }

  // Whether the command itself has ended.
  [[nodiscard]] bool ended();

  // What it ended with: its exit status, or 128 + the signal. Waits for it.
  [[nodiscard]] int exit_code();

  // SIGTERM to the group, then up to `patience` for all of it to end; what is left gets SIGKILL. `on_kill` is called before
  // that.
  void end(std::chrono::milliseconds patience, void (*on_kill)());

 private:
  ChildGroup(pid_t pid, int descriptor) : pid_(pid), descriptor_(descriptor) {}

  pid_t pid_;
  int descriptor_;
  std::optional<int> code_;
};

}  // namespace sentinel::cli
