// How many requests of one class are worked on at once, over all connections, loops and servers that share it.
//
// A request takes its slot when its body is there in full, so that a client that stops in mid-body holds none, and gives it
// back with its answer. Without a free slot it waits in order of arrival, at most `max_wait`; then it is refused
// (BodyProblem::kNoSlot). Taking a free slot is one atomic operation. Any thread; outlives every server that uses it. Spec 05
// §3.2.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

namespace sentinel::net {

class Slots {
 public:
  explicit Slots(unsigned count, std::chrono::milliseconds max_wait = std::chrono::seconds(2));
  ~Slots();
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;

  [[nodiscard]] unsigned capacity() const { return capacity_; }
  [[nodiscard]] unsigned in_use() const;
  [[nodiscard]] std::uint64_t waited() const { return waited_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::chrono::milliseconds max_wait() const { return max_wait_; }

  // The room's own use. A waiter is told on the thread that frees the slot; it answers whether it still wants it.
  struct Waiter {
    virtual ~Waiter() = default;
    virtual bool slot_granted() = 0;
  };
  // True: taken. False: `waiter` will be told.
  bool take(const std::shared_ptr<Waiter>& waiter);
  void give_back();
  // Takes a waiter out that was not granted a slot; false: it has been, or is about to be told.
  bool forget(const Waiter* waiter);

 private:
  const unsigned capacity_;
  const std::chrono::milliseconds max_wait_;
  std::atomic<std::int64_t> free_;  // negative: that many wait
  std::atomic<std::uint64_t> waited_{0};
  std::mutex mutex_;
  std::deque<std::shared_ptr<Waiter>> waiters_;
};

}  // namespace sentinel::net
