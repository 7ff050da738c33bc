#include "base/json_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace sentinel::base {

void JsonReader::fail_at(std::size_t offset, JsonFault fault, const char* what) {
  if (failed()) return;
  error_ = {fault, offset, what};
  at_ = end_;
}

void JsonReader::skip_more_space() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool JsonReader::unexpected(const char* what) {
  if (at_ >= end_) {
    fail(JsonFault::kUnexpectedEnd, "unexpected end of input");
  } else {
    fail(JsonFault::kSyntax, what);
  }
  return false;
}

// -- containers

bool JsonReader::open(char bracket, const char* what) {
  if (failed()) return false;
  if (peek() != bracket) {
    if (at_ >= end_) return unexpected(what);
    const char c = *at_;
    const bool value = c == '{' || c == '[' || c == '"' || c == '-' || is_digit(c) || c == 't' || c == 'f' || c == 'n';
    fail(value ? JsonFault::kType : JsonFault::kSyntax, what);
    return false;
  }
  if (depth_ >= max_depth_) {
    fail(JsonFault::kTooDeep, "nesting too deep");
    return false;
  }
  ++depth_;
  ++at_;
  return true;
}

bool JsonReader::enter_object() {
  if (!open('{', "expected an object")) return false;
  if (peek() == '}') {
    ++at_;
    --depth_;
    return false;
  }
  return read_key();
}

bool JsonReader::read_key() {
  if (peek() != '"') return unexpected("expected a key in double quotes");
  if (!read_short(at_ + 1, &key_) && !read_quoted(at_ + 1, &key_)) return false;
  if (at_ < end_ && *at_ == ':') {
    ++at_;
    return true;
  }
  if (peek() != ':') return unexpected("expected ':' after the key");
  ++at_;
  return true;
}

bool JsonReader::next_member() {
  if (failed()) return false;
  const char c = peek();
  if (c == ',') {
    ++at_;
    return read_key();
  }
  if (c == '}') {
    ++at_;
    --depth_;
    return false;
  }
  return unexpected("expected ',' or '}'");
}

bool JsonReader::enter_array() {
  if (!open('[', "expected an array")) return false;
  if (peek() == ']') {
    ++at_;
    --depth_;
    return false;
  }
  return true;
}

bool JsonReader::next_item() {
  if (failed()) return false;
  const char c = peek();
  if (c == ',') {
    ++at_;
    return true;
  }
  if (c == ']') {
    ++at_;
    --depth_;
    return false;
  }
  return unexpected("expected ',' or ']'");
}

// -- scalars

bool JsonReader::read_string(std::string_view* out) {
  if (failed()) return false;
  if (peek() != '"') {
    if (at_ >= end_) return unexpected("");
    fail(JsonFault::kType, "expected a string");
    return false;
  }
  return read_short(at_ + 1, out) || read_quoted(at_ + 1, out);
}

bool JsonReader::skip_literal(std::string_view word) {
  const auto left = static_cast<std::size_t>(end_ - at_);
  const std::size_t n = std::min(left, word.size());
  if (std::memcmp(at_, word.data(), n) != 0) return unexpected("invalid literal");
  at_ += n;
  return n == word.size() || unexpected("");
}

bool JsonReader::read_bool(bool* out) {
  if (failed()) return false;
  const char c = peek();
  if (c != 't' && c != 'f') {
    if (at_ >= end_) return unexpected("");
    fail(JsonFault::kType, "expected true or false");
    return false;
  }
  *out = c == 't';
  return skip_literal(c == 't' ? "true" : "false");
}

bool JsonReader::read_null() { return !failed() && peek() == 'n' && skip_literal("null"); }

bool JsonReader::skip_number() {
  const auto digits = [&] {
    const char* const first = at_;
    while (at_ < end_ && is_digit(*at_)) ++at_;
    return at_ != first;
  };
  if (*at_ == '-') ++at_;
  if (at_ < end_ && *at_ == '0') {
    ++at_;
    if (at_ < end_ && is_digit(*at_)) return unexpected("number with a leading zero");
  } else if (!digits()) {
    return unexpected("invalid number");
  }
  if (at_ < end_ && *at_ == '.') {
    ++at_;
    if (!digits()) return unexpected("expected a digit after the decimal point");
  }
  if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (at_ < end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits()) return unexpected("expected a digit in the exponent");
  }
  return true;
}

