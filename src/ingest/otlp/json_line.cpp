#include "ingest/otlp/json_line.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>
#include <vector>

#include "base/base64.h"
#include "base/hex.h"
#include "base/json_writer.h"
#include "base/number_format.h"
#include "ingest/otlp/trace_schema.h"
#include "ingest/otlp/wire.h"

namespace sentinel::ingest::otlp {
namespace {

// How a field is written.
enum class Form : std::uint8_t {
  kText,
  kId,       // bytes as hex
  kU32,      // a varint, its low 32 bits
  kI32,      // the same, signed: enums
  kFixed32,  // a number
  kTime,     // fixed64 as a decimal text
  kObject,   // or null
  kObjects,  // a list
  kTexts,    // a list
  kValue,    // AnyValue or null
  kOddIndex  // a varint, left out when it is 0
};

struct Member {
  std::string_view key;
  std::uint32_t field;
  Form form;
  std::span<const Member> of = {};  // kObject, kObjects
};

constexpr Member kKeyValue[] = {{"key", 1, Form::kText}, {"value", 2, Form::kValue}, {"keyStrindex", 3, Form::kOddIndex}};
constexpr Member kEntityRef[] = {
    {"schemaUrl", 1, Form::kText}, {"type", 2, Form::kText}, {"idKeys", 3, Form::kTexts}, {"descriptionKeys", 4, Form::kTexts}};
constexpr Member kResource[] = {{"attributes", 1, Form::kObjects, kKeyValue},
                                {"droppedAttributesCount", 2, Form::kU32},
                                {"entityRefs", 3, Form::kObjects, kEntityRef}};
constexpr Member kScope[] = {{"name", 1, Form::kText},
                             {"version", 2, Form::kText},
                             {"attributes", 3, Form::kObjects, kKeyValue},
                             {"droppedAttributesCount", 4, Form::kU32}};
constexpr Member kEvent[] = {{"timeUnixNano", 1, Form::kTime},
                             {"name", 2, Form::kText},
                             {"attributes", 3, Form::kObjects, kKeyValue},
                             {"droppedAttributesCount", 4, Form::kU32}};
constexpr Member kLink[] = {{"traceId", 1, Form::kId},
                            {"spanId", 2, Form::kId},
                            {"traceState", 3, Form::kText},
                            {"attributes", 4, Form::kObjects, kKeyValue},
                            {"droppedAttributesCount", 5, Form::kU32},
                            {"flags", 6, Form::kFixed32}};
constexpr Member kStatus[] = {{"message", 2, Form::kText}, {"code", 3, Form::kI32}};
constexpr Member kSpan[] = {{"traceId", 1, Form::kId},
                            {"spanId", 2, Form::kId},
                            {"traceState", 3, Form::kText},
                            {"parentSpanId", 4, Form::kId},
                            {"flags", 16, Form::kFixed32},
                            {"name", 5, Form::kText},
                            {"kind", 6, Form::kI32},
                            {"startTimeUnixNano", 7, Form::kTime},
                            {"endTimeUnixNano", 8, Form::kTime},
                            {"attributes", 9, Form::kObjects, kKeyValue},
                            {"droppedAttributesCount", 10, Form::kU32},
                            {"events", 11, Form::kObjects, kEvent},
                            {"droppedEventsCount", 12, Form::kU32},
                            {"links", 13, Form::kObjects, kLink},
                            {"droppedLinksCount", 14, Form::kU32},
                            {"status", 15, Form::kObject, kStatus}};
constexpr Member kScopeSpans[] = {
    {"scope", 1, Form::kObject, kScope}, {"spans", 2, Form::kObjects, kSpan}, {"schemaUrl", 3, Form::kText}};
constexpr Member kResourceSpans[] = {
    {"resource", 1, Form::kObject, kResource}, {"scopeSpans", 2, Form::kObjects, kScopeSpans}, {"schemaUrl", 3, Form::kText}};
constexpr Member kRequest[] = {{"resourceSpans", 1, Form::kObjects, kResourceSpans}};

constexpr std::uint32_t kMaxField = 16;

std::uint64_t varint(const char*& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    if (shift < 64) value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
}

// One field of a message: its number if it is a varint or fixed, its bytes if it is delimited.
struct FieldOnWire {
  std::uint32_t field = 0;
  std::uint64_t number = 0;
  std::string_view slice = {};
};

// Reads a field and moves past it; false for a group, which no schema knows, and for its end. The message is valid, so that
// nothing needs a bound here.
bool take_field(const char*& at, FieldOnWire* out) {
  const std::uint64_t tag = varint(at);
  *out = {.field = static_cast<std::uint32_t>(tag >> 3)};
  switch (static_cast<WireType>(tag & 7)) {
    case kVarint:
      out->number = varint(at);
      return true;
    case kFixed64:
      std::memcpy(&out->number, at, 8);
      at += 8;
      return true;
    case kFixed32:
      std::memcpy(&out->number, at, 4);  // little-endian, as the wire is
      at += 4;
      return true;
    case kDelimited: {
      const std::uint64_t size = varint(at);
      out->slice = {at, static_cast<std::size_t>(size)};
      at += size;
      return true;
    }
    case kStartGroup: {
      FieldOnWire inner;
      do {
        const char* const start = at;
        const std::uint64_t next = varint(at);
        if ((next & 7) == kEndGroup) break;
        at = start;
        take_field(at, &inner);
      } while (true);
      return false;
    }
    case kEndGroup:
      break;
  }
  return false;
}

// Calls f for each field that may be one of a schema's, in order.
template <class F>
void each_field(std::string_view message, F f) {
  const char* at = message.data();
  const char* const end = at + message.size();
  FieldOnWire field;
  while (at < end) {
    if (take_field(at, &field) && field.field <= kMaxField) f(field);
  }
}

// What one message holds of a field.
struct Collected {
  std::uint64_t number = 0;                   // the last one
  std::vector<std::string_view> slices = {};  // in order
};

class Fields {
 public:
  explicit Fields(std::string_view message) {
    each_field(message, [this](const FieldOnWire& field) {
      Collected& to = fields_[field.field];
      to.number = field.number;
      if (field.slice.data() != nullptr) to.slices.push_back(field.slice);
    });
  }

