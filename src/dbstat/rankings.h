// Which statements weigh most: fixed rankings by time, calls, mean time and work (chapter 02 §5.7).
//
// Descending; ties keep the order of the export, NaN comes last. Positions are a contract: consumers take them by index, new
// rankings are appended. Pure function, any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dbstat/statement.h"

namespace sentinel::dbstat {

struct Ranking {
  std::string_view label;              // "top by calls"
  std::vector<std::uint32_t> entries;  // indices into Statements::entries, at most top_n
};

struct Ranked {
  std::size_t top_n = 0;
  std::vector<Ranking> rankings;
};

[[nodiscard]] Ranked rank(const Statements& statements, std::size_t top_n);

}  // namespace sentinel::dbstat
