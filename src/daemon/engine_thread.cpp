#include "daemon/engine_thread.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"

namespace sentinel::daemon {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kFlushAgain{20};  // after a reader took nothing more
constexpr std::string_view kEngineId = "engine/main";
constexpr int kMostEnds = 1000;  // attempts to work off what is left, each of which makes an end of something

}  // namespace

// Has the engine, and gives it back however the work ends.
class EngineThread::Hold {
 public:
  explicit Hold(EngineThread& thread) : thread_(thread) {}
  ~Hold() { thread_.give_engine_back(); }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

 private:
  EngineThread& thread_;
};

EngineThread::EngineThread(Engine& engine, const config::DaemonConfig& config, DaemonMetrics& metrics,
                           telemetry::Supervision told, LineOutput* output)
    : engine_(engine),
      metrics_(metrics),
      fill_(told.meter == nullptr ? nullptr : &told.meter->queue("ingest")),
      output_(output),
      capacity_(static_cast<std::size_t>(config.ingest_queue_capacity)),
      tick_period_(static_cast<std::int64_t>(std::max<std::uint64_t>(100, config.trace_ttl_ms / 2))),
      loop_(kEngineId, told) {}

EngineThread::~EngineThread() { stop(); }

void EngineThread::start() {
  {
    const std::lock_guard lock(mutex_);
    in_use_ = false;
    started_ = true;
  }
  loop_.start([this] { run(); }, [this] { let_go(); });
}

// True when the engine is free and nobody waits for it: then it is the caller's, until it gives it back.
bool EngineThread::take_engine(bool for_spans) {
  const std::lock_guard lock(mutex_);
  if (for_spans && (given_up_ || held_up())) return false;
  if (in_use_ || stopping_ || !queue_.empty() || !waiting_.empty() || !questions_.empty()) return false;
  in_use_ = true;
  return true;
}

void EngineThread::give_engine_back() {
  const std::lock_guard lock(mutex_);
  in_use_ = false;
  const bool begins_to_collect = !collecting_ && engine_.collects_until();
  const bool begins_to_flush = !flushing_ && output_waits();
  if (asleep_ && (stopping_ || begins_to_collect || begins_to_flush || !queue_.empty() || !questions_.empty())) {
    wake_.notify_one();
  }
}

Moment EngineThread::now() {
  const auto since = [](auto clock_now) {
    return static_cast<std::uint64_t>(duration_cast<milliseconds>(clock_now.time_since_epoch()).count());
  };
  return {since(Clock::now()), since(std::chrono::system_clock::now())};
}

void EngineThread::offer(std::unique_ptr<Delivery> delivery, std::optional<milliseconds> patience) {
  if (delivery->bytes().size() <= kSmall && take_engine(true)) {
    const Hold hold(*this);
    return deliver(*delivery, true);
  }
  Delivery::Refusal why = Delivery::Refusal::kStopping;
  {
    const std::lock_guard lock(mutex_);
    if (given_up_) why = Delivery::Refusal::kGivenUp;
    if (!stopping_ && !given_up_) {
      std::optional<Clock::time_point> until;
      if (patience) until = Clock::now() + *patience;
      if (queue_.size() < capacity_ && waiting_.empty()) {
        queue_.push_back({std::move(delivery), until});
        show_depth();
      } else {
        waiting_.push_back({std::move(delivery), until});
      }
      if (asleep_ && !in_use_) wake_.notify_one();
      return;
    }
  }
  delivery->refused(why);
}

void EngineThread::ask(net::Task question) {
  if (take_engine(false)) {
    const Hold hold(*this);
    return question();
  }
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_ && (!given_up_ || stopping_)) {
      questions_.push_back(std::move(question));
      if (asleep_ && !in_use_) wake_.notify_one();
      return;
    }
  }
  answer_here(question);
}

// When no thread works questions off: stopped, or given up.
void EngineThread::answer_here(net::Task& question) {
  {
    std::unique_lock lock(mutex_);
    while (in_use_) wake_.wait_for(lock, milliseconds(1));
    in_use_ = true;
  }
  const Hold hold(*this);
  question();
}

// The loop has been given up.
void EngineThread::let_go() {
  std::deque<Waiting> waiting[2];
  std::deque<net::Task> questions;
  {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
    waiting[0].swap(queue_);
    waiting[1].swap(waiting_);
    questions.swap(questions_);
    show_depth();
  }
  for (const std::deque<Waiting>& of : waiting) {
    for (const Waiting& one : of) one.delivery->refused(Delivery::Refusal::kGivenUp);
  }
}

