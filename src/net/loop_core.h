// What is behind a Loop: readiness of sockets by epoll (level-triggered), timers, posted work, and the memory that the
// connections of one loop share. Everything but post() belongs to the loop's thread. For the room's own files.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/body_buffer.h"
#include "net/loop.h"
#include "net/pace.h"

namespace sentinel::net {

using Millis = std::int64_t;  // monotonic time

// Something whose socket a loop watches. Once stopped being watched it is not told of events that were already fetched.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_events(std::uint32_t events) = 0;

  bool watched = false;
};

// Something that lives on a loop and goes with it.
class Guest {
 public:
  // The loop has been given up, or ends. On its thread; a guest no longer.
  virtual void leave() = 0;

 protected:
  ~Guest() = default;
};

class Loop::Core {
 public:
  Core();
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // -- any thread
  void post(Task task);
  void ask_to_stop();
  [[nodiscard]] bool ok() const { return epoll_ >= 0 && wake_ >= 0; }
  [[nodiscard]] bool is_current() const { return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }
  [[nodiscard]] TimerId next_timer_id() { return timer_ids_.fetch_add(1, std::memory_order_relaxed) + 1; }

  // It has failed and has not been run again so far, or has ended: nothing new should be brought to it.
  [[nodiscard]] bool down() const { return down_.load(std::memory_order_relaxed); }

  // -- the loop's thread
  // Until it is asked to stop; after something was thrown it may be called again. end() comes last.
  void run();
  // For one that will not be run again: guests leave, timers are dropped, and only posted work is done until it is asked to
  // stop.
  void stay_down();
  // The same in parts, for who drives a loop by hand: begin(), any number of turns, end().
  void begin();
  void turn(int max_wait_ms);
  void end();
  void add_timer(TimerId id, Millis delay, Millis period, Task task);
  void cancel_timer(TimerId id) { timers_.erase(id); }

  // False: the system refused (errno).
  bool watch(int fd, std::uint32_t events, Watcher& watcher);
  void change(int fd, std::uint32_t events, Watcher& watcher);
  void unwatch(int fd, Watcher& watcher);
  // On a loop that has been given up it has to leave at once.
  void add_guest(Guest& guest);
  void remove_guest(Guest& guest) { std::erase(guests_, &guest); }
  // Keeps what may still be on the stack until the present round of events is over.
  void bury(std::unique_ptr<Watcher> dead) { dead_.push_back(std::move(dead)); }

  // Time at the last waking.
  [[nodiscard]] Millis now() const { return now_; }
  // "Sat, 21 Nov 2026 18:35:00 GMT", made once a second.
  std::string_view http_date();

  // Memory for one read, of kReadBytes; its contents end with the next read of any connection.
  static constexpr std::size_t kReadBytes = 128 * 1024;
  char* read_memory();
  // Memory in which one HTTP/2 connection at a time makes a frame (http2/session.cpp).
  static constexpr std::size_t kFrameBytes = 17 * 1024;
  char* frame_memory();
  // Bytes a connection is about to send; empty again when it returns to the loop.
  std::string out;

  BodyBuffer take_buffer();
  void give_buffer(BodyBuffer buffer);
  // Frees what no connection has used since the last call.
  void give_back_idle_memory();

 private:
  struct Timer {
    Millis period;  // 0: once
    Task task;
  };
  struct Due {
    Millis at;
    TimerId id;
    bool operator>(const Due& other) const { return at != other.at ? at > other.at : id > other.id; }
  };

  void note_waking(int events);
  void take_wakes();
  void take_posted();
  void run_rest();
  void run_timers();
  void clear_out();
  void repeat(TimerId id, Millis period, Task task);
  [[nodiscard]] int wait_ms() const;

  // Fixed at construction, shared.
  int epoll_ = -1;
  int wake_ = -1;
  std::atomic<std::thread::id> thread_{};
  std::atomic<TimerId> timer_ids_{0};

  // Shared.
  std::mutex mutex_;
  std::vector<Task> posted_;
  bool ended_ = false;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> down_{false};

  // The loop's thread.
  std::vector<Task> running_;
  std::size_t ran_ = 0;  // of running_
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::unordered_map<TimerId, Timer> timers_;
  std::vector<std::unique_ptr<Watcher>> dead_;
  std::vector<Guest*> guests_;
  bool over_ = false;  // it will not be run again
  Millis now_ = 0;
  std::chrono::steady_clock::time_point woken_;
  Pace pace_;
  std::time_t date_of_ = 0;
  char date_[32] = {};
  std::unique_ptr<char[]> read_memory_;
  std::unique_ptr<char[]> frame_memory_;
  std::vector<BodyBuffer> buffers_;
  bool buffers_used_ = false;
};

}  // namespace sentinel::net
