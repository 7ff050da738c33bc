#include "cli/remote/members.h"

namespace sentinel::cli {

using disclosure::JsonNode;

const JsonNode& member(const JsonNode& object, std::string_view key) {
  static const JsonNode kNothing;
  const JsonNode* found = object.find(key);
  return found == nullptr ? kNothing : *found;
}

std::optional<std::string_view> text(const JsonNode& object, std::string_view key) {
  const JsonNode& value = member(object, key);
  if (!value.is(JsonNode::Kind::kString)) return std::nullopt;
  return value.text();
}

std::string_view text_or_empty(const JsonNode& object, std::string_view key) { return text(object, key).value_or(""); }

std::optional<std::uint64_t> count(const JsonNode& object, std::string_view key) {
  const JsonNode& value = member(object, key);
  if (!value.is(JsonNode::Kind::kUnsigned)) return std::nullopt;
  return value.as_unsigned();
}

std::uint64_t count_or_zero(const JsonNode& object, std::string_view key) { return count(object, key).value_or(0); }

}  // namespace sentinel::cli