  [[nodiscard]] const Collected& operator[](std::uint32_t field) const { return fields_[field]; }

 private:
  std::array<Collected, kMaxField + 1> fields_;
};

// The value fields of AnyValue.
enum : std::uint32_t { kString = 1, kBool, kInt, kDouble, kArray, kKvlist, kBytes, kStringIndex };

class LineWriter {
 public:
  explicit LineWriter(std::string& out) : json_(out, base::JsonWriter::Style::kCompact) {}

  void object(std::string_view message, std::span<const Member> members) {
    const Fields fields(message);
    json_.begin_object();
    for (const Member& m : members) member(m, fields[m.field]);
    json_.end_object();
  }

  [[nodiscard]] std::uint64_t spans() const { return spans_; }

 private:
  // An embedded message that came in several pieces is the pieces one after the other.
  static std::string_view merged(const std::vector<std::string_view>& slices, std::string& room) {
    if (slices.size() == 1) return slices.front();
    for (const std::string_view slice : slices) room += slice;
    return room;
  }

  void member(const Member& m, const Collected& c) {
    if (m.form == Form::kOddIndex) {
      if (c.number != 0) json_.key(m.key).signed_number(static_cast<std::int32_t>(c.number));
      return;
    }
    json_.key(m.key);
    switch (m.form) {
      case Form::kText:
        json_.string(c.slices.empty() ? std::string_view() : c.slices.back());
        break;
      case Form::kId:
        hex(c.slices.empty() ? std::string_view() : c.slices.back());
        break;
      case Form::kU32:
      case Form::kFixed32:
        json_.number(static_cast<std::uint32_t>(c.number));
        break;
      case Form::kI32:
        json_.signed_number(static_cast<std::int32_t>(c.number));
        break;
      case Form::kTime:
        json_.string(std::to_string(c.number));
        break;
      case Form::kObject:
      case Form::kValue:
        embedded(m, c);
        break;
      case Form::kObjects:
        json_.begin_array();
        for (const std::string_view item : c.slices) object(item, m.of);
        json_.end_array();
        if (m.of.data() == kSpan) spans_ += c.slices.size();
        break;
      case Form::kTexts:
        json_.begin_array();
        for (const std::string_view item : c.slices) json_.string(item);
        json_.end_array();
        break;
      case Form::kOddIndex:
        break;
    }
  }

