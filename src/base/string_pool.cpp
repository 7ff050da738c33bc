#include "base/string_pool.h"

#include <utility>

namespace sentinel::base {

namespace {
constexpr std::size_t kFirstSlots = 256;

// The slot comes from the low half of a hash, the check value from the high half.
std::uint32_t check_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
}  // namespace

StringPool::StringPool() : slots_(kFirstSlots, 0) {
  entries_.push_back({"", 0, 0});  // kNoText
  insert({}, hash64({}), false);   // kEmptyText
}

TextId StringPool::intern(std::string_view text, std::uint64_t hash) { return insert(text, hash, true); }

TextId StringPool::insert(std::string_view text, std::uint64_t hash, bool copy) {
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t check = check_of(hash);
  std::size_t slot = hash & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const Entry& e = entries_[slots_[slot]];
    if (e.hash == check && std::string_view(e.data, e.size) == text) return slots_[slot];
  }
  const auto id = static_cast<TextId>(entries_.size());
  const std::string_view kept = copy ? arena_.copy(text) : text;
  entries_.push_back({kept.empty() ? "" : kept.data(), static_cast<std::uint32_t>(kept.size()), check});
  slots_[slot] = id;
  if (entries_.size() * 2 > slots_.size()) rehash(slots_.size() * 2);
  return id;
}

TextId StringPool::find(std::string_view text) const {
  const std::uint64_t hash = hash64(text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const Entry& e = entries_[slots_[slot]];
    if (e.hash == check_of(hash) && std::string_view(e.data, e.size) == text) return slots_[slot];
  }
  return kNoText;
}

void StringPool::rehash(std::size_t slots) {
  std::vector<std::uint32_t> next(slots, 0);
  const std::size_t mask = slots - 1;
  for (std::uint32_t id = 1; id < entries_.size(); ++id) {
    std::size_t slot = hash64({entries_[id].data, entries_[id].size}) & mask;
    while (next[slot] != 0) slot = (slot + 1) & mask;
    next[slot] = id;
  }
  slots_ = std::move(next);
}

std::vector<TextId> StringPool::absorb(StringPool&& other) {
  std::vector<TextId> ids(other.entries_.size(), kNoText);
  for (std::size_t i = 1; i < other.entries_.size(); ++i) {
    const std::string_view text = other.text(static_cast<TextId>(i));
    ids[i] = insert(text, hash64(text), false);
  }
  for (Arena& a : other.absorbed_) absorbed_.push_back(std::move(a));
  absorbed_.push_back(std::move(other.arena_));
  other = StringPool();
  return ids;
}

}  // namespace sentinel::base
