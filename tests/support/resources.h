// What this process holds just now: for tests that a thing gives back what it takes.
#pragma once

#include <malloc.h>

#include <cstddef>
#include <filesystem>
#include <iterator>
#include <ostream>

namespace sentinel::test {

struct Resources {
  std::size_t threads = 0;
  std::size_t descriptors = 0;
  std::size_t heap_bytes = 0;  // given out by the allocator; 0 where a sanitizer has replaced it

  static Resources now() {
    const auto entries = [](const char* folder) {
      return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
    };
    return {entries("/proc/self/task"), entries("/proc/self/fd"), ::mallinfo2().uordblks + ::mallinfo2().hblkhd};
  }
};

inline std::ostream& operator<<(std::ostream& out, const Resources& held) {
  return out << held.threads << " threads, " << held.descriptors << " descriptors, " << held.heap_bytes << " bytes";
}

}  // namespace sentinel::test
