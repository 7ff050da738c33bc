// Refusing new work while the container's memory is nearly full (chapter 05 §4.7).
//
// Reads cgroup v2: the limit of the process's own group and of every group above it, whichever is fullest. Without a readable
// limit the guard is off and says so once. on() is one relaxed load, from any thread; the rest belongs to the guard's own
// thread, or to the caller of poll() where start() is not used.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/supervised.h"

namespace sentinel::daemon {

inline constexpr unsigned kMemoryHysteresisPct = 5;

// max(0, current - inactive_file) / max from the texts of the three files; nullopt without a limit.
[[nodiscard]] std::optional<double> memory_ratio(std::string_view current, std::string_view max, std::string_view stat);

// Folders whose limits bind the process, its own first: `mount` itself last. `cgroup` is the text of /proc/self/cgroup.
[[nodiscard]] std::vector<std::string> memory_folders(std::string_view cgroup, const std::string& mount);

// The fullest of the folders that have a limit; nullopt when none has.
[[nodiscard]] std::optional<double> read_memory_ratio(const std::vector<std::string>& folders);

class MemoryGuard {
 public:
  // `high_water_pct` is not 0.
  explicit MemoryGuard(unsigned high_water_pct, const std::string& mount = "/sys/fs/cgroup",
                       const std::string& own_cgroup = "/proc/self/cgroup");
  ~MemoryGuard();
  MemoryGuard(const MemoryGuard&) = delete;
  MemoryGuard& operator=(const MemoryGuard&) = delete;

  // Polls at once, then every second on a thread of its own until the guard goes. `shown` is 1 while the guard is on; it
  // outlives the guard and may be null.
  void start(telemetry::Supervision told = {}, telemetry::Gauge* shown = nullptr);

  // Reads the files and decides anew; gives on().
  bool poll();
  // The decision alone: on at or above the mark, off below the mark less kMemoryHysteresisPct, off without a ratio.
  bool decide(std::optional<double> ratio);

  [[nodiscard]] bool on() const { return on_.load(std::memory_order_relaxed); }

 private:
  const unsigned high_water_pct_;
  const std::vector<std::string> folders_;
  void set(bool on);

  telemetry::Gauge* shown_ = nullptr;
  bool warned_ = false;
  std::atomic<bool> on_{false};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::optional<telemetry::Supervised> loop_;
};

}  // namespace sentinel::daemon
