// Runs independent pieces of work on several threads and waits for all of them.
//
// parallel_for(threads, count, work) calls work(i), or work(i, thread) with the thread's number below `threads`, once for each
// i in [0, count), in no particular order, from at most `threads` threads (the caller's included); with one thread or one piece
// it stays on the caller's. `work` must not throw. Results belong into slot i of something sized before, so that their order
// does not depend on the threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/processor.h"

namespace sentinel::base {

template <class Work>
void parallel_for(unsigned threads, std::size_t count, Work work) {
  std::atomic<std::size_t> next{0};
  const auto loop = [&](std::size_t thread) {
    for (std::size_t i = next.fetch_add(1, std::memory_order_relaxed); i < count;
         i = next.fetch_add(1, std::memory_order_relaxed)) {
      if constexpr (std::is_invocable_v<Work&, std::size_t, std::size_t>) {
        work(i, thread);
      } else {
        work(i);
      }
    }
  };
  std::vector<std::jthread> helpers;
  const std::size_t extra = count == 0 ? 0 : std::min<std::size_t>(threads > 0 ? threads - 1 : 0, count - 1);
  helpers.reserve(extra);
  const int here = current_processor();
  for (std::size_t i = 1; i <= extra; ++i) {
    helpers.emplace_back([&loop, here, i] {
      leave_processor(here, i);
      loop(i);
    });
  }
  loop(0);
}

}  // namespace sentinel::base
