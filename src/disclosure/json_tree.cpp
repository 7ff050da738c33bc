#include "disclosure/json_tree.h"

#include <algorithm>
#include <charconv>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/number_format.h"

namespace sentinel::disclosure {
namespace {

using base::JsonReader;

constexpr auto kByKey = [](const JsonMember& a, const JsonMember& b) { return a.key < b.key; };

bool strictly_ascending(std::span<const JsonMember> members) {
  return std::ranges::adjacent_find(members, [](const JsonMember& a, const JsonMember& b) { return a.key >= b.key; }) ==
         members.end();
}

// Values are collected on a stack that all levels share; a container is copied out when it closes.
class Parser {
 public:
  Parser(std::string_view text, base::Arena& arena, unsigned depth)
      : reader_(text, arena, kMaxJsonDepth, depth), arena_(arena) {}

  JsonNode value() {
    switch (reader_.peek()) {
      case '{':
        return object();
      case '[':
        return array();
      case '"': {
        std::string_view text;
        return reader_.read_string(&text) ? JsonNode::string(text) : JsonNode();
      }
      case 't':
      case 'f': {
        bool truth = false;
        return reader_.read_bool(&truth) ? JsonNode::boolean(truth) : JsonNode();
      }
      case 'n':
        if (!reader_.read_null()) reader_.skip();
        return {};
      default:
        return number();
    }
  }

  JsonReader& reader() { return reader_; }

 private:
  JsonNode number() {
    const std::size_t start = reader_.offset();
    std::string_view text;
    bool integral = false;
    if (!reader_.read_number(&text, &integral)) return {};
    const char* end = text.data() + text.size();
    if (integral && text.front() != '-') {
      std::uint64_t value = 0;
      if (std::from_chars(text.data(), end, value).ec == std::errc()) return JsonNode::number(value);
    } else if (integral && text != "-0") {
      std::int64_t value = 0;
      if (std::from_chars(text.data(), end, value).ec == std::errc()) return JsonNode::negative(value);
    }
    double value = 0;
    reader_.go_back(start);
    return reader_.read_double(&value) ? JsonNode::real(value) : JsonNode();
  }

  JsonNode array() {
    const std::size_t first = items_.size();
    for (bool more = reader_.enter_array(); more; more = reader_.next_item()) {
      const JsonNode item = value();
      items_.push_back(item);
    }
    const JsonNode made = make_array(arena_, std::span(items_).subspan(first));
    items_.resize(first);
    return made;
  }

  JsonNode object() {
    const std::size_t first = members_.size();
    for (bool more = reader_.enter_object(); more; more = reader_.next_member()) {
      const std::string_view key = reader_.key();
      const JsonNode member = value();
      members_.push_back({key, member});
    }
    std::span<JsonMember> members = std::span(members_).subspan(first);
    if (!strictly_ascending(members)) members = members.first(last_of_each(members));
    const JsonNode made = make_object(arena_, members);
    members_.resize(first);
    return made;
  }

  static std::size_t last_of_each(std::span<JsonMember> members) {
    std::ranges::stable_sort(members, kByKey);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i + 1 == members.size() || members[i].key != members[i + 1].key) members[kept++] = members[i];
    }
    return kept;
  }

  JsonReader reader_;
  base::Arena& arena_;
  std::vector<JsonNode> items_;
  std::vector<JsonMember> members_;
};

void append_scalar(std::string& out, const JsonNode& node) {
  switch (node.kind()) {
    case JsonNode::Kind::kNull:
      out += "null";
      return;
    case JsonNode::Kind::kBool:
      out += node.as_bool() ? "true" : "false";
      return;
    case JsonNode::Kind::kUnsigned:
      return base::append_unsigned(out, node.as_unsigned());
    case JsonNode::Kind::kNegative:
      return base::append_signed(out, node.as_negative());
    case JsonNode::Kind::kFloat:
      return base::append_json_float(out, node.as_number());
    case JsonNode::Kind::kString:
      return base::append_json_string(out, node.text());
    case JsonNode::Kind::kArray:
    case JsonNode::Kind::kObject:
      return;
  }
}

void append_members(std::string& out, std::span<const JsonMember> members) {
  out += '{';
  const char* separator = "";
  for (const JsonMember& member : members) {
    out += separator;
    base::append_json_string(out, member.key);
    out += ':';
    append_canonical(out, member.value);
    separator = ",";
  }
  out += '}';
}

void write_pretty(base::JsonWriter& out, const JsonNode& node) {
  if (node.is(JsonNode::Kind::kArray)) {
    out.begin_array();
    for (const JsonNode& item : node.items()) write_pretty(out, item);
    out.end_array();
  } else if (node.is(JsonNode::Kind::kObject)) {
    out.begin_object();
    for (const JsonMember& member : node.members()) {
      out.key(member.key);
      write_pretty(out, member.value);
    }
    out.end_object();
  } else {
    std::string text;
    append_scalar(text, node);
    out.raw(text);
  }
}

}  // namespace