void EngineThread::refuse_late() {
  std::vector<std::unique_ptr<Delivery>> late;
  {
    const std::lock_guard lock(mutex_);
    if (held_up()) {
      move_late(queue_, late);
      for (; queue_.size() < capacity_ && !waiting_.empty(); waiting_.pop_front()) {
        queue_.push_back(std::move(waiting_.front()));
      }
      show_depth();
    }
    move_late(waiting_, late);
  }
  for (const auto& delivery : late) delivery->refused(Delivery::Refusal::kQueueFull);
}

void EngineThread::move_late(std::deque<Waiting>& from, std::vector<std::unique_ptr<Delivery>>& to) {
  if (from.empty()) return;
  const Clock::time_point now = Clock::now();
  for (Waiting& waiting : from) {
    if (waiting.until && *waiting.until <= now) to.push_back(std::move(waiting.delivery));
  }
  std::erase_if(from, [](const Waiting& waiting) { return waiting.delivery == nullptr; });
}

// Precondition: the lock is held.
void EngineThread::show_depth() {
  metrics_.ingest_queue_depth->set_count(queue_.size());
  if (fill_ != nullptr) fill_->set(queue_.size(), capacity_);
}

// Precondition: the lock is held and there is one.
std::unique_ptr<Delivery> EngineThread::next_delivery() {
  std::unique_ptr<Delivery> next = std::move(queue_.front().delivery);
  queue_.pop_front();
  if (!waiting_.empty()) {
    queue_.push_back(std::move(waiting_.front()));
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
  try {
    std::unique_lock lock(mutex_);
    work(lock);
    work_off(lock);
  } catch (...) {
    give_engine_back();
    throw;
  }
}

void EngineThread::work(std::unique_lock<std::mutex>& lock) {
  Clock::time_point next_tick = Clock::now();
  while (!stopping_ || in_use_) {
    const Clock::time_point at = Clock::now();
    const bool held = held_up();
    const Clock::time_point next = in_use_ ? at + milliseconds(1) : next_work(next_tick);
    collecting_ = next < next_tick;
    flushing_ = output_waits();
    if (in_use_ || (at < next && questions_.empty() && (held || queue_.empty()))) {
      asleep_ = true;
      wake_.wait_until(lock, next);
      asleep_ = false;
      continue;
    }
    in_use_ = true;
    if (flushing_ && at >= next_flush_) {
      lock.unlock();
      output_->flush();
      next_flush_ = Clock::now() + kFlushAgain;
    } else if (!held && at >= next_tick) {
      lock.unlock();
      engine_.tick(now());
      engine_.publish();
      next_tick = Clock::now() + tick_period_;
    } else if (!held && at >= next) {
      lock.unlock();
      engine_.settle(now());
      engine_.publish();
    } else if (!questions_.empty()) {
      net::Task question = std::move(questions_.front());
      questions_.pop_front();
      lock.unlock();
      question();
    } else if (!held && !queue_.empty()) {
      const std::unique_ptr<Delivery> delivery = next_delivery();
      const bool last = queue_.empty();
      lock.unlock();
      deliver(*delivery, last);
    } else {
      lock.unlock();
    }
    lock.lock();
    in_use_ = false;
  }
}

// When the thread here has to do something by itself. Precondition: no thread has the engine.
EngineThread::Clock::time_point EngineThread::next_work(Clock::time_point next_tick) const {
  if (held_up()) return next_flush_;
  const std::optional<std::uint64_t> until = engine_.collects_until();
  Clock::time_point next = until ? std::min(next_tick, Clock::time_point(milliseconds(*until))) : next_tick;
  if (output_waits()) next = std::min(next, next_flush_);
  return next;
}

void EngineThread::work_off(std::unique_lock<std::mutex>& lock) {
  in_use_ = true;
  if (output_ != nullptr) output_->wait_for_reader();
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
  if (output_ != nullptr) output_->flush();
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
  loop_.stop();
  finish_here();
}

// What a loop that failed has left.
void EngineThread::finish_here() {
  for (int i = 0; i < kMostEnds; ++i) {
    try {
      std::unique_lock lock(mutex_);
      if (!started_ || (stopped_ && questions_.empty())) return;
      while (in_use_) wake_.wait_for(lock, milliseconds(1));
      return work_off(lock);
    } catch (const std::exception& failure) {
      base::log(base::LogLevel::kError, kEngineId, "bug: failed while stopping (" + std::string(failure.what()) + ")");
    } catch (...) {
      base::log(base::LogLevel::kError, kEngineId, "bug: failed while stopping");
    }
    give_engine_back();
  }
}

}  // namespace sentinel::daemon
