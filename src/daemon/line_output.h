// Findings on their way to whoever reads standard output. A reader that is slow, or reads nothing, holds up nobody here: what
// it does not take waits, and full() says when so much waits that no more should be made (the engine then takes in no spans,
// and senders are told to come again). What cannot be written at all, the reader having gone or the disk being full, is dropped
// with one warning: findings are in the list, the counters and the archive as well. Spec 05 §4.5; to operators it is the
// component exporter/ndjson (11 §1), degraded while it is full.
//
// write(), flush() and wait_for_reader() are called by one thread at a time; waiting() and full() by any. The descriptor is the
// caller's, and is never made non-blocking: other processes may share it.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

#include "telemetry/component.h"

namespace sentinel::daemon {

class LineOutput {
 public:
  // Bytes that wait at most before full() says so. A batch of findings may go past it, but nothing follows.
  static constexpr std::size_t kCapacity = 1 << 20;

  // `meter` may be null.
  explicit LineOutput(int descriptor, telemetry::Meter* meter = nullptr);

  void write(std::string_view lines);
  // As much of what waits as can be written without waiting.
  void flush();
  // From now on write() and flush() come back when everything is written.
  void wait_for_reader() { patient_ = true; }

  [[nodiscard]] bool waiting() const { return size_.load(std::memory_order_relaxed) > 0; }
  [[nodiscard]] bool full() const { return size_.load(std::memory_order_relaxed) >= kCapacity; }

 private:
  enum class Kind : unsigned char { kPlain, kSocket, kPipe };  // plain: writing never waits for somebody

  [[nodiscard]] std::size_t push(std::string_view text);
  [[nodiscard]] ssize_t push_some(std::string_view text) const;
  void show_size();

  const int descriptor_;
  const Kind kind_;
  telemetry::Component component_;
  telemetry::QueueFill* const fill_;
  bool patient_ = false;
  bool told_lost_ = false;
  bool told_full_ = false;
  std::string waiting_;
  std::size_t written_ = 0;  // of waiting_
  std::atomic<std::size_t> size_{0};
};

}  // namespace sentinel::daemon
