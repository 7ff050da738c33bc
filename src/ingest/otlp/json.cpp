// OTLP JSON: spans, resources and scopes (chapter 01 §8.2-8.4).
//
// Every known field is checked for its type, read or not; a repeated key and the two repairable shapes are noted as
// irregularities and judged when the document is complete (ingest.cpp).
#include <limits>

#include "base/hex.h"
#include "base/text.h"
#include "ingest/decoder.h"
#include "ingest/json_scan.h"
#include "ingest/key_table.h"
#include "ingest/otlp/json_scalars.h"

namespace sentinel::ingest {

using base::JsonFault;
using base::JsonReader;
using otlp::AttributeValue;
using otlp::SpanFields;

namespace {

// Decodes the values of one directive.
class OtlpJson {
 public:
  OtlpJson(DecodeContext& context, const Directive& directive) : context_(context), directive_(directive) {}

  void span(JsonReader& r);
  void resource(JsonReader& r);
  TextId scope(JsonReader& r);

 private:
  // What a field must hold; those that are not read are only checked.
  enum class Check { kString, kU32, kI32, kTime, kId, kAttributes, kEvents, kStatus, kStrings, kEntityRefs };
  struct Field {
    std::string_view name;
    Check check;
    bool required = false;
  };

  template <std::size_t kFields>
  void check_object(JsonReader& r, const std::array<Field, kFields>& fields);
  template <std::size_t kFields>
  void check_list(JsonReader& r, const std::array<Field, kFields>& fields) {
    for (bool item = r.enter_array(); item; item = r.next_item()) check_object(r, fields);
  }
  void check(JsonReader& r, Check what);
  void check_strings(JsonReader& r);

  template <class Add>
  void attributes(JsonReader& r, Add add);
  template <class Add>
  bool usual_attribute(JsonReader& r, Add add);
  static constexpr std::string_view kClosing = "}}";  // of a value and its attribute
  static bool usual_value(JsonReader& r, AttributeValue& value);
  static bool usual_text(JsonReader& r, AttributeValue& value);
  bool guessed_attributes(JsonReader& r, SpanFields& fields, std::uint16_t& place);
  void span_attributes(JsonReader& r, SpanFields& fields);
  template <class Add>
  void any_attribute(JsonReader& r, Add add);
  AttributeValue any_value(JsonReader& r, bool in_list, unsigned depth);
  void not_finite(JsonReader& r);
  void value_list(JsonReader& r, bool of_pairs, unsigned depth);

  std::string_view id(JsonReader& r);
  template <std::size_t kDigits>
  std::string_view usual_id(JsonReader& r);
  std::uint64_t time(JsonReader& r);
  std::int64_t int32(JsonReader& r);
  std::int64_t integer_in(JsonReader& r, std::int64_t min, std::int64_t max, const char* what);
  void links(JsonReader& r, SpanFields& fields);
  void repeated(JsonReader& r) { irregular(r, true, "repeated key"); }
  void irregular(JsonReader& r, bool repeated_key, const char* what);

  DecodeContext& context_;
  const Directive& directive_;
};

// Notes which of an object's members were there.
class Members {
 public:
  // True when member `i` comes again.
  bool again(int i) {
    const bool was = (seen_ >> i & 1) != 0;
    seen_ |= 1U << i;
    return was;
  }
  [[nodiscard]] bool has(std::size_t i) const { return (seen_ >> i & 1) != 0; }

