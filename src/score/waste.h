// Operations that a different access pattern would spare, and their share of all (chapter 04 §2.3).
#pragma once

#include <cstdint>
#include <span>

#include "model/finding.h"

namespace sentinel::score {

struct AvoidableOps {
  std::uint64_t total = 0;
  std::uint64_t sql = 0;
  std::uint64_t messaging = 0;
};

// Operations of a finding beyond the first; 0 when its type is not avoidable.
[[nodiscard]] std::uint64_t extra_io_ops(const model::Finding& finding);

// The largest finding of each (trace, template, endpoint) counts; among equals the first in detection order.
[[nodiscard]] AvoidableOps avoidable_ops(std::span<const model::Finding> findings);

// part / whole, 0 when there is nothing.
[[nodiscard]] inline double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace sentinel::score
