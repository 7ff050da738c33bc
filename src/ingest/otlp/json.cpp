// OTLP JSON: spans, resources and scopes (chapter 01 §8.2-8.4) as most exporters write them; json_values.h reads the rest.
//
// Every known field is checked for its type, read or not; a repeated key and the two repairable shapes are noted as
// irregularities and judged when the document is complete (ingest.cpp).
#include "base/hex.h"
#include "ingest/decoder.h"
#include "ingest/json_scan.h"
#include "ingest/otlp/json_values.h"

namespace sentinel::ingest {

using base::JsonFault;
using base::JsonReader;
using otlp::AttributeValue;
using otlp::Check;
using otlp::JsonValues;
using otlp::Members;
using otlp::SpanFields;

namespace {

// Decodes the values of one directive.
class OtlpJson {
 public:
  OtlpJson(DecodeContext& context, const Directive& directive) : context_(context), values_(context, directive) {}

  void span(JsonReader& r);
  void resource(JsonReader& r);
  TextId scope(JsonReader& r);

 private:
  bool guessed_attributes(JsonReader& r, SpanFields& fields, std::uint16_t& place);
  void span_attributes(JsonReader& r, SpanFields& fields);
  template <std::size_t kDigits>
  std::string_view usual_id(JsonReader& r);
  void links(JsonReader& r, SpanFields& fields);

  DecodeContext& context_;
  JsonValues values_;
};

// An id of the usual length in lower case, else any.
template <std::size_t kDigits>
std::string_view OtlpJson::usual_id(JsonReader& r) {
  const std::string_view rest = r.rest();
  if (rest.size() < kDigits + 2 || rest[0] != '"' || rest[kDigits + 1] != '"') return values_.id(r);
  const std::string_view digits(rest.data() + 1, kDigits);
  for (std::size_t i = 0; i < kDigits; i += 16) {
    if (!base::are_hex16(digits.data() + i)) return values_.id(r);
  }
  r.advance(kDigits + 2);
  return digits;
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
    if (!JsonValues::usual_text(r, value)) break;
    const std::size_t behind = r.offset();
    matches = r.take(guesses.at(guess.next).following);
    if (!matches && !r.take(JsonValues::kClosing)) break;
    f.add(guess.key, value);
    place = guess.next;
    start = behind + JsonValues::kClosing.size();
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
      std::string_view name;
      std::string_view prefix;
      AttributeValue value;
      if (JsonValues::usual_attribute(r, &name, &value, &prefix)) {
        const otlp::AttributeKey key = f.key_of(name);
        f.add(key, value);
        context_.worker.otlp_guess.learn(place, prefix, name, key, value.kind);
        place = otlp::AttributeGuess::after(place, name, key);
      } else {
        if (r.failed()) return;
        r.go_back(start);
        if (!values_.attribute(r, &name, &value)) return;
        f.add(name, value);
      }
    }
    item = r.take(",") || r.next_item();
  }
}

void OtlpJson::links(JsonReader& r, SpanFields& fields) {
  fields.link_trace_id = {};
  fields.has_links = false;
  for (bool item = r.enter_array(); item; item = r.next_item()) {
    const std::string_view trace_id = values_.link(r);
    if (!fields.has_links) fields.link_trace_id = trace_id;
    fields.has_links = true;
  }
}

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
    if (members.again(key)) values_.repeated(r);
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
        if (!r.take_digit(&f.kind)) f.kind = static_cast<std::int32_t>(values_.int32(r));
        break;
      case kStart:
        f.start_ns = values_.time(r);
        break;
      case kEnd:
        f.end_ns = values_.time(r);
        break;
      case kAttributeList:
        f.clear_attributes();
        span_attributes(r, f);
        break;
      case kStatus:
        if (!r.take("{}")) values_.check(r, Check::kStatus);
        break;
      case kFlags:
      case kDroppedAttributes:
      case kDroppedEvents:
      case kDroppedLinks:
        values_.check(r, Check::kU32);
        break;
      case kTraceState:
        values_.check(r, Check::kString);
        break;
      case kEvents:
        values_.check(r, Check::kEvents);
        break;
      case kLinks:
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
      if (members.again(0)) values_.repeated(r);
      fields = {};
      f.clear_attributes();
      values_.attributes(r, [&](std::string_view name, const AttributeValue& value) {
        fields.add(name, value);
        f.add_grouping(name, value);
      });
    } else if (r.key() == "droppedAttributesCount") {
      if (members.again(1)) values_.repeated(r);
      values_.check(r, Check::kU32);
    } else if (r.key() == "entityRefs") {
      if (members.again(2)) values_.repeated(r);
      values_.check(r, Check::kEntityRefs);
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
      if (members.again(0)) values_.repeated(r);
      r.read_string(&name);
    } else if (r.key() == "version") {
      if (members.again(1)) values_.repeated(r);
      values_.check(r, Check::kString);
    } else if (r.key() == "attributes") {
      if (members.again(2)) values_.repeated(r);
      values_.check(r, Check::kAttributes);
    } else if (r.key() == "droppedAttributesCount") {
      if (members.again(3)) values_.repeated(r);
      values_.check(r, Check::kU32);
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