 private:
  std::uint32_t seen_ = 0;
};

void OtlpJson::irregular(JsonReader& r, bool repeated_key, const char* what) {
  const std::size_t at = static_cast<std::size_t>(directive_.bytes.data() - context_.batch.buffer.get()) + r.offset();
  const base::TextPosition p = base::position_of({context_.batch.buffer.get(), context_.batch.size}, at);
  context_.out.irregularities.push_back({repeated_key, context_.batch.offset + at, context_.batch.line + p.line - 1,
                                         p.line == 1 ? context_.batch.column + p.column - 1 : p.column, what});
}

// -- scalars

std::string_view OtlpJson::id(JsonReader& r) {
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

// An id of the usual length in lower case, else any.
template <std::size_t kDigits>
std::string_view OtlpJson::usual_id(JsonReader& r) {
  const std::string_view rest = r.rest();
  if (rest.size() < kDigits + 2 || rest[0] != '"' || rest[kDigits + 1] != '"') return id(r);
  const std::string_view digits(rest.data() + 1, kDigits);
  for (std::size_t i = 0; i < kDigits; i += 16) {
    if (!base::are_hex16(digits.data() + i)) return id(r);
  }
  r.advance(kDigits + 2);
  return digits;
}

std::uint64_t OtlpJson::time(JsonReader& r) {
  const std::string_view rest = r.rest();
  if (std::uint64_t usual = 0;
      rest.size() >= 21 && rest[0] == '"' && rest[20] == '"' && context_.worker.otlp_time.read(rest.data() + 1, &usual)) {
    r.advance(21);
    return usual;
  }
  std::uint64_t value = 0;
  if (r.peek() != '"') {
    r.read_u64(&value);
    return value;
  }
  const std::size_t where = r.offset();
  std::string_view text;
  if (r.read_string(&text) && !otlp::unsigned_text(text, &value)) {
    r.fail_at(where, JsonFault::kType, "expected nanoseconds as an unsigned 64-bit integer");
  }
  return value;
}

std::int64_t OtlpJson::int32(JsonReader& r) {
  return integer_in(r, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max(),
                    "expected a signed 32-bit integer");
}

std::int64_t OtlpJson::integer_in(JsonReader& r, std::int64_t min, std::int64_t max, const char* what) {
  r.peek();
  const std::size_t where = r.offset();
  std::int64_t value = 0;
  if (r.read_i64(&value) && (value < min || value > max)) r.fail_at(where, JsonFault::kType, what);
  return value;
}

// -- any-values

enum ValueKey : int { kStringValue, kBoolValue, kIntValue, kDoubleValue, kArrayValue, kKvlistValue, kBytesValue };
constexpr std::array<std::string_view, 7> kValueNames = {"stringValue", "boolValue",   "intValue",  "doubleValue",
                                                         "arrayValue",  "kvlistValue", "bytesValue"};
constexpr KeyTable kValueKeys(kValueNames);

// A double that JSON has no number for, as `capture` and other writers put it.
void OtlpJson::not_finite(JsonReader& r) {
  const std::size_t at = r.offset();
  std::string_view text;
  if (r.read_string(&text) && text != "NaN" && text != "Infinity" && text != "-Infinity") {
    r.fail_at(at, JsonFault::kType, "expected a number");
  }
}

// `{"values": […]}`; without it, a repairable shape.
void OtlpJson::value_list(JsonReader& r, bool of_pairs, unsigned depth) {
  bool found = false;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    if (r.key() != "values") {
      r.skip();
      continue;
    }
    if (found) repeated(r);
    found = true;
    for (bool item = r.enter_array(); item; item = r.next_item()) {
      if (of_pairs) {
        any_attribute(r, [](std::string_view, const AttributeValue&) {});
      } else {
        any_value(r, true, depth + 1);
      }
    }
  }
  if (!r.failed() && !found) irregular(r, false, "list without \"values\"");
}

AttributeValue OtlpJson::any_value(JsonReader& r, bool in_list, unsigned depth) {
  using Kind = AttributeValue::Kind;
  AttributeValue value;
  r.peek();
  const std::size_t where = r.offset();
  bool known = false;
  bool members = false;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    members = true;
    const int key = kValueKeys.find(r.key());
    if (key < 0) {
      r.skip();
      continue;
    }
    known = true;
    value = {};
    value.kind = Kind::kOther;
    switch (static_cast<ValueKey>(key)) {
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
          const std::size_t at = r.offset();
          std::string_view text;
          if (r.read_string(&text) && !otlp::signed_text(text, &value.integer)) {
            r.fail_at(at, JsonFault::kType, "expected a signed 64-bit integer");
          }
        } else {
          r.read_i64(&value.integer);
        }
        break;
      case kDoubleValue: {
        double ignored = 0;
        if (r.peek() == '"') {
          not_finite(r);
        } else {
          r.read_double(&ignored);
        }
        break;
      }
      case kArrayValue:
        value_list(r, false, depth);
        break;
      case kKvlistValue:
        value_list(r, true, depth);
        break;
      case kBytesValue: {
        r.peek();
        const std::size_t at = r.offset();
        std::string_view text;
        if (r.read_string(&text) && !otlp::is_base64(text)) r.fail_at(at, JsonFault::kType, "expected base64");
        break;
      }
    }
  }
  if (r.failed() || known) return value;
  if (members || in_list) {
    r.fail_at(where, JsonFault::kType, "value without a known member");
  } else {
    irregular(r, false, "empty value");
  }
  return value;
}

