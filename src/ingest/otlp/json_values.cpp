#include "ingest/otlp/json_values.h"

#include <algorithm>
#include <limits>

#include "base/hex.h"
#include "base/text.h"
#include "ingest/key_table.h"

namespace sentinel::ingest::otlp {

using base::JsonFault;
using base::JsonReader;

namespace {

enum ValueKey : int { kStringValue, kBoolValue, kIntValue, kDoubleValue, kArrayValue, kKvlistValue, kBytesValue };
constexpr std::array<std::string_view, 7> kValueNames = {"stringValue", "boolValue",   "intValue",  "doubleValue",
                                                         "arrayValue",  "kvlistValue", "bytesValue"};
constexpr KeyTable kValueKeys(kValueNames);

// Reads a string that must hold what `holds` says; `what` is the fault if it does not.
template <class Holds>
void string_that(JsonReader& r, Holds holds, const char* what) {
  r.peek();
  const std::size_t where = r.offset();
  std::string_view text;
  if (r.read_string(&text) && !holds(text)) r.fail_at(where, JsonFault::kType, what);
}

// A double that JSON has no number for, as `capture` and other writers put it.
bool is_not_finite(std::string_view text) { return text == "NaN" || text == "Infinity" || text == "-Infinity"; }

void check_string(JsonReader& r) {
  std::string_view ignored;
  r.read_string(&ignored);
}

void check_strings(JsonReader& r) {
  for (bool item = r.enter_array(); item; item = r.next_item()) check_string(r);
}

}  // namespace

void JsonValues::irregular(JsonReader& r, bool repeated_key, const char* what) {
  const std::size_t at = static_cast<std::size_t>(directive_.bytes.data() - context_.batch.buffer.get()) + r.offset();
  const base::TextPosition p = base::position_of({context_.batch.buffer.get(), context_.batch.size}, at);
  context_.out.irregularities.push_back({repeated_key, context_.batch.offset + at, context_.batch.line + p.line - 1,
                                         p.line == 1 ? context_.batch.column + p.column - 1 : p.column, what});
}

// -- scalars

std::string_view JsonValues::id(JsonReader& r) {
  r.peek();
  const std::size_t where = r.offset();
  std::string_view text;
  if (!r.read_string(&text)) return {};
  if (text.size() % 2 == 0 && base::is_lower_hex(text)) [[likely]]
    return text;
  if (text.starts_with("0x")) text.remove_prefix(2);
  const std::string lower = base::ascii_lower(text);
  if (lower.size() % 2 != 0 || !base::is_lower_hex(lower)) {
    r.fail_at(where, JsonFault::kType, "expected an id in hexadecimal digits");
    return {};
  }
  return context_.worker.scratch.copy(lower);
}

std::uint64_t JsonValues::unusual_time(JsonReader& r) {
  std::uint64_t value = 0;
  if (r.peek() != '"') {
    r.read_u64(&value);
    return value;
  }
  string_that(
      r, [&](std::string_view text) { return unsigned_text(text, &value); },
      "expected nanoseconds as an unsigned 64-bit integer");
  return value;
}

std::int64_t JsonValues::int32(JsonReader& r) {
  return integer_in(r, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max(),
                    "expected a signed 32-bit integer");
}

std::int64_t JsonValues::integer_in(JsonReader& r, std::int64_t min, std::int64_t max, const char* what) {
  r.peek();
  const std::size_t where = r.offset();
  std::int64_t value = 0;
  if (r.read_i64(&value) && (value < min || value > max)) r.fail_at(where, JsonFault::kType, what);
  return value;
}

// -- values of attributes

// `{"values": […]}`; without it, a repairable shape.
void JsonValues::value_list(JsonReader& r, bool of_pairs) {
  bool found = false;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    if (r.key() != "values") {
      r.skip();
      continue;
    }
    if (found) repeated(r);
    found = true;
    for (bool item = r.enter_array(); item; item = r.next_item()) {
      std::string_view key;
      AttributeValue value;
      if (of_pairs) {
        attribute(r, &key, &value);
      } else {
        value = any_value(r, true);
      }
    }
  }
  if (!r.failed() && !found) irregular(r, false, "list without \"values\"");
}

// What stands behind the name of one kind of value.
AttributeValue JsonValues::value_of(JsonReader& r, int name) {
  using Kind = AttributeValue::Kind;
  AttributeValue value;
  value.kind = Kind::kOther;
  switch (static_cast<ValueKey>(name)) {
    case kStringValue:
      value.kind = Kind::kString;
      r.read_string(&value.text);
      break;
    case kBoolValue: {
      bool ignored = false;
      r.read_bool(&ignored);
      break;
    }
    case kIntValue:
      value.kind = Kind::kInt;
      if (r.peek() == '"') {
        string_that(
            r, [&](std::string_view text) { return signed_text(text, &value.integer); }, "expected a signed 64-bit integer");
      } else {
        r.read_i64(&value.integer);
      }
      break;
    case kDoubleValue:
      if (r.peek() == '"') {
        string_that(r, is_not_finite, "expected a number");
      } else {
        double ignored = 0;
        r.read_double(&ignored);
      }
      break;
    case kArrayValue:
      value_list(r, false);
      break;
    case kKvlistValue:
      value_list(r, true);
      break;
    case kBytesValue:
      string_that(r, is_base64, "expected base64");
      break;
  }
  return value;
}

