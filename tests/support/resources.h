// What this process holds just now: for tests that a thing gives back what it takes.
#pragma once

#include <malloc.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <thread>

namespace sentinel::test {

struct Resources {
  std::size_t threads = 0;
  std::size_t descriptors = 0;
  std::size_t heap_bytes = 0;  // given out by the allocator; 0 where a sanitizer has replaced it

  static Resources now() {
    std::size_t threads = entries("/proc/self/task");
    for (int i = 0; i < 100; ++i) {  // a thread that has been joined stays listed for a moment
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (entries("/proc/self/task") == threads) break;
      threads = entries("/proc/self/task");
    }
    return {threads, entries("/proc/self/fd"), ::mallinfo2().uordblks + ::mallinfo2().hblkhd};
  }

 private:
  static std::size_t entries(const char* folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
  }
};

inline std::ostream& operator<<(std::ostream& out, const Resources& held) {
  return out << held.threads << " threads, " << held.descriptors << " descriptors, " << held.heap_bytes << " bytes";
}

}  // namespace sentinel::test
