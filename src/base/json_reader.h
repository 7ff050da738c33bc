// A strict, validating pull parser over one contiguous JSON text.
//
// The caller walks the document member by member and says what it expects; nothing is built. Rules (chapter 01 §1.2): RFC 8259
// grammar; keys and read strings must be valid UTF-8 without lone surrogate escapes; strings that are skipped may hold both;
// raw control bytes are always errors. The first error sticks: every later call answers false or nothing, and failed() says
// so. Nesting deeper than `max_depth` is an error of its own kind.
//
//   for (bool more = r.enter_object(); more; more = r.next_member()) { if (r.key() == "id") r.read_string(&id); else r.skip();
//   } if (r.failed()) …
//
// Views stay valid as long as the text, or, where a string held escapes, until the reader's arena is rewound or destroyed.
// One thread; no allocation but for strings with escapes.
#pragma once

#include <emmintrin.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/padded_text.h"
#include "base/text.h"

namespace sentinel::base {

enum class JsonFault : std::uint8_t { kNone, kSyntax, kUnexpectedEnd, kTooDeep, kType };

struct JsonError {
  JsonFault fault = JsonFault::kNone;
  std::size_t offset = 0;  // into the text
  const char* what = "";   // static text: what was expected or is wrong
};

class JsonReader {
 public:
  // `depth` brackets are open around the text already. Strings with escapes are decoded into `scratch`.
  JsonReader(std::string_view text, Arena& scratch, unsigned max_depth = 32, unsigned depth = 0)
      : begin_(text.data()),
        at_(text.data()),
        end_(text.data() + text.size()),
        scratch_(scratch),
        depth_(depth),
        max_depth_(max_depth) {}

  // -- position

  // First byte of the next value or bracket, after white space; '\0' at the end of the text.
  char peek() {
    skip_space();
    return at_ < end_ ? *at_ : '\0';
  }
  [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }

  // Only white space is left.
  bool at_end() {
    skip_space();
    return at_ == end_;
  }

  // -- containers

  // Consumes '{' and, when there is a member, its key and ':'. False for an empty object or an error.
  bool enter_object();
  // After a member's value: true with the next key read, false after '}' or on an error.
  bool next_member();
  [[nodiscard]] std::string_view key() const { return key_; }

  // Consumes '['; true when an item follows.
  bool enter_array();
  bool next_item();

  // -- values; false and an error when the next value is of another type

  bool read_string(std::string_view* out);
  bool read_bool(bool* out);
  bool read_null();                   // consumes null if it comes next; no error otherwise
  bool read_u64(std::uint64_t* out);  // no sign, fraction or exponent; in range
  bool read_i64(std::int64_t* out);   // "-0" is no integer
  bool read_double(double* out);
  // Any number as written; *integral tells the absence of fraction and exponent.
  bool read_number(std::string_view* out, bool* integral);

  // Consumes any value, checking its form.
  void skip();
  // The same, giving its text.
  bool read_raw(std::string_view* out);

  // After a value between other values: consumes ',' if it comes next.
  bool take_comma() {
    if (peek() != ',') return false;
    ++at_;
    return true;
  }

  // -- shortcuts for text in the form that most writers give it; each tries, and leaves the position alone if it fails

  // Consumes `literal` if the text goes on with exactly that. The caller sees to it that brackets balance.
  bool take(std::string_view literal) {
    if (static_cast<std::size_t>(end_ - at_) < literal.size() || __builtin_memcmp(at_, literal.data(), literal.size()) != 0)
      return false;
    at_ += literal.size();
    return true;
  }
  template <std::size_t kRoom>
  bool take(const PaddedText<kRoom>& literal) {
    if (static_cast<std::size_t>(end_ - at_) < kRoom || !literal.matches(at_)) return false;
    at_ += literal.size();
    return true;
  }
  // The same for a literal that begins with '{' and holds the first key and its colon: enters the object.
  template <std::size_t kRoom>
  bool enter_with(const PaddedText<kRoom>& literal) {
    if (depth_ >= max_depth_ || !take(literal)) return false;
    ++depth_;
    return true;
  }
  // A decimal integer of one digit, followed by ',' or '}'.
  bool take_digit(std::int32_t* out) {
    if (end_ - at_ < 2 || !is_digit(*at_) || (at_[1] != ',' && at_[1] != '}')) return false;
    *out = *at_++ - '0';
    return true;
  }
  // The text from here on; for looking ahead.
  [[nodiscard]] std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  void advance(std::size_t count) { at_ += count; }
  // The rest of a string whose opening quote was just taken.
  bool read_open_string(std::string_view* out) { return read_short(at_, out) || read_quoted(at_, out); }
  // Back to an offset() seen before, in the same container.
  void go_back(std::size_t offset) { at_ = begin_ + offset; }

  // -- errors

  [[nodiscard]] bool failed() const { return error_.fault != JsonFault::kNone; }
  [[nodiscard]] const JsonError& error() const { return error_; }
  // Records an error at `offset` unless there is one already; `what` must be a static text.
  void fail_at(std::size_t offset, JsonFault fault, const char* what);
  void fail(JsonFault fault, const char* what) { fail_at(offset(), fault, what); }

 private:
  void skip_space() {
    if (at_ < end_ && static_cast<unsigned char>(*at_) <= ' ') [[unlikely]]
      skip_more_space();
  }
  void skip_more_space();
  bool open(char bracket, const char* what);
  bool read_key();
  bool read_quoted(const char* from, std::string_view* out);

  // A plain ASCII string of up to 31 bytes, most strings there are, without a call; false leaves everything to read_quoted().
  [[gnu::always_inline]] bool read_short(const char* from, std::string_view* out) {
    if (end_ - from < 32) return false;
    const auto [first_stop, first_odd] = look(from);
    if (first_stop != 0) {
      const auto n = static_cast<unsigned>(__builtin_ctz(first_stop));
      if ((first_odd & ((2U << n) - 1)) != 0) return false;
      *out = {from, n};
      at_ = from + n + 1;
      return true;
    }
    if (first_odd != 0) return false;
    const auto [stop, odd] = look(from + 16);
    if (stop == 0) return false;
    const auto n = static_cast<unsigned>(__builtin_ctz(stop));
    if ((odd & ((2U << n) - 1)) != 0) return false;
    *out = {from, n + 16};
    at_ = from + n + 17;
    return true;
  }
  // Of 16 bytes: where quotes are, and where backslashes, control bytes and bytes above 0x7F are.
  struct Look {
    unsigned quotes;
    unsigned odd;
  };
  static Look look(const char* at) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // Signed: control bytes and bytes above 0x7F are both below 0x20.
    const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
    const __m128i odd = _mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    return {static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')))),
            static_cast<unsigned>(_mm_movemask_epi8(odd))};
  }
  bool decode_escapes(const char* from, std::string_view* out);
  bool skip_quoted();
  bool skip_number();
  bool skip_literal(std::string_view word);
  bool skip_scalar();
  bool unexpected(const char* what);

  const char* begin_;
  const char* at_;
  const char* end_;
  Arena& scratch_;
  std::string_view key_;
  unsigned depth_;
  unsigned max_depth_;
  JsonError error_;
};

// Line and column (both from 1, column in bytes) of an offset, for messages.
struct TextPosition {
  std::size_t line;
  std::size_t column;
};
[[nodiscard]] TextPosition position_of(std::string_view text, std::size_t offset);

}  // namespace sentinel::base
