// Writes JSON documents into a string, compact or indented by two spaces (chapter 07 §3.1).
//
// The caller keeps the order key, value, key, value inside objects; the writer places commas, colons and line ends.
// Empty containers are written {} and []. Text is escaped, never sanitised. The string has all of a document once its outermost
// value is closed, and must be left alone until then: what is written gathers in a buffer first. One thread; a long container
// may be written by several, each with a writer of its own (items_apart()).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sentinel::base {

class JsonWriter {
 public:
  enum class Style { kCompact, kPretty };

  JsonWriter(std::string& out, Style style) : out_(&out), pretty_(style == Style::kPretty) {}
  // Writes items of a container that another document has open, `depth` containers deep, with what stands before each; `first`:
  // from the container's first on. The string has each item once that is closed.
  JsonWriter(std::string& out, Style style, std::size_t depth, bool first)
      : out_(&out), depth_(depth), outermost_(depth), pretty_(style == Style::kPretty), empty_(first) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

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

  // Items of the open container, at least one, that others write: they belong between what is in the string then and `rest`,
  // which takes what follows.
  JsonWriter& items_apart(std::string& rest);

  // key() and a value in one call.
  JsonWriter& field(std::string_view name, std::string_view text) { return key(name).string(text); }
  JsonWriter& field(std::string_view name, std::uint64_t value) { return key(name).number(value); }
  JsonWriter& field_real(std::string_view name, double value) { return key(name).real(value); }
  JsonWriter& field_bool(std::string_view name, bool value) { return key(name).boolean(value); }

 private:
  static constexpr std::size_t kBufferBytes = 1024;
  static constexpr std::size_t kPieceBytes = 512;  // of a text, copied at a time
  static constexpr std::size_t kShortDepth = 16;   // line breaks down to it are written in one go
  static constexpr std::size_t kShortBreak = 1 + 2 * kShortDepth;

  [[nodiscard]] char* room(std::size_t bytes) {
    if (kBufferBytes - used_ < bytes) flush();
    return buffer_.data() + used_;
  }
  void put(char c) {
    *room(1) = c;
    ++used_;
  }
  void used_up_to(const char* end) { used_ = static_cast<std::size_t>(end - buffer_.data()); }
  void flush();

  void before_value();
  void after_value() {
    if (depth_ == outermost_) flush();
  }
  void separate();
  [[nodiscard]] char* short_break(char* at) const;
  void line_break();
  void quoted(std::string_view text);
  void open(char bracket);
  void close(char bracket);

  std::string* out_;
  std::size_t depth_ = 0;      // open containers
  std::size_t outermost_ = 0;  // of them, not this writer's
  std::size_t used_ = 0;       // of buffer_
  bool pretty_;
  bool after_key_ = false;
  bool empty_ = true;  // the innermost container has nothing in it yet
  std::array<char, kBufferBytes> buffer_;
};

// `text` between quotes, escaped: " \ and control characters only.
void append_json_string(std::string& out, std::string_view text);

}  // namespace sentinel::base
