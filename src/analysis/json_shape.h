// The shape of a JSON document as a table, and the check of a document against it.
//
// One row a key: its type, whether it must be there, whether null may stand for its absence. Unknown keys pass, a known key may
// not come twice, an integer may stand for a float and not the reverse. Tables are constants, the check is a pure function.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"

namespace sentinel::analysis::shape {

using Known = bool (*)(std::string_view);  // whether a text is one of an enumeration

enum class Kind : std::uint8_t { kText, kU64, kU32, kU16, kFloat, kBool, kEnum, kObject, kAnything };
enum class Repeat : std::uint8_t { kOne, kList, kMap };  // a map is an object with free keys
enum class Need : std::uint8_t { kRequired, kOptional, kNullable };

struct Rule;
using Shape = std::span<const Rule>;

struct Type {
  Kind kind = Kind::kAnything;
  Repeat repeat = Repeat::kOne;
  Known known = nullptr;         // kEnum
  const Shape* shape = nullptr;  // kObject
};

struct Rule {
  std::string_view key;
  Need need;
  Type type;
};

inline constexpr Type kText{Kind::kText};
inline constexpr Type kU64{Kind::kU64};
inline constexpr Type kU32{Kind::kU32};
inline constexpr Type kU16{Kind::kU16};
inline constexpr Type kFloat{Kind::kFloat};
inline constexpr Type kBool{Kind::kBool};
inline constexpr Type kAnything{Kind::kAnything};
constexpr Type one_of(Known known) { return {Kind::kEnum, Repeat::kOne, known, nullptr}; }
constexpr Type object(const Shape& shape) { return {Kind::kObject, Repeat::kOne, nullptr, &shape}; }
constexpr Type list(Type item) { return {item.kind, Repeat::kList, item.known, item.shape}; }
constexpr Type map_of(Type value) { return {value.kind, Repeat::kMap, value.known, value.shape}; }

constexpr Rule required(std::string_view key, Type type) { return {key, Need::kRequired, type}; }
constexpr Rule optional(std::string_view key, Type type) { return {key, Need::kOptional, type}; }
constexpr Rule nullable(std::string_view key, Type type) { return {key, Need::kNullable, type}; }

inline constexpr std::size_t kMostRules = 32;  // of one shape

// Checks a whole document, whose root is an object. Error: what = the rule that is broken, where = the path of the value, e.g.
// "findings[2].pattern".
[[nodiscard]] base::Status check(std::string_view document, Shape root, unsigned max_nesting);

}  // namespace sentinel::analysis::shape