  void embedded(const Member& m, const Collected& c) {
    if (c.slices.empty()) {
      json_.null();
      return;
    }
    std::string room;
    const std::string_view bytes = merged(c.slices, room);
    m.form == Form::kValue ? value(bytes) : object(bytes, m.of);
  }

  void hex(std::string_view bytes) {
    std::string digits(bytes.size() * 2, '\0');
    base::write_hex(bytes, digits.data());
    json_.string(digits);
  }

  void real(double number) {
    if (std::isfinite(number)) {
      json_.real(number);
    } else {
      json_.string(std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
    }
  }

  // A list member: its pieces back to where another member stood between count as one.
  void list(std::string_view any_value, std::uint32_t member) {
    std::string pieces;
    each_field(any_value, [&](const FieldOnWire& field) {
      if (field.field == member) {
        pieces += field.slice;
      } else if (field.field >= kString && field.field <= kStringIndex) {
        pieces.clear();
      }
    });
    const Fields values(pieces);
    json_.begin_object().key("values").begin_array();
    for (const std::string_view item : values[1].slices) member == kArray ? value(item) : object(item, kKeyValue);
    json_.end_array().end_object();
  }

  void value(std::string_view bytes) {
    // Of several members the one that came last counts.
    std::uint32_t set = 0;
    Collected c;
    each_field(bytes, [&](const FieldOnWire& field) {
      if (field.field < kString || field.field > kStringIndex) return;
      set = field.field;
      c.number = field.number;
      c.slices.assign(1, field.slice);
    });
    json_.begin_object();
    switch (set) {
      case kString:
        json_.key("stringValue").string(c.slices.back());
        break;
      case kBool:
        json_.key("boolValue").boolean(c.number != 0);
        break;
      case kInt:
        json_.key("intValue").string(std::to_string(static_cast<std::int64_t>(c.number)));
        break;
      case kDouble:
        json_.key("doubleValue");
        real(std::bit_cast<double>(c.number));
        break;
      case kArray:
        json_.key("arrayValue");
        list(bytes, kArray);
        break;
      case kKvlist:
        json_.key("kvlistValue");
        list(bytes, kKvlist);
        break;
      case kBytes:
        json_.key("bytesValue").string(base::base64(c.slices.back()));
        break;
      case kStringIndex:
        json_.key("stringValueStrindex").signed_number(static_cast<std::int32_t>(c.number));
        break;
      default:
        break;
    }
    json_.end_object();
  }

  base::JsonWriter json_;
  std::uint64_t spans_ = 0;
};

}  // namespace

base::Status check_request(std::string_view message) {
  Wire wire(message);
  if (check_message(wire, message, Message::kRequest, 0)) return base::success();
  std::string where = "byte " + std::to_string(wire.at - message.data());
  if (wire.message != nullptr) where.append(", ").append(wire.message);
  return base::Error{std::string("invalid otlp-protobuf: ") + wire.what, std::move(where), {}};
}

std::uint64_t append_json_line(std::string& out, std::string_view message) {
  LineWriter writer(out);
  writer.object(message, kRequest);
  return writer.spans();
}

}  // namespace sentinel::ingest::otlp
