// Whether the template cache is worth asking for a type of call: statements that carry their values are hardly ever the same
// twice, and then a look-up only costs. Asked for kAsked texts; where fewer than one in kPays was known, passed over for
// kSkipped. What is answered does not depend on it. One thread.
#pragma once

#include <cstdint>

namespace sentinel::normalize {

class CacheUse {
 public:
  [[nodiscard]] bool ask() {
    if (skip_ == 0) return true;
    --skip_;
    return false;
  }

  void answered(bool known) {
    found_ += known;
    if (++asked_ < kAsked) return;
    if (found_ * kPays < kAsked) skip_ = kSkipped;
    asked_ = found_ = 0;
  }

 private:
  static constexpr std::uint32_t kAsked = 4096;
  static constexpr std::uint32_t kPays = 3;
  static constexpr std::uint32_t kSkipped = 4 * kAsked;
  std::uint32_t asked_ = 0;
  std::uint32_t found_ = 0;
  std::uint32_t skip_ = 0;
};

}  // namespace sentinel::normalize
