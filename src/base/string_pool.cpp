#include "base/string_pool.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sentinel::base {

namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kAbsorbAhead = 8;  // slots asked for this many texts before they are looked at

// The half of a hash that is kept: it gives the slot and tells apart what shares one.
std::uint32_t kept_hash(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }

// The first and the last `Size` of the bytes; they may overlap.
template <std::size_t Size>
bool same_ends(const char* a, const char* b, std::size_t size) {
  return std::memcmp(a, b, Size) == 0 && std::memcmp(a + size - Size, b + size - Size, Size) == 0;
}

// Most texts are short: a call to memcmp costs more than comparing them.
inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  for (; size > 32; a += 16, b += 16, size -= 16) {
    if (std::memcmp(a, b, 16) != 0) return false;
  }
  if (size >= 16) return same_ends<16>(a, b, size);
  if (size >= 8) return same_ends<8>(a, b, size);
  if (size >= 4) return same_ends<4>(a, b, size);
  return size == 0 || (a[size / 2] == b[size / 2] && same_ends<1>(a, b, size));
}

}  // namespace

StringPool::StringPool() : slots_(kFirstSlots), mask_(kFirstSlots - 1) {
  entries_.push_back({"", 0, 0});  // kNoText
  const std::uint32_t hash = kept_hash(hash64({}));
  insert(find_slot({}, hash), {}, hash);  // kEmptyText
}

inline bool StringPool::holds(const Slot& slot, std::string_view text, std::uint32_t hash) const {
  if (slot.hash != hash) return false;
  const Entry& e = entries_[slot.id];
  return e.size == text.size() && same_bytes(e.data, text.data(), text.size());
}

std::size_t StringPool::find_slot(std::string_view text, std::uint32_t hash) const {
  std::size_t slot = hash & mask_;
  while (slots_[slot].id != 0 && !holds(slots_[slot], text, hash)) slot = (slot + 1) & mask_;
  return slot;
}

TextId StringPool::intern(std::string_view text, std::uint64_t hash) {
  // Most often a known text in the first slot looked at. A free slot stands for the empty text of kNoText.
  const Slot& first = slots_[hash & mask_];
  if (holds(first, text, kept_hash(hash)) && first.id != 0) [[likely]]
    return first.id;
  return intern_elsewhere(text, kept_hash(hash));
}

TextId StringPool::intern_elsewhere(std::string_view text, std::uint32_t hash) {
  const std::size_t slot = find_slot(text, hash);
  return slots_[slot].id != 0 ? slots_[slot].id : insert(slot, arena_.copy(text), hash);
}

TextId StringPool::insert(std::size_t slot, std::string_view stored, std::uint32_t hash) {
  const auto id = static_cast<TextId>(entries_.size());
  entries_.push_back({stored.empty() ? "" : stored.data(), static_cast<std::uint32_t>(stored.size()), hash});
  slots_[slot] = {id, hash};
  if (entries_.size() * 3 > slots_.size() * 2) grow();
  return id;
}

TextId StringPool::find(std::string_view text) const { return slots_[find_slot(text, kept_hash(hash64(text)))].id; }

void StringPool::grow() {
  std::vector<Slot> next(slots_.size() * 2);
  const std::size_t mask = next.size() - 1;
  for (const Slot& old : slots_) {
    if (old.id == 0) continue;
    std::size_t slot = old.hash & mask;
    while (next[slot].id != 0) slot = (slot + 1) & mask;
    next[slot] = old;
  }
  slots_ = std::move(next);
  mask_ = mask;
}

std::vector<TextId> StringPool::absorb(StringPool&& other) {
  std::vector<TextId> ids(other.entries_.size(), kNoText);
  for (std::size_t i = 1; i < other.entries_.size(); ++i) {
    const std::size_t ahead = std::min(i + kAbsorbAhead, other.entries_.size() - 1);
    __builtin_prefetch(&slots_[other.entries_[ahead].hash & mask_]);
    const std::uint32_t hash = other.entries_[i].hash;
    const std::string_view text = other.text(static_cast<TextId>(i));
    const std::size_t slot = find_slot(text, hash);
    ids[i] = slots_[slot].id != 0 ? slots_[slot].id : insert(slot, text, hash);
  }
  for (Arena& a : other.absorbed_) absorbed_.push_back(std::move(a));
  absorbed_.push_back(std::move(other.arena_));
  other = StringPool();
  return ids;
}

}  // namespace sentinel::base
