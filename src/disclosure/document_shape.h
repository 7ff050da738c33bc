// The members of a disclosure document as tables (chapter 08 §6): one row a key, in the order documents are written in.
//
// A row says the type, whether the key must be there when a document is read, and whether it is written when it has nothing to
// say. document_reader.h applies the rows; docs/schemas/disclosure.schema.json describes the same members. Constants.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sentinel::disclosure {

enum class Kind : std::uint8_t {
  kText,
  kEnum,
  kU32,
  kU64,
  kFloat,
  kBool,
  kDate,
  kTime,
  kUuid,
  kObject,
  kApplication,
  kAnything
};
enum class Repeat : std::uint8_t { kOne, kList, kSet, kMap };  // a set is written sorted and without repetition

enum class Presence : std::uint8_t {
  kRequired,     // must be there
  kOption,       // null is absence; not written when absent
  kNullable,     // null is absence; written as null when absent
  kUnlessEmpty,  // absence is the empty or zero value, which is not written; null is an error
  kFallback      // absence is the row's fallback, which is written; null is an error
};

struct Row;
using Shape = std::span<const Row>;

struct Type {
  Kind kind = Kind::kAnything;
  Repeat repeat = Repeat::kOne;
  std::string_view words = {};   // kEnum: the names, separated by blanks
  const Shape* shape = nullptr;  // kObject
};

struct Row {
  std::string_view key;
  Presence presence = Presence::kRequired;
  Type type;
  double fallback = 0.0;  // kFallback of a number; other types fall back to their empty value
};

extern const Shape kDocumentShape;
// Entries of `applications`: with each anti-pattern, or with their number only.
extern const Shape kDetailedApplicationShape;
extern const Shape kCountedApplicationShape;

}  // namespace sentinel::disclosure
