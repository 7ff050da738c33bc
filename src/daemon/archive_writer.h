// The archive of analysed windows: one hash-chained JSON line each, rotated by size (chapter 05 §7; read by chapter 08 §4).
//
// push() hands a window over and never waits: past kArchiveQueue windows it is dropped and counted. A thread of the writer's
// own sorts keys, hashes, writes, rotates and prunes. After a failed write the file ends with its last complete line, and the
// chain goes on from there. close() writes what is queued. push() from any thread; close() and the destructor from one.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "config/daemon_config.h"
#include "daemon/daemon_metrics.h"
#include "disclosure/instant.h"
#include "telemetry/supervised.h"

namespace sentinel::daemon {

inline constexpr std::size_t kArchiveQueue = 256;  // windows

struct ArchiveWindow {
  disclosure::Instant ts;
  std::string report;  // one JSON object, keys in any order
};

class ArchiveFile;  // daemon/archive_file.h

class ArchiveWriter {
 public:
  // Opens or makes config.path and finds where its chain goes on. The Error names the path. Windows written and dropped are
  // counted in `metrics`, which outlives this.
  [[nodiscard]] static base::Result<std::unique_ptr<ArchiveWriter>> open(const config::ArchiveConfig& config,
                                                                         DaemonMetrics& metrics,
                                                                         telemetry::Supervision told = {});
  ~ArchiveWriter();  // close()
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  // False when the window was dropped: the queue is full, or the writer closed.
  bool push(ArchiveWindow window);
  // Writes all queued windows and ends the thread; a second call does nothing.
  void close();

 private:
  ArchiveWriter(std::unique_ptr<ArchiveFile> file, DaemonMetrics& metrics, telemetry::Supervision told);
  void run();
  void write(const ArchiveWindow& window);
  void show_fill();

  DaemonMetrics& metrics_;
  telemetry::Component component_;
  telemetry::QueueFill* const fill_;
  std::unique_ptr<ArchiveFile> file_;  // the thread's

  std::mutex mutex_;  // guards what follows
  std::condition_variable filled_;
  std::deque<ArchiveWindow> queue_;
  bool closed_ = false;
  std::uint64_t dropped_in_a_row_ = 0;

  telemetry::Supervised loop_;
};

}  // namespace sentinel::daemon
