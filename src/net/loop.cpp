#include "net/loop.h"

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "net/loop_core.h"

namespace sentinel::net {
namespace {

constexpr int kEventsARound = 64;
constexpr std::size_t kKeptBuffers = 4;                // of one loop, between two requests
constexpr std::size_t kKeptBufferBytes = 1024 * 1024;  // a larger one is freed at once
constexpr std::size_t kKeptOutBytes = 64 * 1024;

constexpr unsigned long kTimerSlackNs = 1'000;  // else the system makes half as much again of a short pause

Millis monotonic_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void let_work_gather() {
  constexpr timespec kPause{0, std::chrono::nanoseconds(Pace::kPause).count()};
  nanosleep(&kPause, nullptr);
}

// Work of a loop that nobody would run again. False: something was thrown.
template <class Work>
bool survives(Work work) {
  std::string what = "something that is no exception";
  try {
    work();
    return true;
  } catch (const std::exception& failure) {
    what = failure.what();
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
  base::log(base::LogLevel::kError, "net", "bug: work on an event loop that is down failed (" + what + ")");
  return false;
}

}  // namespace

Loop::Core::Core()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), now_(monotonic_now()) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;  // the waker
  if (ok()) epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
}

Loop::Core::~Core() {
  if (epoll_ >= 0) close(epoll_);
  if (wake_ >= 0) close(wake_);
}

void Loop::Core::post(Task task) {
  bool first;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    first = posted_.empty();
    posted_.push_back(std::move(task));
  }
  if (!first) return;  // the loop has been woken for the one before
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_, &one, sizeof one);  // fails only when it is awake anyway
}

void Loop::Core::ask_to_stop() {
  stopping_.store(true, std::memory_order_relaxed);
  post([] {});
}

void Loop::Core::run() {
  struct Down {
    ~Down() { down.store(true, std::memory_order_relaxed); }
    std::atomic<bool>& down;
  };
  const Down afterwards{down_};
  down_.store(false, std::memory_order_relaxed);
  begin();
  prctl(PR_SET_TIMERSLACK, kTimerSlackNs);
  while (!stopping_.load(std::memory_order_relaxed)) {
    if (pace_.pauses()) let_work_gather();
    turn(wait_ms());
  }
}

void Loop::Core::begin() {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  run_rest();  // what a run left that failed
  dead_.clear();
  take_posted();  // what was given before the start
  run_rest();
}

// Whoever has something here finds its thread as before: what belongs to the loop is nobody else's even now.
void Loop::Core::stay_down() {
  if (stopping_.load(std::memory_order_relaxed)) return;
  clear_out();
  while (!stopping_.load(std::memory_order_relaxed)) {
    while (!survives([this] { run_rest(); })) {
    }
    dead_.clear();
    pollfd waker{wake_, POLLIN, 0};
    poll(&waker, 1, -1);
    take_wakes();
    take_posted();
  }
}

void Loop::Core::note_waking(int events) {
  const auto woken = std::chrono::steady_clock::now();
  pace_.woken(events, woken - woken_);
  woken_ = woken;
  now_ = std::chrono::duration_cast<std::chrono::milliseconds>(woken.time_since_epoch()).count();
}

void Loop::Core::turn(int max_wait_ms) {
  epoll_event events[kEventsARound];
  const int count = epoll_wait(epoll_, events, kEventsARound, max_wait_ms);
  note_waking(count);
  bool woken = false;
  for (int i = 0; i < count; ++i) {
    auto* watcher = static_cast<Watcher*>(events[i].data.ptr);
    if (watcher == nullptr) {
      woken = true;
    } else if (watcher->watched) {
      watcher->on_events(events[i].events);
    }
  }
  if (woken) {
    take_wakes();
    take_posted();
    run_rest();
  }
  run_timers();
  dead_.clear();
}

// Nothing more runs; what waits is let go of here, on its own thread.
void Loop::Core::end() {
  clear_out();
  std::vector<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    dropped.swap(posted_);
  }
  running_.clear();
  dropped.clear();
  dead_.clear();
  thread_.store(std::thread::id{}, std::memory_order_relaxed);
}

void Loop::Core::clear_out() {
  thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);  // it may never have run
  over_ = true;
  while (!guests_.empty()) {
    Guest* const guest = guests_.back();
    guests_.pop_back();
    survives([guest] { guest->leave(); });
  }
  timers_.clear();
  due_ = {};
  dead_.clear();
}

void Loop::Core::take_wakes() {
  std::uint64_t count_of_wakes;
  [[maybe_unused]] const auto got = read(wake_, &count_of_wakes, sizeof count_of_wakes);
}

// Precondition: what was taken before has run.
void Loop::Core::take_posted() {
  const std::lock_guard lock(mutex_);
  running_.swap(posted_);
}

void Loop::Core::run_rest() {
  while (ran_ < running_.size()) running_[ran_++]();
  running_.clear();
  ran_ = 0;
}

void Loop::Core::run_timers() {
  while (!due_.empty() && due_.top().at <= now_) {
    const Due due = due_.top();
    due_.pop();
    const auto found = timers_.find(due.id);
    if (found == timers_.end()) continue;  // cancelled
    const Millis period = found->second.period;
    // Taken out while it runs: the task may cancel itself.
    Task task = std::move(found->second.task);
    if (period == 0) timers_.erase(found);
    try {
      task();
    } catch (...) {
      repeat(due.id, period, std::move(task));
      throw;
    }
    repeat(due.id, period, std::move(task));
  }
}

// After a run, unless it was the only one or the task has cancelled itself.
void Loop::Core::repeat(TimerId id, Millis period, Task task) {
  const auto timer = timers_.find(id);
  if (period == 0 || timer == timers_.end()) return;
  timer->second.task = std::move(task);
  due_.push({now_ + period, id});
}