// A key-value in any form.
template <class Add>
void OtlpJson::any_attribute(JsonReader& r, Add add) {
  r.peek();
  const std::size_t where = r.offset();
  Members members;
  std::string_view key;
  AttributeValue value;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    if (r.key() == "key") {
      if (members.again(0)) repeated(r);
      r.read_string(&key);
    } else if (r.key() == "value") {
      if (members.again(1)) repeated(r);
      value = {};
      if (!r.read_null()) value = any_value(r, false, 0);
    } else {
      r.skip();
    }
  }
  if (r.failed()) return;
  if (!members.has(0)) {
    r.fail_at(where, JsonFault::kType, "missing field `key`");
    return;
  }
  add(key, value);
}

// A key-value with a string or an integer as a string, written without blanks: what exporters write. False, and perhaps moved
// on, when it is anything else.
template <class Add>
bool OtlpJson::usual_attribute(JsonReader& r, Add add) {
  const char* const start = r.rest().data();
  std::string_view key;
  AttributeValue value;
  if (!r.take("{\"key\":\"") || !r.read_open_string(&key) || !r.take(",\"value\":{\"")) return false;
  if (r.take("stringValue\":\"")) {
    value.kind = AttributeValue::Kind::kString;
  } else if (r.take("intValue\":\"")) {
    value.kind = AttributeValue::Kind::kInt;
  } else {
    return false;
  }
  const std::string_view prefix(start, static_cast<std::size_t>(r.rest().data() - start));
  if (!usual_value(r, value)) return false;
  add(key, value, prefix);
  return true;
}

// The rest of a value whose opening quote was just taken, with the brackets behind it.
bool OtlpJson::usual_value(JsonReader& r, AttributeValue& value) { return usual_text(r, value) && r.take(kClosing); }

// The same without the brackets.
bool OtlpJson::usual_text(JsonReader& r, AttributeValue& value) {
  if (!r.read_open_string(&value.text)) return false;
  return value.kind != AttributeValue::Kind::kInt || otlp::signed_text(value.text, &value.integer);
}

template <class Add>
void OtlpJson::attributes(JsonReader& r, Add add) {
  for (bool item = r.enter_array(); item; item = r.next_item()) {
    const std::size_t start = r.offset();
    if (usual_attribute(r, [&](std::string_view key, const AttributeValue& value, std::string_view) { add(key, value); }) ||
        r.failed()) {
      continue;
    }
    r.go_back(start);
    any_attribute(r, add);
  }
}

// Attributes as they were guessed from those of earlier spans, one behind the other, from the reader's position on. True when
// it stops behind a whole attribute, false when it stops in front of one that has to be read without a guess. `place` is where
// to look next.
bool OtlpJson::guessed_attributes(JsonReader& r, SpanFields& f, std::uint16_t& place) {
  const otlp::AttributeGuess& guesses = context_.worker.otlp_guess;
  std::size_t start = r.offset();
  bool matches = r.take(guesses.at(place).prefix);
  while (matches) {
    const otlp::AttributeGuess::Guess& guess = guesses.at(place);
    AttributeValue value;
    value.kind = guess.kind;
    if (!usual_text(r, value)) break;
    const std::size_t behind = r.offset();
    matches = r.take(guesses.at(guess.next).following);
    if (!matches && !r.take(kClosing)) break;
    f.add(guess.key, value);
    place = guess.next;
    start = behind + kClosing.size();
    if (!matches) return true;
    ++start;  // the comma
  }
  if (!r.failed()) r.go_back(start);
  return false;
}

