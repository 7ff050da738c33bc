#include "base/arena.h"

#include <algorithm>

namespace sentinel::base {

namespace {
constexpr std::size_t kFirstBlock = 4096;
constexpr std::size_t kLargestBlock = std::size_t{1} << 20;
}  // namespace

void Arena::grow(std::size_t size) {
  const std::size_t next = std::max(size, std::clamp(capacity_ * 2, kFirstBlock, kLargestBlock));
  blocks_.push_back(std::make_unique_for_overwrite<char[]>(next));
  current_ = blocks_.back().get();
  used_ = 0;
  capacity_ = next;
  reserved_ += next;
}

}  // namespace sentinel::base
