// How a component (receiver, exporter, scraper, store) counts its own work, and the gauges of the whole (chapter 11 §1, §2).
//
// A Component has an id "kind/instance" and counts through the Meter it was made with; without a meter its calls do nothing.
// Calls are lock-free, allocate nothing and may come from any thread. Components with the same id share their series. A Meter
// outlives its components and is itself outlived by the registry; append() may be called by one scrape at a time or several.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/log.h"
#include "telemetry/registry.h"
#include "telemetry/windowed_rate.h"

namespace sentinel::telemetry {

enum class ErrorKind : std::uint8_t { kCardinality, kConnect, kDownstream, kEnumerate, kInit, kPanic, kParse, kRead };
inline constexpr std::size_t kErrorKinds = 8;
[[nodiscard]] std::string_view slug(ErrorKind kind);

// Why a component runs without its meter.
enum class InitReason : std::uint8_t { kInstrumentRegister, kNilProvider, kUnsupportedSdk };
[[nodiscard]] std::string_view slug(InitReason reason);

struct MeterClock {
  std::uint64_t (*steady_us)();  // microseconds, never back
  double (*unix_seconds)();
};
[[nodiscard]] MeterClock system_meter_clock();

class Meter;
struct ComponentSeries;  // component.cpp

class Component {
 public:
  enum class Role : std::uint8_t { kReceiver, kExporter };  // an exporter makes calls that are counted

  // `meter` may be null.
  Component(std::string_view id, Meter* meter, Role role = Role::kReceiver);
  ~Component();  // no longer degraded
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;

  void error(ErrorKind kind);
  void emissions(std::int64_t items);  // below 0: ignored
  void latency(double seconds);        // of one collection or request, however it ended
  void degraded(bool on);
  void activity();
  void call_success();
  void call_failure(ErrorKind kind);

  [[nodiscard]] bool is_degraded() const { return degraded_.load(std::memory_order_relaxed); }
  [[nodiscard]] const std::string& id() const { return id_; }
  // A log line that carries the id.
  void log(base::LogLevel level, std::string_view message) const { base::log(level, id_, message); }

 private:
  const std::string id_;
  ComponentSeries* const series_;  // nullptr: nobody counts
  const bool makes_calls_;
  std::atomic<bool> degraded_{false};
};

// A bounded queue as the operator sees it. Lock-free.
class QueueFill {
 public:
  void set(std::uint64_t depth, std::uint64_t capacity) noexcept {
    depth_.store(depth, std::memory_order_relaxed);
    capacity_.store(capacity, std::memory_order_relaxed);
  }
  // 0 without a capacity.
  [[nodiscard]] double ratio() const noexcept {
    const std::uint64_t capacity = capacity_.load(std::memory_order_relaxed);
    return capacity == 0 ? 0.0 : static_cast<double>(depth_.load(std::memory_order_relaxed)) / static_cast<double>(capacity);
  }

 private:
  std::atomic<std::uint64_t> depth_{0};
  std::atomic<std::uint64_t> capacity_{0};
};

struct BuildInfo {
  std::string_view command;
  std::string_view version;
  std::string_view revision;
  std::string_view compiler;
  std::string_view build_type;
};

class Meter {
 public:
  explicit Meter(Registry& registry, const BuildInfo& build, const MeterClock& clock = system_meter_clock());
  ~Meter();
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  // A queue's part in perf_sentinel_queue_depth_ratio; the same name gives the same one.
  QueueFill& queue(std::string_view name);
  // A component's loop is under supervision: its restarts show, none at first.
  void supervised(std::string_view component_id);
  // It was started again.
  void restarted(std::string_view component_id);
  void init_error(std::string_view component_id, InitReason reason);

  // Ids of the components that are degraded now, in the order in which they were made.
  [[nodiscard]] std::vector<std::string> degraded();
  // Failures ÷ calls of all exporters over the last minute. Allocates nothing.
  [[nodiscard]] double exporter_failure_rate();

  // Appends what is worked out at a scrape: seconds degraded, failure rate, queue ratios, restarts in the last hour. Views into
  // this object.
  void append(Snapshot& out);

 private:
  friend class Component;
  struct Families;

  struct Queue {
    std::vector<std::string> labels;  // its name
    QueueFill fill;
  };
  struct Restarts {
    std::vector<std::string> labels;  // the component's id
    std::deque<std::uint64_t> at_us;  // of the last hour, at most kMostRestarts
  };
  static constexpr std::size_t kMostRestarts = 4096;

  ComponentSeries* series(std::string_view id, Component::Role role);
  Restarts& restarts_of(std::string_view component_id);
  double failure_rate(std::uint64_t now_us);  // under the lock
  void append_degraded(Snapshot& out, std::uint64_t now_us) const;
  void append_queues(Snapshot& out) const;
  void append_restarts(Snapshot& out, std::uint64_t now_us);

  const MeterClock clock_;
  const std::unique_ptr<Families> families_;

  std::mutex mutex_;  // guards what follows, not the values in it
  std::deque<ComponentSeries> components_;
  std::deque<Queue> queues_;
  std::deque<Restarts> restarts_;
  WindowedRate failures_;
};

}  // namespace sentinel::telemetry
