// Batches on their way from the cutter to the decoding threads.
//
// Bounded: push() never waits but answers false when the queue is full, and the cutter's thread then decodes the batch itself.
// One thread pushes and closes, any number pop.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "ingest/batch.h"

namespace sentinel::ingest {

class WorkQueue {
 public:
  explicit WorkQueue(std::size_t capacity) : capacity_(capacity) {}

  // Takes `batch` unless full.
  bool push(Batch& batch) {
    {
      const std::lock_guard lock(mutex_);
      if (batches_.size() >= capacity_) return false;
      batches_.push_back(std::move(batch));
    }
    ready_.notify_one();
    return true;
  }

  // The next batch; waits for one; nullopt once the queue is closed and empty.
  std::optional<Batch> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return !batches_.empty() || closed_; });
    if (batches_.empty()) return std::nullopt;
    Batch batch = std::move(batches_.front());
    batches_.pop_front();
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
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Batch> batches_;
  bool closed_ = false;
};

}  // namespace sentinel::ingest
