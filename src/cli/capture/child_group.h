// A command and all that it starts, as one thing that a signal can end (chapter 02 §1.7): its process group, and whatever of it
// has moved into a group or session of its own, as daemons, supervised servers and job-control shells do.
//
// This process adopts what loses its parent (PR_SET_CHILD_SUBREAPER), so that nothing started by the command leaves its tree;
// for that it must have no other children. Standard streams and environment are inherited; signals that this process holds back
// or ignores are as usual in the child. The destructor leaves the command alone. One thread.
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

  // Whether the command itself has ended. Lets go of adopted processes that have.
  [[nodiscard]] bool ended();

  // What it ended with: its exit status, or 128 + the signal. Waits for it.
  [[nodiscard]] int exit_code();

  // SIGTERM to all of it, then up to `patience` for all of it to end; what is left gets SIGKILL. `on_kill` is called before
  // that.
  void end(std::chrono::milliseconds patience, void (*on_kill)());

 private:
  ChildGroup(pid_t pid, int descriptor) : pid_(pid), descriptor_(descriptor) {}

  [[nodiscard]] bool gone();
  void kill_what_is_left();

  pid_t pid_;
  int descriptor_;
  std::optional<int> code_;
};

}  // namespace sentinel::cli
