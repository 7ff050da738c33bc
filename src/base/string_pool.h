// The string interner: equal byte strings get equal ids, ids are dense and start at 0.
//
// Id kNoText (0) means "absent" and id kEmptyText (1) the empty string; both exist in every pool. A view given by text()
// stays valid until the pool is destroyed, also when the pool is moved. One writer; any number of readers while nobody
// writes. An id costs 16 bytes beside its text and 12 to 24 bytes of table; the table grows without reading the texts.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/hash.h"
#include "base/zeroed_array.h"

namespace sentinel::base {

using TextId = std::uint32_t;
inline constexpr TextId kNoText = 0;
inline constexpr TextId kEmptyText = 1;

class StringPool {
 public:
  StringPool();
  StringPool(StringPool&&) noexcept = default;
  StringPool& operator=(StringPool&&) noexcept = default;

  // The id of `text`, added on first sight.
  TextId intern(std::string_view text) { return intern(text, hash64(text)); }

  // The same for a text whose hash64() is known.
  TextId intern(std::string_view text, std::uint64_t hash);

  // The id of `text` if it is in the pool, else kNoText.
  [[nodiscard]] TextId find(std::string_view text) const;

  // Makes room for `texts` more texts, so that the table need not grow while they come.
  void reserve(std::size_t texts);

  // The text of an id; empty for kNoText.
  [[nodiscard]] std::string_view text(TextId id) const { return {entries_[id].data, entries_[id].size}; }

  // Number of ids, kNoText and kEmptyText included.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  // Memory that texts and table take.
  [[nodiscard]] std::size_t bytes() const;

  // Takes over all texts of `other` and gives back, by old id, their ids here. `other` is left empty.
  std::vector<TextId> absorb(StringPool&& other);

 private:
  struct Entry {
    const char* data;
    std::uint32_t size;
    std::uint32_t hash;
  };

  static_assert(sizeof(Entry) == 16, "an id costs 16 bytes");

  // The hash stands beside the id so that a probe touches an entry only where it is most likely the right one.
  struct Slot {
    TextId id;  // 0 = free
    std::uint32_t hash;
  };

  [[nodiscard]] bool holds(const Slot& slot, std::string_view text, std::uint32_t hash) const;
  // The slot that holds `text`, or the free one where it belongs.
  [[nodiscard]] std::size_t find_slot(std::string_view text, std::uint32_t hash) const;
  TextId insert(std::size_t slot, std::string_view stored, std::uint32_t hash);
  void grow_to(std::size_t slots);

  std::vector<Entry> entries_;
  ZeroedArray<Slot> slots_;      // power-of-two size, linear probing, at most two thirds used
  std::size_t mask_;             // slots_.size() - 1
  std::size_t room_;             // texts until the table grows
  std::vector<Arena> absorbed_;  // keep the bytes of absorbed pools alive
  std::size_t absorbed_bytes_ = 0;
  Arena arena_;
};

}  // namespace sentinel::base
