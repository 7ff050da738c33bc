// Walking the hash chain of one archive file (chapter 08 §4.1): which lines follow from the one before, where it breaks.
//
// A break never stops a run; it is counted, inside or outside of the period, and warned about once a file. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "disclosure/archive_window.h"
#include "disclosure/document.h"

namespace sentinel::disclosure {

inline constexpr std::string_view kChainSeed = "perf-sentinel-archive/v1";

class ChainWalk {
 public:
  // Counts into `counts`, which outlives the walk.
  explicit ChainWalk(ChainCounts& counts) : counts_(counts) {}

  // Every line that is not blank, in order. Returns why the chain breaks here, or nullptr.
  const char* step(const ArchiveLine& line, bool in_scope);

 private:
  struct Anchor {
    std::string prev;
    std::uint64_t seq = 0;
  };
  const char* check(const ArchiveLine& line, bool in_scope);
  void move_anchor(const ArchiveLine& line);

  ChainCounts& counts_;
  std::optional<Anchor> anchor_ = Anchor{std::string(kChainSeed), 0};
  bool started_ = false;
  bool previous_in_scope_ = false;
};

}  // namespace sentinel::disclosure
