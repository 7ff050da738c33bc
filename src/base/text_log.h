// Texts kept in the order they came, without asking whether one was there before: what is hardly ever the same twice, such as
// span ids, costs a copy and no look-up.
//
// A text is named by its number; equal texts have different numbers, so that numbers must not be compared. Views stay valid
// until the log is destroyed, also when it is moved. One writer; any number of readers while nobody writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.h"

namespace sentinel::base {

class TextLog {
 public:
  std::uint32_t add(std::string_view text) { return add_lasting(arena_.copy(text)); }
  // The same for a text that lasts as long as the log, which is not copied.
  std::uint32_t add_lasting(std::string_view text) {
    texts_.push_back(text);
    return static_cast<std::uint32_t>(texts_.size() - 1);
  }
  void reserve(std::size_t texts) { texts_.reserve(texts_.size() + texts); }

  [[nodiscard]] std::string_view text(std::uint32_t number) const { return texts_[number]; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }
  // Memory that they take, copied ones included.
  [[nodiscard]] std::size_t bytes() const {
    return arena_.reserved() + absorbed_bytes_ + texts_.capacity() * sizeof(std::string_view);
  }

  // Takes over the texts of `other`, which is left empty. Gives back what their numbers grow by.
  std::uint32_t absorb(TextLog&& other) {
    const auto before = static_cast<std::uint32_t>(texts_.size());
    texts_.insert(texts_.end(), other.texts_.begin(), other.texts_.end());
    absorbed_bytes_ += other.absorbed_bytes_ + other.arena_.reserved();
    for (Arena& arena : other.absorbed_) absorbed_.push_back(std::move(arena));
    absorbed_.push_back(std::move(other.arena_));
    other = TextLog();
    return before;
  }

 private:
  std::vector<std::string_view> texts_;
  std::vector<Arena> absorbed_;  // keep the bytes of absorbed logs alive
  std::size_t absorbed_bytes_ = 0;
  Arena arena_;
};

}  // namespace sentinel::base
