// Reads the members of objects that come again and again with their keys in one order: the key that followed last time is tried
// first, with one comparison; any other is looked up. What is read does not depend on the guess.
//
// One thread; keeps what it learned from object to object.
#pragma once

#include <array>
#include <string_view>

#include "base/json_reader.h"
#include "base/padded_text.h"
#include "ingest/key_table.h"

namespace sentinel::ingest {

inline constexpr int kUnknownMember = -1;  // reader.key() has its name
inline constexpr int kNoMember = -2;       // the object ends here, or the reader failed

// Names of at most 28 bytes are tried as a whole; longer ones are always looked up.
template <std::size_t kNames>
class MemberNames {
 public:
  static constexpr std::size_t kRoom = 32;
  using Literal = base::PaddedText<kRoom>;

  consteval explicit MemberNames(const std::array<std::string_view, kNames>& names) : table(names) {
    for (std::size_t i = 0; i < kNames; ++i) {
      if (names[i].size() + 4 > kRoom) continue;
      std::array<char, kRoom> text{};
      std::size_t n = 0;
      text[n++] = ',';
      text[n++] = '"';
      for (const char c : names[i]) text[n++] = c;
      text[n++] = '"';
      text[n++] = ':';
      following[i].assign({text.data(), n});
      text[0] = '{';
      opening[i].assign({text.data(), n});
    }
  }

  KeyTable<kNames> table;
  std::array<Literal, kNames> opening{};    // {"name":
  std::array<Literal, kNames> following{};  // ,"name":
};

template <std::size_t kNames>
class MemberOrder {
 public:
  explicit MemberOrder(const MemberNames<kNames>& names) : names_(names) {}

  // Enters an object: the index of its first member's name.
  int enter(base::JsonReader& reader) {
    const std::uint8_t guess = next_[kNames];
    if (reader.enter_with(names_.opening[guess])) return guess;
    return reader.enter_object() ? look_up(reader, kNames) : kNoMember;
  }

  // After the value of member `last` (an index or kUnknownMember): the next one.
  int next(base::JsonReader& reader, int last) {
    const std::size_t from = last >= 0 ? static_cast<std::size_t>(last) : kNames + 1;
    const std::uint8_t guess = next_[from];
    if (reader.take(names_.following[guess])) return guess;
    return reader.next_member() ? look_up(reader, from) : kNoMember;
  }

 private:
  int look_up(base::JsonReader& reader, std::size_t from) {
    const int found = names_.table.find(reader.key());
    if (found < 0) return kUnknownMember;
    next_[from] = static_cast<std::uint8_t>(found);
    return found;
  }

  const MemberNames<kNames>& names_;
  std::array<std::uint8_t, kNames + 2> next_{};  // by last member; [kNames] first, [kNames + 1] after an unknown one
};

}  // namespace sentinel::ingest
