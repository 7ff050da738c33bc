// What the normaliser answered for recently seen texts, by a hash of the text.
//
// A text is known by its length and 64 bits of hash; the texts themselves are not kept. At a million spans a second, one
// answer in a hundred thousand years is that of another text. The table starts small, is emptied when it grows, and never has
// more than kMaxEntries entries of 32 bytes. An insertion drops the older entry of its set. One thread.
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
  // While the table can grow, one entry in so many is used: what is asked for in turn then seldom meets in a set of two.
  static constexpr std::size_t kSpread = 4;

  struct Key {
    std::uint64_t hash = 0;
    std::uint32_t size = 0;
  };

  struct Entry {
    base::Hash128 params;  // zero where there are none
    std::uint64_t hash = 0;
    std::uint32_t size = 0;
    base::TextId template_id = base::kNoText;  // kNoText: a free entry
  };
  static_assert(sizeof(Entry) == 32, "a set of two is one cache line");

  TemplateCache() : slots_(kFirstEntries) {}

  // The entry of this key, nullptr when there is none. Valid until the next insert().
  [[nodiscard]] const Entry* find(const Key& key) const {
    const Entry* set = &slots_[first_of_set(key)];
    if (is(set[0], key)) return set;
    return is(set[1], key) ? set + 1 : nullptr;
  }

  // Precondition: find(key) is nullptr. Gives back the entry where it now is.
  const Entry& insert(const Key& key, base::TextId template_id, const base::Hash128& params) {
    if (++insertions_ * kSpread > slots_.size() && slots_.size() < kMaxEntries) grow();
    Entry* set = &slots_[first_of_set(key)];
    set[1] = set[0];
    return set[0] = {params, key.hash, key.size, template_id};
  }

  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }

 private:
  static bool is(const Entry& entry, const Key& key) {
    return entry.hash == key.hash && entry.size == key.size && entry.template_id != base::kNoText;
  }

  [[nodiscard]] std::size_t first_of_set(const Key& key) const { return key.hash & (slots_.size() - 2); }

  void grow() {
    slots_.assign(slots_.size() * 4, Entry{});
    insertions_ = 1;
  }

  std::vector<Entry> slots_;    // sets of two, the newer one first
  std::size_t insertions_ = 0;  // since the table was last empty
};

}  // namespace sentinel::normalize
