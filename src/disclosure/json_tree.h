// JSON values as a tree, and the two ways a disclosure writes them: pretty and canonical (chapter 08 §8.1).
//
// parse_json() keeps what the hashes are taken over: integers as integers (beyond 64 bits they become floats), floats exactly,
// members of objects in byte order of their keys, the last of repeated keys. Nodes, keys and texts live in the arena given, or
// in the text parsed; trees are cheap to copy, as they only refer to them. Not for bulk data of a span's kind: an archive line
// or a document at a time. Pure functions, any thread with an arena of its own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/result.h"

namespace sentinel::disclosure {

struct JsonMember;

class JsonNode {
 public:
  enum class Kind : std::uint8_t { kNull, kBool, kUnsigned, kNegative, kFloat, kString, kArray, kObject };

  JsonNode() = default;
  static JsonNode boolean(bool value);
  static JsonNode number(std::uint64_t value);
  static JsonNode negative(std::int64_t value);  // below zero
  static JsonNode real(double value);            // NaN and infinities are written null
  static JsonNode string(std::string_view text);
  static JsonNode array(std::span<const JsonNode> items);
  static JsonNode object(std::span<const JsonMember> members);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is(Kind kind) const { return kind_ == kind; }

  // Each for nodes of its kind only; else false, 0, empty.
  [[nodiscard]] bool as_bool() const { return kind_ == Kind::kBool && value_.unsigned_number != 0; }
  [[nodiscard]] std::uint64_t as_unsigned() const { return kind_ == Kind::kUnsigned ? value_.unsigned_number : 0; }
  [[nodiscard]] std::int64_t as_negative() const { return kind_ == Kind::kNegative ? value_.signed_number : 0; }
  [[nodiscard]] double as_number() const;  // any of the three kinds of number
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::span<const JsonNode> items() const;
  [[nodiscard]] std::span<const JsonMember> members() const;

  // Member of an object; nullptr when this is none or has no such key.
  [[nodiscard]] const JsonNode* find(std::string_view key) const;

 private:
  explicit JsonNode(Kind kind, std::size_t count = 0) : kind_(kind), count_(static_cast<std::uint32_t>(count)) {}

  Kind kind_ = Kind::kNull;
  std::uint32_t count_ = 0;  // bytes, items or members
  union {
    std::uint64_t unsigned_number;
    std::int64_t signed_number;
    double real_number;
    const char* text;
    const JsonNode* items;
    const JsonMember* members;
  } value_ = {.unsigned_number = 0};
};
static_assert(sizeof(JsonNode) == 16);

struct JsonMember {
  std::string_view key;
  JsonNode value;
};

// Brackets that may be open at once in an archive line or in the free part of a document.
inline constexpr unsigned kMaxJsonDepth = 127;

// The whole text is one value; `depth` brackets are open around it. Error: what is wrong, where = "byte N".
[[nodiscard]] base::Result<JsonNode> parse_json(std::string_view text, base::Arena& arena, unsigned depth = 0);

// Copies of lists into the arena.
[[nodiscard]] JsonNode make_array(base::Arena& arena, std::span<const JsonNode> items);
[[nodiscard]] JsonNode make_object(base::Arena& arena, std::span<const JsonMember> members);

// A copy of `object` with one member's value replaced, or the member added at the end.
[[nodiscard]] JsonNode with_member(base::Arena& arena, const JsonNode& object, std::string_view key, JsonNode value);

// Compact, keys of every object in byte order.
void append_canonical(std::string& out, const JsonNode& node);
// Two-space indentation, members in the order they have, a line end last.
[[nodiscard]] std::string pretty_json(const JsonNode& node);

}  // namespace sentinel::disclosure
