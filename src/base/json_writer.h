// Writes one JSON document into a string, compact or indented by two spaces (chapter 07 §3.1).
//
// The caller keeps the order key, value, key, value inside objects; the writer places commas, colons and line ends.
// Empty containers are written {} and []. Text is escaped, never sanitised. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sentinel::base {

class JsonWriter {
 public:
  enum class Style { kCompact, kPretty };

  JsonWriter(std::string& out, Style style) : out_(out), pretty_(style == Style::kPretty) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view text);
  JsonWriter& number(std::uint64_t value);
  JsonWriter& signed_number(std::int64_t value);
  JsonWriter& real(double value);  // append_json_float()
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // an already encoded value

  // key() and a value in one call.
  JsonWriter& field(std::string_view name, std::string_view text) { return key(name).string(text); }
  JsonWriter& field(std::string_view name, std::uint64_t value) { return key(name).number(value); }
  JsonWriter& field_real(std::string_view name, double value) { return key(name).real(value); }
  JsonWriter& field_bool(std::string_view name, bool value) { return key(name).boolean(value); }

 private:
  void before_value();
  void line_break();
  void open(char bracket);
  void close(char bracket);

  std::string& out_;
  std::vector<bool> has_items_;  // one entry an open container
  bool pretty_;
  bool after_key_ = false;
};

// `text` between quotes, escaped: " \ and control characters only.
void append_json_string(std::string& out, std::string_view text);

}  // namespace sentinel::base
