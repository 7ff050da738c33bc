#include "net/slots.h"

namespace sentinel::net {

Slots::Slots(unsigned count, std::chrono::milliseconds max_wait) : capacity_(count), max_wait_(max_wait), free_(count) {}
Slots::~Slots() = default;

unsigned Slots::in_use() const {
  const std::int64_t free = free_.load(std::memory_order_relaxed);
  return free <= 0 ? capacity_ : capacity_ - static_cast<unsigned>(free);
}

bool Slots::take(const std::shared_ptr<Waiter>& waiter) {
  std::int64_t free = free_.load(std::memory_order_relaxed);
  while (free > 0)
    if (free_.compare_exchange_weak(free, free - 1, std::memory_order_acquire)) return true;
  const std::lock_guard lock(mutex_);
  // Counted as waiting under the lock: who gives a slot back from now on finds the waiter.
  if (free_.fetch_sub(1, std::memory_order_acq_rel) > 0) return true;
  waited_.fetch_add(1, std::memory_order_relaxed);
  waiters_.push_back(waiter);
  return false;
}

void Slots::give_back() {
  while (free_.fetch_add(1, std::memory_order_acq_rel) < 0) {
    std::shared_ptr<Waiter> next;
    {
      const std::lock_guard lock(mutex_);
      next = std::move(waiters_.front());
      waiters_.pop_front();
    }
    if (next->slot_granted()) return;  // the slot is its own now; otherwise it goes on to the next
  }
}

bool Slots::forget(const Waiter* waiter) {
  const std::lock_guard lock(mutex_);
  for (auto at = waiters_.begin(); at != waiters_.end(); ++at) {
    if (at->get() != waiter) continue;
    // Only while it still counts as waiting: a slot on its way to this one or to a later waiter finds somebody in any case.
    std::int64_t free = free_.load(std::memory_order_relaxed);
    while (free < 0)
      if (free_.compare_exchange_weak(free, free + 1, std::memory_order_acq_rel)) {
        waiters_.erase(at);
        return true;
      }
    return false;
  }
  return false;
}

}  // namespace sentinel::net
