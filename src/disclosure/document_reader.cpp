#include "disclosure/document_reader.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "base/json_reader.h"
#include "base/text.h"
#include "disclosure/document_shape.h"
#include "disclosure/instant.h"

namespace sentinel::disclosure {
namespace {

using base::JsonFault;
using base::JsonReader;

constexpr unsigned kUnlimitedDepth = std::numeric_limits<unsigned>::max();

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

// Hexadecimal digits in groups of 8-4-4-4-12, with the hyphens or without.
std::optional<std::string> uuid_text(std::string_view text) {
  constexpr std::string_view kUrn = "urn:uuid:";
  if (text.starts_with(kUrn)) {
    text.remove_prefix(kUrn.size());
    if (text.size() != 36) return std::nullopt;
  } else if (text.size() == 38 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, 36);
  }
  if (text.size() != 36 && text.size() != 32) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool place_of_hyphen = text.size() == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
    const char c = base::to_lower(text[i]);
    if (place_of_hyphen != (c == '-')) return std::nullopt;
    if (place_of_hyphen) continue;
    if (!base::is_digit(c) && (c < 'a' || c > 'f')) return std::nullopt;
    out += c;
  }
  for (const std::size_t at : {8U, 13U, 18U, 23U}) out.insert(at, 1, '-');
  return out;
}

bool is_zero(const JsonNode& node) {
  const bool number = node.is(JsonNode::Kind::kUnsigned) || node.is(JsonNode::Kind::kFloat);
  return number && node.as_number() == 0.0;
}

// What Presence::kUnlessEmpty leaves out: an empty text, list or map, a zero, an object of zeros.
bool is_empty(const Type& type, const JsonNode& node) {
  if (type.repeat == Repeat::kMap) return node.members().empty();
  if (type.repeat != Repeat::kOne) return node.items().empty();
  if (type.kind == Kind::kText) return node.text().empty();
  if (type.kind == Kind::kObject) return std::ranges::all_of(node.members(), is_zero, &JsonMember::value);
  return is_zero(node);
}

class Reader {
 public:
  Reader(std::string_view document, base::Arena& arena, std::vector<std::string>* unknown)
      : document_(document), arena_(arena), in_(document, arena, kUnlimitedDepth), unknown_(unknown) {}

  base::Result<JsonNode> run() {
    const JsonNode root = object(kDocumentShape);
    if (!in_.failed() && !in_.at_end()) in_.fail(JsonFault::kSyntax, "text after the document");
    if (!in_.failed()) return root;
    const base::TextPosition at = base::position_of(document_, in_.error().offset);
    std::string where = path_;
    where += (path_.empty() ? "line " : " at line ") + std::to_string(at.line) + ", column " + std::to_string(at.column);
    return base::Error{in_.error().what, std::move(where), ""};
  }

 private:
  // One entry of `applications`, on a reader of its own: it is tried as one shape, then as the other.
  Reader(std::string_view entry, base::Arena& arena, std::string path, std::vector<std::string>* unknown)
      : document_(entry), arena_(arena), in_(entry, arena, kUnlimitedDepth), path_(std::move(path)), unknown_(unknown) {}

  [[nodiscard]] std::string path_to(std::string_view key) const {
    return path_ + (path_.empty() ? "" : ".") + base::for_terminal(key);
  }

  JsonNode object(Shape shape) {
    std::vector<std::optional<JsonNode>> values(shape.size());
    for (bool more = in_.enter_object(); more; more = in_.next_member()) {
      const auto row = std::ranges::find(shape, in_.key(), &Row::key);
      if (row == shape.end()) {
        if (unknown_ != nullptr && unknown_->size() < kMaxUnknownKeys) unknown_->push_back(path_to(in_.key()));
        skip_value();
        continue;
      }
      std::optional<JsonNode>& value = values[static_cast<std::size_t>(row - shape.begin())];
      const std::size_t outer = path_.size();
      path_ = path_to(row->key);
      if (value) in_.fail(JsonFault::kType, "this key comes twice");
      value = member(*row);
      if (in_.failed()) return {};
      path_.resize(outer);
    }
    return in_.failed() ? JsonNode() : written(shape, values);
  }

