// Batches on their way from the cutter to the decoding threads.
//
// Bounded: push() never waits but answers false when the queue is full, and the cutter's thread then decodes the batch itself.
// One thread pushes and closes, any number pop.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

#include "base/processor.h"
#include "ingest/batch.h"

namespace sentinel::ingest {

class WorkQueue {
 public:
  explicit WorkQueue(std::size_t capacity) : ring_(capacity) {}

  // Takes `batch` unless full.
  bool push(Batch& batch) {
    {
      const std::lock_guard lock(mutex_);
      if (size_ == ring_.size()) return false;
      ring_[(first_ + size_++) % ring_.size()] = std::move(batch);
      pusher_ = base::current_processor();
    }
    ready_.notify_one();
    return true;
  }

  // The next batch; waits for one; nullopt once the queue is closed and empty.
  std::optional<Batch> pop() {
    std::unique_lock lock(mutex_);
    const bool waits = size_ == 0 && !closed_;
    ready_.wait(lock, [&] { return size_ > 0 || closed_; });
    if (size_ == 0) return std::nullopt;
    Batch batch = std::move(ring_[first_]);
    first_ = (first_ + 1) % ring_.size();
    --size_;
    const int pusher = pusher_;
    lock.unlock();
    if (waits) base::leave_processor(pusher);
    return batch;
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<Batch> ring_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  int pusher_ = -1;  // the processor of who pushed last, where a waiting thread may wake up
  bool closed_ = false;
};

}  // namespace sentinel::ingest
