#include "daemon/engine_thread.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.h"

namespace sentinel::daemon {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

EngineThread::EngineThread(Engine& engine, const config::DaemonConfig& config, DaemonMetrics& metrics,
                           telemetry::QueueFill* fill)
    : engine_(engine),
      metrics_(metrics),
      fill_(fill),
      capacity_(static_cast<std::size_t>(config.ingest_queue_capacity)),
      tick_period_(static_cast<std::int64_t>(std::max<std::uint64_t>(100, config.trace_ttl_ms / 2))) {}

EngineThread::~EngineThread() { stop(); }

void EngineThread::start() {
  {
    const std::lock_guard lock(mutex_);
    in_use_ = false;
  }
  thread_ = std::thread(&EngineThread::run, this);
}

// True when the engine is free and nobody waits for it: then it is the caller's, until it gives it back.
bool EngineThread::take_engine() {
  const std::lock_guard lock(mutex_);
  if (in_use_ || stopping_ || !queue_.empty() || !waiting_.empty() || !questions_.empty()) return false;
  in_use_ = true;
  return true;
}

void EngineThread::give_engine_back() {
  const std::lock_guard lock(mutex_);
  in_use_ = false;
  const bool begins_to_collect = !collecting_ && engine_.collects_until();
  if (asleep_ && (stopping_ || begins_to_collect || !queue_.empty() || !questions_.empty())) wake_.notify_one();
}

Moment EngineThread::now() {
  const auto since = [](auto clock_now) {
    return static_cast<std::uint64_t>(duration_cast<milliseconds>(clock_now.time_since_epoch()).count());
  };
  return {since(Clock::now()), since(std::chrono::system_clock::now())};
}

void EngineThread::offer(std::unique_ptr<Delivery> delivery, std::optional<milliseconds> patience) {
  if (delivery->bytes().size() <= kSmall && take_engine()) {
    deliver(*delivery, true);
    return give_engine_back();
  }
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      if (queue_.size() < capacity_ && waiting_.empty()) {
        queue_.push_back(std::move(delivery));
        show_depth();
      } else {
        std::optional<Clock::time_point> until;
        if (patience) until = Clock::now() + *patience;
        waiting_.push_back({std::move(delivery), until});
      }
      if (asleep_ && !in_use_) wake_.notify_one();
      return;
    }
  }
  delivery->refused(Delivery::Refusal::kStopping);
}

void EngineThread::ask(net::Task question) {
  if (take_engine()) {
    question();
    return give_engine_back();
  }
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
      questions_.push_back(std::move(question));
      if (asleep_ && !in_use_) wake_.notify_one();
      return;
    }
  }
  question();
}

void EngineThread::refuse_late() {
  std::vector<std::unique_ptr<Delivery>> late;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return;
    const Clock::time_point now = Clock::now();
    for (Waiting& waiting : waiting_) {
      if (waiting.until && *waiting.until <= now) late.push_back(std::move(waiting.delivery));
    }
    std::erase_if(waiting_, [](const Waiting& waiting) { return waiting.delivery == nullptr; });
  }
  for (const auto& delivery : late) delivery->refused(Delivery::Refusal::kQueueFull);
}

// Precondition: the lock is held.
void EngineThread::show_depth() {
  metrics_.ingest_queue_depth->set_count(queue_.size());
  if (fill_ != nullptr) fill_->set(queue_.size(), capacity_);
}

// Precondition: the lock is held and there is one.
std::unique_ptr<Delivery> EngineThread::next_delivery() {
  std::unique_ptr<Delivery> next = std::move(queue_.front());
  queue_.pop_front();
  if (!waiting_.empty()) {
    queue_.push_back(std::move(waiting_.front().delivery));
    waiting_.pop_front();
  }
  show_depth();
  return next;
}

// Precondition: the caller has the engine. `last`: nothing else is waiting.
void EngineThread::deliver(Delivery& delivery, bool last) {
  const Moment moment = now();
  const std::uint64_t before = engine_.events_processed();
  const base::Status status = engine_.take(delivery.payload(), delivery.bytes(), moment);
  if (last) engine_.settle(moment);
  engine_.publish();
  delivery.taken(status, engine_.events_processed() - before);
}

void EngineThread::run() {
  Clock::time_point next_tick = Clock::now();
  std::unique_lock lock(mutex_);
  while (!stopping_ || in_use_) {
    const Clock::time_point at = Clock::now();
    const bool tick = at >= next_tick;
    const Clock::time_point next = in_use_ ? at + milliseconds(1) : next_work(next_tick);
    collecting_ = next < next_tick;
    if (in_use_ || (at < next && questions_.empty() && queue_.empty())) {
      asleep_ = true;
      wake_.wait_until(lock, next);
      asleep_ = false;
      continue;
    }
    in_use_ = true;
    if (!tick && at >= next) {
      lock.unlock();
      engine_.settle(now());
      engine_.publish();
    } else if (tick) {
      lock.unlock();
      engine_.tick(now());
      engine_.publish();
      next_tick = Clock::now() + tick_period_;
    } else if (!questions_.empty()) {
      net::Task question = std::move(questions_.front());
      questions_.pop_front();
      lock.unlock();
      question();
    } else {
      const std::unique_ptr<Delivery> delivery = next_delivery();
      const bool last = queue_.empty();
      lock.unlock();
      deliver(*delivery, last);
    }
    lock.lock();
    in_use_ = false;
  }
  work_off(lock);
}

// When the thread here has to do something by itself. Precondition: no thread has the engine.
EngineThread::Clock::time_point EngineThread::next_work(Clock::time_point next_tick) const {
  const std::optional<std::uint64_t> until = engine_.collects_until();
  return until ? std::min(next_tick, Clock::time_point(milliseconds(*until))) : next_tick;
}

void EngineThread::work_off(std::unique_lock<std::mutex>& lock) {
  in_use_ = true;
  while (!queue_.empty()) {
    const std::unique_ptr<Delivery> delivery = next_delivery();
    lock.unlock();
    if (Clock::now() < stop_until_) {
      deliver(*delivery, false);
    } else {
      delivery->refused(Delivery::Refusal::kStopping);
    }
    lock.lock();
  }
  lock.unlock();
  engine_.finish(now());
  lock.lock();
  stopped_ = true;
  in_use_ = false;
  while (!questions_.empty()) {
    net::Task question = std::move(questions_.front());
    questions_.pop_front();
    lock.unlock();
    question();
    lock.lock();
  }
}

void EngineThread::stop(milliseconds patience) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    stop_until_ = Clock::now() + patience;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace sentinel::daemon
