#include "base/string_pool.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/same_bytes.h"

namespace sentinel::base {

namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kAbsorbAhead = 8;  // slots asked for this many texts before they are looked at

// The half of a hash that is kept: it gives the slot and tells apart what shares one.
std::uint32_t kept_hash(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }

// Texts that a table of so many slots holds.
std::size_t room_of(std::size_t slots) { return slots / 3 * 2; }

}  // namespace

StringPool::StringPool() : slots_(kFirstSlots), mask_(kFirstSlots - 1), room_(room_of(kFirstSlots)) {
  entries_.push_back({"", 0, 0});  // kNoText
  const std::uint32_t hash = kept_hash(hash64({}));
  insert(find_slot({}, hash), {}, hash);  // kEmptyText
}

inline bool StringPool::holds(const Slot& slot, std::string_view text, std::uint32_t hash) const {
  if (slot.hash != hash) return false;
  const Entry& e = entries_[slot.id];
  return e.size == text.size() && same_bytes(e.data, text.data(), text.size());
}

inline std::size_t StringPool::find_slot(std::string_view text, std::uint32_t hash) const {
  std::size_t slot = hash & mask_;
  while (slots_[slot].id != 0 && !holds(slots_[slot], text, hash)) slot = (slot + 1) & mask_;
  return slot;
}

inline TextId StringPool::insert(std::size_t slot, std::string_view stored, std::uint32_t hash) {
  const auto id = static_cast<TextId>(entries_.size());
  entries_.push_back({stored.empty() ? "" : stored.data(), static_cast<std::uint32_t>(stored.size()), hash});
  slots_[slot] = {id, hash};
  if (--room_ == 0) grow_to(slots_.size() * 2);
  return id;
}

TextId StringPool::intern(std::string_view text, std::uint64_t hash) {
  const std::size_t slot = find_slot(text, kept_hash(hash));
  if (slots_[slot].id != 0) return slots_[slot].id;
  return insert(slot, arena_.copy(text), kept_hash(hash));
}

TextId StringPool::find(std::string_view text) const { return slots_[find_slot(text, kept_hash(hash64(text)))].id; }

void StringPool::reserve(std::size_t texts) {
  const std::size_t wanted = entries_.size() + texts;
  entries_.reserve(wanted);
  if (wanted >= room_of(slots_.size())) grow_to(std::bit_ceil(wanted * 3 / 2 + 2));
}

void StringPool::grow_to(std::size_t slots) {
  ZeroedArray<Slot> next(slots);
  next.touch_all();
  const std::size_t mask = next.size() - 1;
  for (const Slot& old : slots_) {
    if (old.id == 0) continue;
    std::size_t slot = old.hash & mask;
    while (next[slot].id != 0) slot = (slot + 1) & mask;
    next[slot] = old;
  }
  room_ = room_of(slots) - (entries_.size() - 1);  // kNoText takes no slot
  slots_ = std::move(next);
  mask_ = mask;
}

std::size_t StringPool::bytes() const {
  return arena_.reserved() + absorbed_bytes_ + entries_.capacity() * sizeof(Entry) + slots_.size() * sizeof(Slot);
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
  absorbed_bytes_ += other.absorbed_bytes_ + other.arena_.reserved();
  for (Arena& a : other.absorbed_) absorbed_.push_back(std::move(a));
  absorbed_.push_back(std::move(other.arena_));
  other = StringPool();
  return ids;
}

}  // namespace sentinel::base