int Loop::Core::wait_ms() const {
  if (due_.empty()) return -1;
  return static_cast<int>(std::clamp<Millis>(due_.top().at - monotonic_now(), 0, 60'000));
}

void Loop::Core::add_timer(TimerId id, Millis delay, Millis period, Task task) {
  if (over_) return;
  timers_[id] = {period, std::move(task)};
  due_.push({monotonic_now() + delay, id});
}

bool Loop::Core::watch(int fd, std::uint32_t events, Watcher& watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  watcher.watched = epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
  return watcher.watched;
}

void Loop::Core::add_guest(Guest& guest) {
  if (over_) return guest.leave();
  guests_.push_back(&guest);
}

void Loop::Core::change(int fd, std::uint32_t events, Watcher& watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event);
}

void Loop::Core::unwatch(int fd, Watcher& watcher) {
  if (!watcher.watched) return;
  watcher.watched = false;
  epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
}

std::string_view Loop::Core::http_date() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != date_of_) {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&now.tv_sec, &utc);
    const auto two = [](int n) { return static_cast<unsigned>(n) % 100; };
    std::snprintf(date_, sizeof date_, "%s, %02u %s %04u %02u:%02u:%02u GMT", kDays[utc.tm_wday], two(utc.tm_mday),
                  kMonths[utc.tm_mon], static_cast<unsigned>(utc.tm_year + 1900) % 10'000, two(utc.tm_hour), two(utc.tm_min),
                  two(utc.tm_sec));
    date_of_ = now.tv_sec;
  }
  return date_;
}

char* Loop::Core::read_memory() {
  if (read_memory_ == nullptr) read_memory_ = std::make_unique_for_overwrite<char[]>(kReadBytes);
  return read_memory_.get();
}

char* Loop::Core::frame_memory() {
  if (frame_memory_ == nullptr) frame_memory_ = std::make_unique_for_overwrite<char[]>(kFrameBytes);
  return frame_memory_.get();
}

BodyBuffer Loop::Core::take_buffer() {
  buffers_used_ = true;
  if (buffers_.empty()) return {};
  BodyBuffer buffer = std::move(buffers_.back());
  buffers_.pop_back();
  return buffer;
}

void Loop::Core::give_buffer(BodyBuffer buffer) {
  if (buffer.capacity() == 0 || buffer.capacity() > kKeptBufferBytes || buffers_.size() >= kKeptBuffers) return;
  buffer.clear();
  buffers_.push_back(std::move(buffer));
}

void Loop::Core::give_back_idle_memory() {
  if (std::exchange(buffers_used_, false)) return;
  buffers_.clear();
  if (out.capacity() > kKeptOutBytes) std::string().swap(out);
}

Loop::Loop() : core_(std::make_unique<Core>()) {}
Loop::~Loop() = default;

void Loop::post(Task task) { core_->post(std::move(task)); }

TimerId Loop::after(std::chrono::milliseconds delay, Task task) {
  const TimerId id = core_->next_timer_id();
  if (is_current()) {
    core_->add_timer(id, delay.count(), 0, std::move(task));
  } else {
    core_->post([core = core_.get(), id, delay, work = std::move(task)]() mutable {
      core->add_timer(id, delay.count(), 0, std::move(work));
    });
  }
  return id;
}

TimerId Loop::every(std::chrono::milliseconds period, Task task) {
  const TimerId id = core_->next_timer_id();
  const Millis ms = std::max<Millis>(1, period.count());
  if (is_current()) {
    core_->add_timer(id, ms, ms, std::move(task));
  } else {
    core_->post(
        [core = core_.get(), id, ms, work = std::move(task)]() mutable { core->add_timer(id, ms, ms, std::move(work)); });
  }
  return id;
}

void Loop::cancel(TimerId timer) {
  if (is_current()) {
    core_->cancel_timer(timer);
  } else {
    core_->post([core = core_.get(), timer] { core->cancel_timer(timer); });
  }
}

bool Loop::is_current() const { return core_->is_current(); }

struct LoopThreads::Threads {
  std::string name;
  std::vector<std::thread> running;
  bool started = false;
};

LoopThreads::LoopThreads(unsigned count, const char* name) : threads_(std::make_unique<Threads>()) {
  threads_->name = std::string(name).substr(0, 12);
  for (unsigned i = 0; i < std::max(1U, count); ++i) loops_.push_back(std::make_shared<Loop>());
}

LoopThreads::~LoopThreads() { stop(); }

base::Status LoopThreads::start(LoopRunner runner) {
  if (threads_->started) return base::success();
  for (const auto& loop : loops_)
    if (!loop->core().ok())
      return base::Error{"cannot create an event loop: out of file descriptors", {}, "raise the limit (ulimit -n)"};
  // Signals are for the main thread; a write to a connection that is gone must be an error, not a signal.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  threads_->started = true;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    threads_->running.emplace_back([loop = loops_[i].get(), i, runner, name = threads_->name + std::to_string(i)] {
      pthread_setname_np(pthread_self(), name.c_str());
      const auto run = [loop] { loop->core().run(); };
      runner ? runner(static_cast<unsigned>(i), run) : run();
      loop->core().stay_down();  // unless it has been asked to stop
      loop->core().end();
    });
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return base::success();
}

void LoopThreads::stop() {
  for (std::size_t i = 0; i < threads_->running.size(); ++i) loops_[i]->core().ask_to_stop();
  for (std::thread& thread : threads_->running) thread.join();
  threads_->running.clear();
}

bool LoopThreads::running() const { return !threads_->running.empty(); }

}  // namespace sentinel::net
