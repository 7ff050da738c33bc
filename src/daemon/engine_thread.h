// The queue in front of the engine, and the thread that works it off (chapter 05 §4.1).
//
// Doors offer deliveries from any thread. One that finds the ingest queue full waits, in order of arrival, until there is room
// or its patience ends; nothing is dropped in silence. Questions (a scrape, a query) go ahead of deliveries, so that they see
// the state between two of them. One thread at a time has the engine: mostly the one here, but a small piece of work that finds
// the engine free is done by the thread that brings it, which is cheaper than waking another. The thread here ticks by itself,
// and hands out findings that wait for their reader. While too many of those wait, questions are answered and nothing else is
// done. stop() works off everything that was taken, then closes every trace. The thread is supervised as engine/main: work that
// throws costs the delivery or question it was for, whoever does it. When the thread is given up, spans are refused, for no
// trace would leave any more; questions are answered by whoever brings them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/engine.h"
#include "daemon/line_output.h"
#include "net/task.h"
#include "telemetry/supervised.h"

namespace sentinel::daemon {

// Bytes that came through a door, and who waits for the verdict. At most one of taken() and refused() is called, once, on any
// thread; neither where the work throws. It is destroyed right after.
class Delivery {
 public:
  virtual ~Delivery() = default;
  [[nodiscard]] virtual Payload payload() const = 0;
  [[nodiscard]] virtual std::string_view bytes() const = 0;
  // The engine has read them: ok, with the number of spans that joined the window, or why they are malformed.
  virtual void taken(const base::Status& status, std::uint64_t spans) = 0;
  enum class Refusal : std::uint8_t { kQueueFull, kStopping, kGivenUp };
  virtual void refused(Refusal refusal) = 0;
};

class EngineThread {
 public:
  // The clock that everything here goes by.
  using Clock = std::chrono::steady_clock;
  // How long a delivery may wait for room in the queue.
  static constexpr std::chrono::milliseconds kPatience{2'000};
  // The largest delivery that the thread which brings it works off itself, in bytes.
  static constexpr std::size_t kSmall = 32 * 1024;

  // Operators are shown by `told` how full the queue is; `output` is where the engine prints, and may be null.
  EngineThread(Engine& engine, const config::DaemonConfig& config, DaemonMetrics& metrics, telemetry::Supervision told = {},
               LineOutput* output = nullptr);
  ~EngineThread();  // stop()
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;

  void start();

  // Hands a delivery over. Without `patience` it waits for room as long as it takes.
  void offer(std::unique_ptr<Delivery> delivery, std::optional<std::chrono::milliseconds> patience = kPatience);

  // Runs `question`, which asks nothing itself, soon, when no other thread has the engine. One that waits when the thread is
  // given up is destroyed instead.
  void ask(net::Task question);

  // Refuses deliveries whose patience has ended: those that wait for room, and while nobody reads the findings those in the
  // queue too. Called now and then, from any thread.
  void refuse_late();

  // Refuses what comes from now on, works off what waits in the queue (what it has not reached after `patience` is refused),
  // analyses every trace and ends the thread. Once.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(20));

 private:
  struct Waiting {
    std::unique_ptr<Delivery> delivery;
    std::optional<Clock::time_point> until;
  };
  class Hold;
  void run();
  void work(std::unique_lock<std::mutex>& lock);
  void finish_here();
  [[nodiscard]] Clock::time_point next_work(Clock::time_point next_tick) const;
  void work_off(std::unique_lock<std::mutex>& lock);
  void let_go();
  void answer_here(net::Task& question);
  std::unique_ptr<Delivery> next_delivery();
  static void move_late(std::deque<Waiting>& from, std::vector<std::unique_ptr<Delivery>>& to);
  void show_depth();
  void deliver(Delivery& delivery, bool last);
  [[nodiscard]] bool take_engine(bool for_spans);
  [[nodiscard]] bool held_up() const { return output_ != nullptr && output_->full(); }
  [[nodiscard]] bool output_waits() const { return output_ != nullptr && output_->waiting(); }
  void give_engine_back();
  [[nodiscard]] static Moment now();

  Engine& engine_;
  DaemonMetrics& metrics_;
  telemetry::QueueFill* const fill_;
  LineOutput* const output_;
  const std::size_t capacity_;
  const std::chrono::milliseconds tick_period_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool asleep_ = false;
  bool in_use_ = true;  // some thread has the engine; until start(), nobody may
  bool started_ = false;
  bool stopping_ = false;
  bool stopped_ = false;
  bool given_up_ = false;    // no thread works the queues off
  bool collecting_ = false;  // the thread here knows that evicted traces wait in the engine
  bool flushing_ = false;    // it knows that findings wait for their reader
  Clock::time_point next_flush_;
  Clock::time_point stop_until_;
  std::deque<Waiting> queue_;
  std::deque<Waiting> waiting_;  // for room in queue_
  std::deque<net::Task> questions_;
  telemetry::Supervised loop_;
};

}  // namespace sentinel::daemon