JsonNode JsonNode::boolean(bool value) {
  JsonNode node(Kind::kBool);
  node.value_.unsigned_number = value ? 1 : 0;
  return node;
}

JsonNode JsonNode::number(std::uint64_t value) {
  JsonNode node(Kind::kUnsigned);
  node.value_.unsigned_number = value;
  return node;
}

JsonNode JsonNode::negative(std::int64_t value) {
  JsonNode node(Kind::kNegative);
  node.value_.signed_number = value;
  return node;
}

JsonNode JsonNode::real(double value) {
  JsonNode node(Kind::kFloat);
  node.value_.real_number = value;
  return node;
}

JsonNode JsonNode::string(std::string_view text) {
  JsonNode node(Kind::kString, text.size());
  node.value_.text = text.data();
  return node;
}

JsonNode JsonNode::array(std::span<const JsonNode> items) {
  JsonNode node(Kind::kArray, items.size());
  node.value_.items = items.data();
  return node;
}

JsonNode JsonNode::object(std::span<const JsonMember> members) {
  JsonNode node(Kind::kObject, members.size());
  node.value_.members = members.data();
  return node;
}

double JsonNode::as_number() const {
  if (kind_ == JsonNode::Kind::kFloat) return value_.real_number;
  if (kind_ == JsonNode::Kind::kUnsigned) return static_cast<double>(value_.unsigned_number);
  if (kind_ == JsonNode::Kind::kNegative) return static_cast<double>(value_.signed_number);
  return 0.0;
}

std::string_view JsonNode::text() const {
  return kind_ == JsonNode::Kind::kString && count_ > 0 ? std::string_view(value_.text, count_) : std::string_view("");
}

std::span<const JsonNode> JsonNode::items() const {
  return kind_ == JsonNode::Kind::kArray ? std::span(value_.items, count_) : std::span<const JsonNode>();
}

std::span<const JsonMember> JsonNode::members() const {
  return kind_ == JsonNode::Kind::kObject ? std::span(value_.members, count_) : std::span<const JsonMember>();
}

const JsonNode* JsonNode::find(std::string_view key) const {
  for (const JsonMember& member : members()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

base::Result<JsonNode> parse_json(std::string_view text, base::Arena& arena, unsigned depth) {
  Parser parser(text, arena, depth);
  const JsonNode node = parser.value();
  JsonReader& reader = parser.reader();
  if (!reader.failed() && !reader.at_end()) reader.fail(base::JsonFault::kSyntax, "text after the value");
  if (!reader.failed()) return node;
  return base::Error{reader.error().what, "byte " + std::to_string(reader.error().offset + 1), ""};
}

JsonNode make_array(base::Arena& arena, std::span<const JsonNode> items) {
  const std::span<JsonNode> kept = arena.array<JsonNode>(items.size());
  std::ranges::copy(items, kept.begin());
  return JsonNode::array(kept);
}

JsonNode make_object(base::Arena& arena, std::span<const JsonMember> members) {
  const std::span<JsonMember> kept = arena.array<JsonMember>(members.size());
  std::ranges::copy(members, kept.begin());
  return JsonNode::object(kept);
}

JsonNode with_member(base::Arena& arena, const JsonNode& object, std::string_view key, JsonNode value) {
  std::vector<JsonMember> members(object.members().begin(), object.members().end());
  const auto at = std::ranges::find(members, key, &JsonMember::key);
  if (at == members.end()) {
    members.push_back({key, value});
  } else {
    at->value = value;
  }
  return make_object(arena, members);
}

void append_canonical(std::string& out, const JsonNode& node) {
  if (node.is(JsonNode::Kind::kArray)) {
    out += '[';
    const char* separator = "";
    for (const JsonNode& item : node.items()) {
      out += separator;
      append_canonical(out, item);
      separator = ",";
    }
    out += ']';
  } else if (!node.is(JsonNode::Kind::kObject)) {
    append_scalar(out, node);
  } else if (strictly_ascending(node.members())) {
    append_members(out, node.members());
  } else {
    std::vector<JsonMember> sorted(node.members().begin(), node.members().end());
    std::ranges::sort(sorted, kByKey);
    append_members(out, sorted);
  }
}

std::string pretty_json(const JsonNode& node) {
  std::string out;
  base::JsonWriter writer(out, base::JsonWriter::Style::kPretty);
  write_pretty(writer, node);
  out += '\n';
  return out;
}

}  // namespace sentinel::disclosure