AttributeValue JsonValues::any_value(JsonReader& r, bool in_list) {
  AttributeValue value;
  r.peek();
  const std::size_t where = r.offset();
  bool known = false;
  bool members = false;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    members = true;
    const int name = kValueKeys.find(r.key());
    if (name < 0) {
      r.skip();
      continue;
    }
    known = true;
    value = value_of(r, name);
  }
  if (r.failed() || known) return value;
  if (members || in_list) {
    r.fail_at(where, JsonFault::kType, "value without a known member");
  } else {
    irregular(r, false, "empty value");
  }
  return value;
}

bool JsonValues::attribute(JsonReader& r, std::string_view* key, AttributeValue* value) {
  r.peek();
  const std::size_t where = r.offset();
  Members members;
  *value = {};
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    if (r.key() == "key") {
      if (members.again(0)) repeated(r);
      r.read_string(key);
    } else if (r.key() == "value") {
      if (members.again(1)) repeated(r);
      *value = {};
      if (!r.read_null()) *value = any_value(r, false);
    } else {
      r.skip();
    }
  }
  if (!r.failed() && !members.has(0)) r.fail_at(where, JsonFault::kType, "missing field `key`");
  return !r.failed();
}

// -- fields that are only checked

template <std::size_t kFields>
void JsonValues::check_object(JsonReader& r, const std::array<Field, kFields>& fields) {
  r.peek();
  const std::size_t where = r.offset();
  Members members;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    const auto field = std::ranges::find(fields, r.key(), &Field::name);
    if (field == fields.end()) {
      r.skip();
      continue;
    }
    if (members.again(static_cast<int>(field - fields.begin()))) repeated(r);
    check(r, field->check);
  }
  if (r.failed()) return;
  for (std::size_t i = 0; i < kFields; ++i) {
    if (fields[i].required && !members.has(i)) r.fail_at(where, JsonFault::kType, "object lacks a required key");
  }
}

template <std::size_t kFields>
void JsonValues::check_list(JsonReader& r, const std::array<Field, kFields>& fields) {
  for (bool item = r.enter_array(); item; item = r.next_item()) check_object(r, fields);
}

void JsonValues::check(JsonReader& r, Check what) {
  static constexpr std::array kEventFields = {Field{"timeUnixNano", Check::kTime}, Field{"name", Check::kString},
                                              Field{"attributes", Check::kAttributes},
                                              Field{"droppedAttributesCount", Check::kU32}};
  static constexpr std::array kStatusFields = {Field{"message", Check::kString}, Field{"code", Check::kI32}};
  static constexpr std::array kEntityFields = {Field{"schemaUrl", Check::kString, true}, Field{"type", Check::kString, true},
                                               Field{"idKeys", Check::kStrings, true},
                                               Field{"descriptionKeys", Check::kStrings, true}};
  switch (what) {
    case Check::kString:
      check_string(r);
      break;
    case Check::kU32:
      integer_in(r, 0, std::numeric_limits<std::uint32_t>::max(), "expected an unsigned 32-bit integer");
      break;
    case Check::kI32:
      int32(r);
      break;
    case Check::kTime:
      time(r);
      break;
    case Check::kId:
      id(r);
      break;
    case Check::kAttributes:
      attributes(r, [](std::string_view, const AttributeValue&) {});
      break;
    case Check::kEvents:
      check_list(r, kEventFields);
      break;
    case Check::kStatus:
      if (!r.read_null()) check_object(r, kStatusFields);
      break;
    case Check::kStrings:
      check_strings(r);
      break;
    case Check::kEntityRefs:
      check_list(r, kEntityFields);
      break;
  }
}

std::string_view JsonValues::link(JsonReader& r) {
  static constexpr std::array kLinkFields = {Field{"traceId", Check::kId},
                                             Field{"spanId", Check::kId},
                                             Field{"traceState", Check::kString},
                                             Field{"attributes", Check::kAttributes},
                                             Field{"droppedAttributesCount", Check::kU32},
                                             Field{"flags", Check::kU32}};
  std::string_view trace_id;
  Members members;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    const auto field = std::ranges::find(kLinkFields, r.key(), &Field::name);
    if (field == kLinkFields.end()) {
      r.skip();
      continue;
    }
    if (members.again(static_cast<int>(field - kLinkFields.begin()))) repeated(r);
    if (field == kLinkFields.begin()) {
      trace_id = id(r);
    } else {
      check(r, field->check);
    }
  }
  return trace_id;
}

}  // namespace sentinel::ingest::otlp
