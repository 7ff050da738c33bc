#include "disclosure/chain.h"

#include <limits>

namespace sentinel::disclosure {

const char* ChainWalk::step(const ArchiveLine& line, bool in_scope) {
  if (!line.is_json) return nullptr;
  const char* broken = check(line, in_scope);
  if (broken != nullptr) ++(in_scope || previous_in_scope_ ? counts_.breaks : counts_.breaks_outside_period);
  previous_in_scope_ = in_scope;
  return broken;
}

const char* ChainWalk::check(const ArchiveLine& line, bool in_scope) {
  if (!line.has_hash) {
    if (!started_) {
      if (in_scope) ++counts_.windows_unchained;
      return nullptr;
    }
    anchor_.reset();
    return "a line without a hash follows lines that have one";
  }
  started_ = true;
  const char* broken = nullptr;
  if (line.stated_hash != line.computed_hash) {
    broken = "the line was changed: its hash is another";
  } else if (anchor_ && line.prev != anchor_->prev) {
    broken = "the line does not follow the one before it";
  } else if (anchor_ && line.seq && *line.seq != anchor_->seq) {
    broken = "the line's number does not follow that of the one before it";
  } else if (in_scope) {
    ++counts_.windows_verified;
  }
  move_anchor(line);
  return broken;
}

void ChainWalk::move_anchor(const ArchiveLine& line) {
  const std::uint64_t seq = line.seq ? *line.seq : (anchor_ ? anchor_->seq : 0);
  anchor_ = Anchor{std::string(line.stated_hash), seq == std::numeric_limits<std::uint64_t>::max() ? seq : seq + 1};
}

}  // namespace sentinel::disclosure
