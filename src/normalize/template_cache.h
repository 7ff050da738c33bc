// What the normaliser answered for recently seen texts, by a hash of the text.
//
// A text is known by 64 bits of its hash beside its set's index; the texts themselves are not kept. The table starts small, is
// emptied when it grows, and never has more than kMaxEntries entries of 32 bytes. An insertion drops the older entry of its
// set. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/string_pool.h"

namespace sentinel::normalize {

class TemplateCache {
 public:
  static constexpr std::size_t kFirstEntries = 64;
  static constexpr std::size_t kMaxEntries = 16'384;

  struct Entry {
    base::Hash128 params;
    std::uint64_t key = 0;
    base::TextId template_id = base::kNoText;  // kNoText: a free entry
    bool has_params = false;
  };
  static_assert(sizeof(Entry) == 32, "a set of two is one cache line");

  TemplateCache() : entries_(kFirstEntries) {}

  // The entry of this hash, nullptr when there is none. Valid until the next insert().
  [[nodiscard]] const Entry* find(const base::Hash128& hash) const {
    const Entry* set = &entries_[first_of_set(hash)];
    if (set[0].key == hash.high && set[0].template_id != base::kNoText) return set;
    if (set[1].key == hash.high && set[1].template_id != base::kNoText) return set + 1;
    return nullptr;
  }

  // Precondition: find(hash) is nullptr. Sets the entry's key. Gives back the entry where it now is.
  const Entry& insert(const base::Hash128& hash, Entry entry) {
    // At most half full while it can grow.
    if (++insertions_ > entries_.size() / 2 && entries_.size() < kMaxEntries) grow();
    entry.key = hash.high;
    Entry* set = &entries_[first_of_set(hash)];
    set[1] = set[0];
    return set[0] = entry;
  }

  [[nodiscard]] std::size_t capacity() const { return entries_.size(); }

 private:
  [[nodiscard]] std::size_t first_of_set(const base::Hash128& hash) const { return hash.low & (entries_.size() - 2); }

  void grow() {
    entries_.assign(entries_.size() * 4, Entry{});
    insertions_ = 1;
  }

  std::vector<Entry> entries_;  // sets of two, the newer one first
  std::size_t insertions_ = 0;  // since the table was last empty
};

}  // namespace sentinel::normalize
