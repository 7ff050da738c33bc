// Values of OTLP JSON in every form that is allowed (chapter 01 §8.2-8.4): what json.cpp reads when it is not written as most
// exporters write it, and the fields that are only checked for their type.
//
// Each call reads one value; the reader keeps the first fault. A repeated key and the two repairable shapes are noted in the
// batch's irregularities. One directive, one thread: that of the worker.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/json_reader.h"
#include "ingest/decoder.h"
#include "ingest/otlp/json_scalars.h"

namespace sentinel::ingest::otlp {

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

// What a field must hold that is not read.
enum class Check : std::uint8_t { kString, kU32, kI32, kTime, kId, kAttributes, kEvents, kStatus, kStrings, kEntityRefs };

class JsonValues {
 public:
  JsonValues(DecodeContext& context, const Directive& directive) : context_(context), directive_(directive) {}

  // -- read

  std::string_view id(base::JsonReader& r);
  std::uint64_t time(base::JsonReader& r);
  std::int64_t int32(base::JsonReader& r);
  // A link, of which only the trace id is of use.
  std::string_view link(base::JsonReader& r);
  // Calls add(key, value) for each key-value of a list.
  template <class Add>
  void attributes(base::JsonReader& r, Add add);
  // A key-value in any form; false after a fault.
  bool attribute(base::JsonReader& r, std::string_view* key, AttributeValue* value);

  // -- tried: the form without blanks that exporters write. False, and perhaps moved on, when it is anything else.

  // A key-value with a string or an integer as a string. `prefix` is its text up to the value's opening quote.
  static bool usual_attribute(base::JsonReader& r, std::string_view* key, AttributeValue* value, std::string_view* prefix);
  // The rest of a value of a known kind whose opening quote was just taken; kClosing follows.
  static bool usual_text(base::JsonReader& r, AttributeValue& value);
  static constexpr std::string_view kClosing = "}}";  // of a value and its attribute

  // -- checked only

  void check(base::JsonReader& r, Check what);
  void repeated(base::JsonReader& r) { irregular(r, true, "repeated key"); }

 private:
  struct Field {
    std::string_view name;
    Check check;
    bool required = false;
  };
  template <std::size_t kFields>
  void check_object(base::JsonReader& r, const std::array<Field, kFields>& fields);
  template <std::size_t kFields>
  void check_list(base::JsonReader& r, const std::array<Field, kFields>& fields);

  std::uint64_t unusual_time(base::JsonReader& r);
  std::int64_t integer_in(base::JsonReader& r, std::int64_t min, std::int64_t max, const char* what);
  AttributeValue value_of(base::JsonReader& r, int name);
  AttributeValue any_value(base::JsonReader& r, bool in_list);
  void value_list(base::JsonReader& r, bool of_pairs);
  void irregular(base::JsonReader& r, bool repeated_key, const char* what);

  DecodeContext& context_;
  const Directive& directive_;
};

inline std::uint64_t JsonValues::time(base::JsonReader& r) {
  const std::string_view rest = r.rest();
  if (std::uint64_t usual = 0;
      rest.size() >= 21 && rest[0] == '"' && rest[20] == '"' && context_.worker.otlp_time.read(rest.data() + 1, &usual)) {
    r.advance(21);
    return usual;
  }
  return unusual_time(r);
}

inline bool JsonValues::usual_text(base::JsonReader& r, AttributeValue& value) {
  if (!r.read_open_string(&value.text)) return false;
  return value.kind != AttributeValue::Kind::kInt || signed_text(value.text, &value.integer);
}

inline bool JsonValues::usual_attribute(base::JsonReader& r, std::string_view* key, AttributeValue* value,
                                        std::string_view* prefix) {
  const char* const start = r.rest().data();
  if (!r.take("{\"key\":\"") || !r.read_open_string(key) || !r.take(",\"value\":{\"")) return false;
  if (r.take("stringValue\":\"")) {
    value->kind = AttributeValue::Kind::kString;
  } else if (r.take("intValue\":\"")) {
    value->kind = AttributeValue::Kind::kInt;
  } else {
    return false;
  }
  *prefix = {start, static_cast<std::size_t>(r.rest().data() - start)};
  return usual_text(r, *value) && r.take(kClosing);
}

template <class Add>
void JsonValues::attributes(base::JsonReader& r, Add add) {
  for (bool item = r.enter_array(); item; item = r.next_item()) {
    const std::size_t start = r.offset();
    std::string_view key;
    std::string_view prefix;
    AttributeValue value;
    if (!usual_attribute(r, &key, &value, &prefix)) {
      if (r.failed()) return;
      r.go_back(start);
      if (!attribute(r, &key, &value)) return;
    }
    add(key, value);
  }
}

}  // namespace sentinel::ingest::otlp
