// An array whose elements begin as zero bytes, taken from the system that way: large tables of which little may be used cost
// neither the time to fill them nor the pages that stay untouched.
//
// For trivial types whose empty value is all zeros. Moves, does not copy; one owner. Throws std::bad_alloc like a vector. A
// large one is mapped: the allocator's own zeroed memory may be used memory that it clears.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>

namespace sentinel::base {

template <class T>
class ZeroedArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  ZeroedArray() = default;
  explicit ZeroedArray(std::size_t size) : items_(take(size), Release{size * sizeof(T)}), size_(size) {}

  // For who will write to all of a large array, in no order: has its pages laid ready. Else each page costs two faults, since
  // it is read before it is written, and the second interrupts the other threads. First how many steps that takes; then each
  // step once, by any thread: whoever asks for memory of its own meanwhile waits for a step at most.
  [[nodiscard]] std::size_t begin_touch() {
    const std::size_t bytes = size_ * sizeof(T);
    if (bytes < kMapped) return 0;
    ::madvise(items_.get(), bytes, MADV_HUGEPAGE);
    return (bytes + kStep - 1) / kStep;
  }
  void touch(std::size_t step) {
    char* const begin = reinterpret_cast<char*>(items_.get()) + step * kStep;
    ::madvise(begin, std::min(kStep, size_ * sizeof(T) - step * kStep), kPopulateWrite);  // else the faults do it
  }

  // All steps, by one thread.
  void touch_all() {
    for (std::size_t step = 0, steps = begin_touch(); step < steps; ++step) touch(step);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] T& operator[](std::size_t i) { return items_.get()[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return items_.get()[i]; }
  [[nodiscard]] T* begin() { return items_.get(); }
  [[nodiscard]] T* end() { return items_.get() + size_; }
  [[nodiscard]] const T* begin() const { return items_.get(); }
  [[nodiscard]] const T* end() const { return items_.get() + size_; }

 private:
  static constexpr std::size_t kMapped = std::size_t{256} << 10;
  static constexpr std::size_t kStep = std::size_t{2} << 20;  // a huge page
  static constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, since Linux 5.14, which headers may not know

  struct Release {
    std::size_t bytes = 0;
    void operator()(T* items) const {
      if (bytes < kMapped) {
        std::free(items);
      } else {
        ::munmap(items, bytes);
      }
    }
  };

  static T* take(std::size_t size) {
    if (size == 0) return nullptr;
    if (size > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_alloc();
    void* const memory = size * sizeof(T) < kMapped
                             ? std::calloc(size, sizeof(T))
                             : ::mmap(nullptr, size * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == nullptr || memory == MAP_FAILED) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }

  std::unique_ptr<T[], Release> items_;
  std::size_t size_ = 0;
};

}  // namespace sentinel::base