bool JsonReader::read_number(std::string_view* out, bool* integral) {
  if (failed()) return false;
  const char c = peek();
  if (c != '-' && !is_digit(c)) {
    if (at_ >= end_) return unexpected("");
    fail(JsonFault::kType, "expected a number");
    return false;
  }
  const char* const first = at_;
  if (!skip_number()) return false;
  *out = {first, static_cast<std::size_t>(at_ - first)};
  *integral = out->find_first_of(".eE") == std::string_view::npos;
  return true;
}

bool JsonReader::read_u64(std::uint64_t* out) {
  if (failed()) return false;
  // The usual case without a second look: digits, no leading zero, at most 19 of them.
  const char c = peek();
  if (c >= '1' && c <= '9') {
    std::uint64_t value = 0;
    const char* p = at_;
    while (p < end_ && is_digit(*p) && p - at_ < 19) value = value * 10 + static_cast<std::uint64_t>(*p++ - '0');
    if (p < end_ && !is_digit(*p) && *p != '.' && *p != 'e' && *p != 'E') {
      at_ = p;
      *out = value;
      return true;
    }
  }
  const std::size_t where = offset();
  std::string_view text;
  bool integral = false;
  if (!read_number(&text, &integral)) return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  if (!integral || text.front() == '-' || error != std::errc() || stop != text.data() + text.size()) {
    fail_at(where, JsonFault::kType, "expected an unsigned 64-bit integer");
    return false;
  }
  return true;
}

bool JsonReader::read_i64(std::int64_t* out) {
  const std::size_t where = (peek(), offset());
  std::string_view text;
  bool integral = false;
  if (!read_number(&text, &integral)) return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  if (!integral || text == "-0" || error != std::errc() || stop != text.data() + text.size()) {
    fail_at(where, JsonFault::kType, "expected a signed 64-bit integer");
    return false;
  }
  return true;
}

bool JsonReader::read_double(double* out) {
  const std::size_t where = (peek(), offset());
  std::string_view text;
  bool integral = false;
  if (!read_number(&text, &integral)) return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  if (error == std::errc::result_out_of_range) {
    // Too small becomes zero, too large is no number; from_chars does not tell which.
    *out = std::strtod(std::string(text).c_str(), nullptr);
    if (std::isfinite(*out)) return true;
    fail_at(where, JsonFault::kType, "number out of range");
    return false;
  }
  return true;
}

bool JsonReader::skip_scalar() {
  const char c = peek();
  if (c == '"') return skip_quoted();
  if (c == '-' || is_digit(c)) return skip_number();
  if (c == 't') return skip_literal("true");
  if (c == 'f') return skip_literal("false");
  if (c == 'n') return skip_literal("null");
  return unexpected("expected a value");
}

void JsonReader::skip() {
  if (failed()) return;
  char c = peek();
  if (c != '{' && c != '[') {
    skip_scalar();
    return;
  }
  // Keys of skipped objects are read: they must be valid UTF-8 although their values need not.
  const unsigned outer = depth_;
  std::uint64_t in_object = 0;  // one bit an open container, lowest = innermost; max_depth_ <= 128 is checked by open()
  std::uint64_t in_object_high = 0;
  const auto push = [&](bool object) {
    in_object_high = (in_object_high << 1) | (in_object >> 63);
    in_object = (in_object << 1) | (object ? 1U : 0U);
  };
  const auto pop = [&] {
    in_object = (in_object >> 1) | (in_object_high << 63);
    in_object_high >>= 1;
  };
  while (true) {
    c = peek();
    bool more = false;  // a value follows
    if (c == '{') {
      more = enter_object();
      if (failed()) return;
      if (more) push(true);
    } else if (c == '[') {
      more = enter_array();
      if (failed()) return;
      if (more) push(false);
    } else if (!skip_scalar()) {
      return;
    }
    if (more) continue;
    while (true) {
      if (depth_ == outer) return;
      if ((in_object & 1U) != 0 ? next_member() : next_item()) break;
      if (failed()) return;
      pop();
    }
  }
}

bool JsonReader::read_raw(std::string_view* out) {
  if (failed()) return false;
  peek();
  const char* const first = at_;
  skip();
  if (failed()) return false;
  *out = {first, static_cast<std::size_t>(at_ - first)};
  return true;
}

TextPosition position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t last = before.rfind('\n');
  return {static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
          last == std::string_view::npos ? before.size() + 1 : before.size() - last};
}

}  // namespace sentinel::base