  // The members that are written, in the order of the rows.
  JsonNode written(Shape shape, const std::vector<std::optional<JsonNode>>& values) {
    std::vector<JsonMember> members;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      const Row& row = shape[i];
      const bool absent = !values[i] || (values[i]->is(JsonNode::Kind::kNull) && row.presence != Presence::kRequired);
      switch (row.presence) {
        case Presence::kRequired:
          if (absent) {
            path_ = path_to(row.key);
            in_.fail(JsonFault::kType, "a required key is missing");
            return {};
          }
          break;
        case Presence::kOption:
          if (absent) continue;
          break;
        case Presence::kUnlessEmpty:
          if (absent || is_empty(row.type, *values[i])) continue;
          break;
        case Presence::kNullable:
        case Presence::kFallback:
          break;
      }
      members.push_back({row.key, absent ? fallback(row) : *values[i]});
    }
    return make_object(arena_, members);
  }

  static JsonNode fallback(const Row& row) {
    if (row.presence == Presence::kNullable) return {};
    switch (row.type.kind) {
      case Kind::kBool:
        return JsonNode::boolean(false);
      case Kind::kFloat:
        return JsonNode::real(row.fallback);
      case Kind::kObject:
        return JsonNode::object({});
      default:
        return JsonNode::number(static_cast<std::uint64_t>(row.fallback));
    }
  }

  JsonNode member(const Row& row) {
    const bool may_be_null = row.presence == Presence::kOption || row.presence == Presence::kNullable;
    if (may_be_null && in_.read_null()) return {};
    switch (row.type.repeat) {
      case Repeat::kOne:
        return one(row.type);
      case Repeat::kList:
        return list(row.type);
      case Repeat::kSet:
        return text_set();
      case Repeat::kMap:
        return map(row.type);
    }
    return {};
  }

  JsonNode list(const Type& type) {
    std::vector<JsonNode> items;
    const std::size_t outer = path_.size();
    for (bool more = in_.enter_array(); more; more = in_.next_item()) {
      path_ += "[" + std::to_string(items.size()) + "]";
      items.push_back(one(type));
      if (in_.failed()) return {};
      path_.resize(outer);
    }
    return make_array(arena_, items);
  }

  JsonNode text_set() {
    std::vector<JsonNode> items;
    for (bool more = in_.enter_array(); more; more = in_.next_item()) items.push_back(one({Kind::kText}));
    std::ranges::sort(items, {}, &JsonNode::text);
    const auto same = [](const JsonNode& a, const JsonNode& b) { return a.text() == b.text(); };
    items.erase(std::unique(items.begin(), items.end(), same), items.end());
    return make_array(arena_, items);
  }

  // Of a key that comes again the last value counts.
  JsonNode map(const Type& type) {
    std::vector<JsonMember> members;
    for (bool more = in_.enter_object(); more; more = in_.next_member()) {
      const std::string_view key = in_.key();
      members.push_back({key, type.kind == Kind::kObject ? text_set() : one(type)});
    }
    std::ranges::stable_sort(members, {}, &JsonMember::key);
    std::vector<JsonMember> kept;
    for (const JsonMember& m : members) {
      if (!kept.empty() && kept.back().key == m.key) {
        kept.back() = m;
      } else {
        kept.push_back(m);
      }
    }
    return make_object(arena_, kept);
  }

  JsonNode one(const Type& type) {
    const std::size_t start = (in_.peek(), in_.offset());
    switch (type.kind) {
      case Kind::kText:
      case Kind::kEnum:
      case Kind::kDate:
      case Kind::kTime:
      case Kind::kUuid: {
        std::string_view text;
        return in_.read_string(&text) ? text_value(type, text, start) : JsonNode();
      }
      case Kind::kU32:
      case Kind::kU64: {
        std::uint64_t value = 0;
        if (!in_.read_u64(&value)) return {};
        if (type.kind == Kind::kU32 && value > std::numeric_limits<std::uint32_t>::max()) {
          in_.fail_at(start, JsonFault::kType, "expected an unsigned 32-bit integer");
        }
        return JsonNode::number(value);
      }
      case Kind::kFloat: {
        double value = 0;
        return in_.read_double(&value) ? JsonNode::real(value) : JsonNode();
      }
      case Kind::kBool: {
        bool value = false;
        return in_.read_bool(&value) ? JsonNode::boolean(value) : JsonNode();
      }
      case Kind::kObject:
        return object(*type.shape);
      case Kind::kApplication:
        return application();
      case Kind::kAnything:
        return anything();
    }
    return {};
  }

  JsonNode text_value(const Type& type, std::string_view text, std::size_t start) {
    const auto made = [&](std::optional<std::string> value, const char* what) {
      if (!value) in_.fail_at(start, JsonFault::kType, what);
      return value ? JsonNode::string(arena_.copy(*value)) : JsonNode();
    };
    if (type.kind == Kind::kDate) {
      const std::optional<Days> date = parse_date(text);
      return made(date ? std::optional(date_text(*date)) : std::nullopt, "expected a date, YYYY-MM-DD");
    }
    if (type.kind == Kind::kTime) {
      const std::optional<Instant> time = parse_instant(text);
      return made(time ? std::optional(instant_text(*time)) : std::nullopt, "expected a time as in RFC 3339");
    }
    if (type.kind == Kind::kUuid) return made(uuid_text(text), "expected a UUID");
    if (type.kind == Kind::kEnum && !has_word(type.words, text))
      in_.fail_at(start, JsonFault::kType, "none of the known values");
    return JsonNode::string(text);
  }

  JsonNode application() {
    const std::size_t start = in_.offset();
    const std::string_view entry = skip_value();
    if (in_.failed()) return {};
    if (!parse_json(entry, arena_, 2)) {
      in_.fail_at(start, JsonFault::kSyntax, "this value cannot be read");
      return {};
    }
    for (const Shape& shape : {kDetailedApplicationShape, kCountedApplicationShape}) {
      std::vector<std::string> unknown;
      Reader reader(entry, arena_, path_, &unknown);
      const JsonNode read = reader.object(shape);
      if (reader.in_.failed()) continue;
      for (std::string& key : unknown) {
        if (unknown_ != nullptr && unknown_->size() < kMaxUnknownKeys) unknown_->push_back(std::move(key));
      }
      return read;
    }
    in_.fail_at(start, JsonFault::kType,
                "neither an application with \"anti_patterns\" nor one with \"anti_patterns_detected_count\"");
    return {};
  }

  JsonNode anything() {
    const std::size_t start = in_.offset();
    const std::string_view text = skip_value();
    if (in_.failed()) return {};
    const auto value = parse_json(text, arena_, 2);
    if (!value) in_.fail_at(start, JsonFault::kSyntax, "this value cannot be read");
    return value ? *value : JsonNode();
  }

  // Any value at any depth, by its form alone; gives its text.
  std::string_view skip_value() {
    const std::size_t start = (in_.peek(), in_.offset());
    std::vector<bool> in_object;
    while (!in_.failed()) {
      const char c = in_.peek();
      bool inside = false;
      if (c == '{' || c == '[') {
        inside = c == '{' ? in_.enter_object() : in_.enter_array();
        if (inside) in_object.push_back(c == '{');
      } else {
        in_.skip();
      }
      while (!inside && !in_.failed() && !in_object.empty()) {
        inside = in_object.back() ? in_.next_member() : in_.next_item();
        if (!inside) in_object.pop_back();
      }
      if (!inside) break;
    }
    return document_.substr(start, in_.offset() - start);
  }

  std::string_view document_;
  base::Arena& arena_;
  JsonReader in_;
  std::string path_;
  std::vector<std::string>* unknown_;  // may be null
};

}  // namespace

base::Result<JsonNode> read_document(std::string_view document, base::Arena& arena, std::vector<std::string>* unknown_keys) {
  return Reader(document, arena, unknown_keys).run();
}

}  // namespace sentinel::disclosure
