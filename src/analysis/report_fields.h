// The small readers that the parts of a saved report are read with, after check_report_shape() has passed the document.
//
// Each reads the value that comes next and leaves what it fills alone where null stands for it. For report_reader*.cpp only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_reader.h"

namespace sentinel::analysis::fields {

using base::JsonReader;

// Calls member(key) for each member of the object that comes next; what member() does not read it must skip.
template <class Member>
void each_member(JsonReader& in, Member member) {
  for (bool more = in.enter_object(); more; more = in.next_member()) member(in.key());
}

template <class Item>
void each_item(JsonReader& in, Item item) {
  for (bool more = in.enter_array(); more; more = in.next_item()) item();
}

inline void read(JsonReader& in, std::string_view& out) {
  if (!in.read_null()) in.read_string(&out);
}

inline void read(JsonReader& in, std::string& out) {
  std::string_view text;
  if (!in.read_null() && in.read_string(&text)) out = text;
}

inline void read(JsonReader& in, std::uint64_t& out) { in.read_u64(&out); }

inline void read(JsonReader& in, double& out) {
  if (!in.read_null()) in.read_double(&out);
}

inline void read(JsonReader& in, bool& out) {
  if (!in.read_null()) in.read_bool(&out);
}

// Whole numbers of any width; the shape has seen to it that they fit.
template <class Number>
requires(std::is_unsigned_v<Number> && !std::is_same_v<Number, bool>) void read(JsonReader& in, std::optional<Number>& out) {
  std::uint64_t value = 0;
  if (!in.read_null() && in.read_u64(&value)) out = static_cast<Number>(value);
}

// Anything else that has a reader.
template <class Value>
void read(JsonReader& in, std::optional<Value>& out) {
  if (!in.read_null()) read(in, out.emplace());
}

template <class Enum>
void read(JsonReader& in, Enum& out, std::optional<Enum> (*named)(std::string_view)) {
  std::string_view name;
  if (in.read_null() || !in.read_string(&name)) return;
  if (const std::optional<Enum> value = named(name)) out = *value;
}

}  // namespace sentinel::analysis::fields
