#include "model/impact.h"

#include <array>

namespace sentinel::model {

namespace {
constexpr std::array<std::string_view, 5> kSlugs = {"none", "batch", "cache", "parallel", "speed_up"};
}  // namespace

std::string_view slug(Fix fix) { return kSlugs[static_cast<std::size_t>(fix)]; }

std::optional<Fix> fix_named(std::string_view slug) {
  for (std::size_t i = 1; i < kSlugs.size(); ++i) {
    if (kSlugs[i] == slug) return static_cast<Fix>(i);
  }
  return std::nullopt;
}

}  // namespace sentinel::model
