// Text that lives as long as its arena: memory is handed out from large blocks and freed all at once.
//
// copy() gives a view that stays valid until the arena is destroyed; moving the arena keeps all views valid.
// One thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/same_bytes.h"

namespace sentinel::base {

class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

  // `size` bytes aligned to `align` (a power of two, at most 16).
  char* allocate(std::size_t size, std::size_t align = 1) {
    std::size_t start = (used_ + align - 1) & ~(align - 1);
    if (start + size > capacity_) {
      grow(size);
      start = 0;
    }
    used_ = start + size;
    return current_ + start;
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* to = allocate(text.size());
    copy_short(to, text.data(), text.size());
    return {to, text.size()};
  }

  // An array of `count` value-initialised trivially destructible elements.
  template <class T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 16);
    if (count == 0) return {};
    T* first = reinterpret_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    for (std::size_t i = 0; i < count; ++i) new (first + i) T{};
    return {first, count};
  }

  // Forgets everything handed out and keeps the newest block for reuse.
  void rewind() {
    if (blocks_.size() > 1) {
      blocks_.erase(blocks_.begin(), blocks_.end() - 1);
      reserved_ = capacity_;
    }
    used_ = 0;
  }

  // Bytes reserved from the system so far.
  [[nodiscard]] std::size_t reserved() const { return reserved_; }

 private:
  void grow(std::size_t size);

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* current_ = nullptr;
  std::size_t used_ = 0;
  std::size_t capacity_ = 0;
  std::size_t reserved_ = 0;
};

}  // namespace sentinel::base