void OtlpJson::span_attributes(JsonReader& r, SpanFields& f) {
  std::uint16_t place = otlp::AttributeGuess::first(f.kind);
  bool item = r.enter_array();
  while (item) {
    if (!guessed_attributes(r, f, place)) {
      if (r.failed()) return;
      const std::size_t start = r.offset();
      const auto learn = [&](std::string_view name, const AttributeValue& read, std::string_view prefix) {
        const otlp::AttributeKey key = f.key_of(name);
        f.add(key, read);
        context_.worker.otlp_guess.learn(place, prefix, name, key, read.kind);
        place = otlp::AttributeGuess::after(place, name, key);
      };
      if (!usual_attribute(r, learn)) {
        if (r.failed()) return;
        r.go_back(start);
        any_attribute(r, [&](std::string_view name, const AttributeValue& read) { f.add(name, read); });
      }
    }
    item = r.take(",") || r.next_item();
  }
}

// -- fields that are only checked

template <std::size_t kFields>
void OtlpJson::check_object(JsonReader& r, const std::array<Field, kFields>& fields) {
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

void OtlpJson::check_strings(JsonReader& r) {
  for (bool item = r.enter_array(); item; item = r.next_item()) {
    std::string_view ignored;
    r.read_string(&ignored);
  }
}

void OtlpJson::check(JsonReader& r, Check what) {
  static constexpr std::array kEventFields = {Field{"timeUnixNano", Check::kTime}, Field{"name", Check::kString},
                                              Field{"attributes", Check::kAttributes},
                                              Field{"droppedAttributesCount", Check::kU32}};
  static constexpr std::array kStatusFields = {Field{"message", Check::kString}, Field{"code", Check::kI32}};
  static constexpr std::array kEntityFields = {Field{"schemaUrl", Check::kString, true}, Field{"type", Check::kString, true},
                                               Field{"idKeys", Check::kStrings, true},
                                               Field{"descriptionKeys", Check::kStrings, true}};
  switch (what) {
    case Check::kString: {
      std::string_view ignored;
      r.read_string(&ignored);
      break;
    }
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

void OtlpJson::links(JsonReader& r, SpanFields& fields) {
  bool first = true;
  for (bool item = r.enter_array(); item; item = r.next_item()) {
    Members members;
    std::string_view trace_id;
    for (bool more = r.enter_object(); more; more = r.next_member()) {
      static constexpr std::array kLinkFields = {Field{"traceId", Check::kId},
                                                 Field{"spanId", Check::kId},
                                                 Field{"traceState", Check::kString},
                                                 Field{"attributes", Check::kAttributes},
                                                 Field{"droppedAttributesCount", Check::kU32},
                                                 Field{"flags", Check::kU32}};
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
    if (first) fields.link_trace_id = trace_id;
    first = false;
    fields.has_links = true;
  }
}

// -- what is read

void OtlpJson::span(JsonReader& r) {
  using namespace otlp;
  SpanFields& f = context_.worker.otlp_fields;
  MemberOrder<kSpanMembers>& order = context_.worker.otlp_order;
  f.reset();
  Members members;
  for (int key = order.enter(r); key != kNoMember; key = order.next(r, key)) {
    if (key == kUnknownMember) {
      r.skip();
      continue;
    }
    if (members.again(key)) repeated(r);
    switch (static_cast<SpanMember>(key)) {
      case kTraceId:
        f.trace_id = usual_id<32>(r);
        break;
      case kSpanId:
        f.span_id = usual_id<16>(r);
        break;
      case kParentSpanId:
        f.parent_span_id = usual_id<16>(r);
        break;
      case kName:
        r.read_string(&f.name);
        break;
      case kKind:
        if (!r.take_digit(&f.kind)) f.kind = static_cast<std::int32_t>(int32(r));
        break;
      case kStart:
        f.start_ns = time(r);
        break;
      case kEnd:
        f.end_ns = time(r);
        break;
      case kAttributeList:
        f.clear_attributes();
        span_attributes(r, f);
        break;
      case kStatus:
        if (!r.take("{}")) check(r, Check::kStatus);
        break;
      case kFlags:
      case kDroppedAttributes:
      case kDroppedEvents:
      case kDroppedLinks:
        check(r, Check::kU32);
        break;
      case kTraceState:
        check(r, Check::kString);
        break;
      case kEvents:
        check(r, Check::kEvents);
        break;
      case kLinks:
        f.link_trace_id = {};
        f.has_links = false;
        links(r, f);
        break;
      case kSpanMembers:
        break;
    }
  }
  if (!r.failed()) context_.worker.otlp_spans.add(f, context_.out);
}

void OtlpJson::resource(JsonReader& r) {
  SpanFields& f = context_.worker.otlp_fields;
  f.reset();
  otlp::ResourceFields fields;
  Members members;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    if (r.key() == "attributes") {
      if (members.again(0)) repeated(r);
      fields = {};
      f.clear_attributes();
      attributes(r, [&](std::string_view name, const AttributeValue& value) {
        fields.add(name, value);
        f.add_grouping(name, value);
      });
    } else if (r.key() == "droppedAttributesCount") {
      if (members.again(1)) repeated(r);
      check(r, Check::kU32);
    } else if (r.key() == "entityRefs") {
      if (members.again(2)) repeated(r);
      check(r, Check::kEntityRefs);
    } else {
      r.skip();
    }
  }
  if (!r.failed()) context_.out.resources.push_back(context_.worker.otlp_spans.resource(fields, f.grouping));
}

TextId OtlpJson::scope(JsonReader& r) {
  std::string_view name;
  Members members;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    if (r.key() == "name") {
      if (members.again(0)) repeated(r);
      r.read_string(&name);
    } else if (r.key() == "version") {
      if (members.again(1)) repeated(r);
      check(r, Check::kString);
    } else if (r.key() == "attributes") {
      if (members.again(2)) repeated(r);
      check(r, Check::kAttributes);
    } else if (r.key() == "droppedAttributesCount") {
      if (members.again(3)) repeated(r);
      check(r, Check::kU32);
    } else {
      r.skip();
    }
  }
  return name.empty() ? base::kNoText : context_.worker.builder.scope(name);
}

}  // namespace

void decode_otlp_json(DecodeContext& context, const Directive& directive) {
  OtlpJson json(context, directive);
  Decoded& out = context.out;
  const auto mark = [&](TextId scope) {
    const auto resource = static_cast<std::uint32_t>(out.resources.size()) - (directive.step == Step::kResource ? 1U : 0U);
    out.marks.push_back(
        {directive.step, static_cast<std::uint32_t>(out.nodes.size()), resource, scope,
         directive.bytes.data() != nullptr ? context.offset_of(directive.bytes.data()) : directive.fault.offset});
  };
  if (directive.step == Step::kSpans) {
    decode_run(context, directive, [&](JsonReader& r) { json.span(r); });
    return;
  }
  TextId scope = base::kNoText;
  if (directive.step == Step::kResource || directive.step == Step::kScope) {
    JsonReader r(directive.bytes, context.worker.scratch, kMaxDepth, directive.depth);
    if (directive.step == Step::kResource) {
      json.resource(r);
    } else {
      scope = json.scope(r);
    }
    if (!r.failed() && !r.at_end()) r.fail(JsonFault::kSyntax, "expected ',' or '}'");
    if (r.failed()) {
      context.fault(directive.bytes, r.error());
      return;
    }
  }
  mark(scope);
}

}  // namespace sentinel::ingest
