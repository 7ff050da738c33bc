// What reading a JSON text gives, as a word and an offset that tests compare.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "base/text.h"

namespace sentinel::base::test {

inline const char* name_of(JsonFault fault) {
  switch (fault) {
    case JsonFault::kNone:
      return "ok";
    case JsonFault::kSyntax:
      return "syntax";
    case JsonFault::kUnexpectedEnd:
      return "end";
    case JsonFault::kTooDeep:
      return "deep";
    case JsonFault::kType:
      return "type";
  }
  return "?";
}

// What reading one value gives: "ok …" or the fault with its offset.
template <class Read>
inline std::string outcome(std::string_view text, Read read) {
  Arena scratch;
  JsonReader reader(text, scratch);
  const std::string value = read(reader);
  if (!reader.failed() && !reader.at_end()) reader.fail(JsonFault::kSyntax, "trailing bytes");
  if (!reader.failed()) return "ok " + value;
  return std::string(name_of(reader.error().fault)) + " " + std::to_string(reader.error().offset);
}

inline std::string skipped(std::string_view text) {
  return outcome(text, [](JsonReader& r) {
    r.skip();
    return std::string();
  });
}
inline std::string string_in(std::string_view text) {
  return outcome(text, [](JsonReader& r) {
    std::string_view value;
    r.read_string(&value);
    return std::string(value);
  });
}
inline std::string double_in(std::string_view text) {
  return outcome(text, [](JsonReader& r) {
    double value = -1;
    r.read_double(&value);
    char out[64];
    std::snprintf(out, sizeof out, "%g", value);
    return std::string(out);
  });
}

// Reads any value with the typed calls and writes it down without white space.
inline std::string written(JsonReader& r) {
  std::string_view text;
  bool flag = false;
  switch (r.peek()) {
    case '{': {
      std::string out = "{";
      for (bool more = r.enter_object(); more; more = r.next_member()) {
        out += std::string(r.key()) + ":";
        out += written(r) + ",";
      }
      return out + "}";
    }
    case '[': {
      std::string out = "[";
      for (bool more = r.enter_array(); more; more = r.next_item()) out += written(r) + ",";
      return out + "]";
    }
    case '"':
      return r.read_string(&text) ? "'" + std::string(text) + "'" : "";
    case 't':
    case 'f':
      return r.read_bool(&flag) ? (flag ? "true" : "false") : "";
    case 'n':
      return r.read_null() ? "null" : "";
    default:
      if (r.peek() != '-' && !is_digit(r.peek())) return r.skip(), "";
      return r.read_number(&text, &flag) ? std::string(text) : "";
  }
}
inline std::string read(std::string_view text) { return outcome(text, written); }

struct Case {
  std::string_view text;
  std::string_view result;
};

}  // namespace sentinel::base::test
