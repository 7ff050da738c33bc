// The file of `capture`: requests in, one line each, in the order of their arrival (chapter 02 §1.4-§1.6).
//
// submit() may be called from any thread and never waits; what became of a request is told to its `done`, once, on the thread
// of the caller or of the writer. At most kQueuedRequests wait; further ones wait kQueueWait for a place and are then refused.
// Lines are written whole as they come, so that a capture that is killed keeps them. open(), close() and outcome() belong to
// one thread.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.h"

namespace sentinel::cli {

inline constexpr std::size_t kQueuedRequests = 256;
inline constexpr std::chrono::seconds kQueueWait{2};

enum class Intake : std::uint8_t { kAccepted, kFull, kGone };

struct CaptureOutcome {
  std::uint64_t requests = 0;
  std::uint64_t spans = 0;
  bool truncated = false;
  std::optional<base::Error> failure;  // the file could not be written, or is another one now
};

class TraceWriter {
 public:
  using Done = std::function<void(Intake)>;

  // At most `max_bytes` go into the file.
  TraceWriter(std::string path, std::uint64_t max_bytes) : path_(std::move(path)), max_bytes_(max_bytes) {}
  ~TraceWriter();
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;

  // Makes the folders and the file, empties it, and starts the writer.
  [[nodiscard]] base::Status open();

  // A valid request in protobuf.
  void submit(std::string message, Done done);

  // No place is free: refusing before a body is read spares reading it.
  [[nodiscard]] bool full() const { return full_.load(std::memory_order_relaxed); }

  // Takes nothing more, writes what waits, closes the file and looks whether it is still the one that was opened.
  [[nodiscard]] CaptureOutcome close();

 private:
  struct Item {
    std::string message;
    Done done;
    std::chrono::steady_clock::time_point until;
  };

  void run();
  void write(const std::string& message);
  bool write_bytes(std::string_view bytes);
  void admit_waiting(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] std::optional<base::Error> file_problem() const;

  const std::string path_;
  const std::uint64_t max_bytes_;

  // Under the mutex.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> queue_;
  std::deque<Item> waiting_;  // for a place in the queue
  bool closed_ = false;

  std::atomic<bool> full_{false};

  // The writer's while it runs.
  std::thread thread_;
  int fd_ = -1;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::uint64_t bytes_ = 0;
  std::string line_;
  CaptureOutcome outcome_;
};

}  // namespace sentinel::cli
