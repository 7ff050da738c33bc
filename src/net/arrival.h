// The connections that a server has, counted from accepting to closing, and a socket on its way from the listener to its loop.
//
// Both may be used on any thread. The count outlives the arrivals. For the room's own files.
#pragma once

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

namespace sentinel::net {

class LiveCount {
 public:
  void add() { live_.fetch_add(1); }
  void remove() {
    if (live_.fetch_sub(1) != 1 || !awaited_.load()) return;
    const std::lock_guard lock(mutex_);
    none_.notify_all();
  }
  [[nodiscard]] std::size_t now() const { return live_.load(); }

  // Returns when there is none, or when the time is up.
  void wait_for_none(std::chrono::milliseconds longest) {
    awaited_.store(true);
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, longest, [this] { return live_.load() == 0; });
  }

 private:
  std::atomic<std::size_t> live_{0};
  std::atomic<bool> awaited_{false};
  std::mutex mutex_;
  std::condition_variable none_;
};

// Owns the socket and its place in the count until a connection has them: an arrival that is let go of on its way closes the
// one and gives back the other.
class Arrival {
 public:
  Arrival(int fd, LiveCount& live) : live_(&live), fd_(fd) { live_->add(); }
  Arrival(Arrival&& other) noexcept : live_(std::exchange(other.live_, nullptr)), fd_(std::exchange(other.fd_, -1)) {}
  Arrival& operator=(Arrival&&) = delete;
  ~Arrival() {
    if (fd_ >= 0) close(fd_);
    if (live_ != nullptr) live_->remove();
  }

  [[nodiscard]] int fd() const { return fd_; }
  // The socket has another owner now.
  void socket_is_owned() { fd_ = -1; }
  // Somebody else will take it out of the count.
  void count_is_owned() { live_ = nullptr; }

 private:
  LiveCount* live_;
  int fd_;
};

}  // namespace sentinel::net
