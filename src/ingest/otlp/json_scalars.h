// Numbers and bytes that OTLP JSON writes as strings (chapter 01 §8.2). Pure functions, any thread, but for NearbyTime.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sentinel::ingest::otlp {

// Eight decimal digits at once; false when one is no digit.
inline bool eight_digits(std::uint64_t word, std::uint64_t* value) {
  const std::uint64_t digits = word - 0x3030303030303030ULL;
  if (((word + 0x4646464646464646ULL) | digits) & 0x8080808080808080ULL) return false;
  std::uint64_t v = digits * 10 + (digits >> 8);
  v = (((v & 0x000000FF000000FFULL) * 0x000F424000000064ULL) + (((v >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL)) >>
      32;
  *value = v;
  return true;
}

inline bool eight_digits(const char* at, std::uint64_t* value) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, 8);
  return eight_digits(word, value);
}

// A number of four to eight decimal digits, as ports and sizes are; false when one is no digit.
inline bool short_number(std::string_view text, std::int64_t* value) {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::memcpy(&first, text.data(), 4);
  std::memcpy(&last, text.data() + text.size() - 4, 4);
  const std::uint64_t word = first | std::uint64_t{last} << 8 * (text.size() - 4);
  const std::size_t missing = 8 * (8 - text.size());
  const std::uint64_t zeros = 0x3030303030303030ULL & ((std::uint64_t{1} << missing) - 1);
  std::uint64_t number = 0;
  if (!eight_digits(word << missing | zeros, &number)) return false;
  *value = static_cast<std::int64_t>(number);
  return true;
}

// Nanoseconds of our time: 19 decimal digits, which always fit into 64 bits; false when one is no digit. `at` has 19 bytes.
[[nodiscard]] bool nineteen_digits(const char* at, std::uint64_t* value);

// The same for times that mostly lie close together: the eleven digits that count tenths of a second are compared with those
// before. One thread.
class NearbyTime {
 public:
  [[nodiscard]] bool read(const char* at, std::uint64_t* value) {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::memcpy(&first, at, 8);
    std::memcpy(&last, at + 3, 8);
    if (first != first_ || last != last_) return read_far(at, value);
    std::uint64_t low = 0;
    if (!eight_digits(at + 11, &low)) return false;
    *value = high_ + low;
    return true;
  }

 private:
  bool read_far(const char* at, std::uint64_t* value);

  // Bytes 0-7 and 3-10 of the last time. At first no text has both: they disagree on the bytes they share.
  std::uint64_t first_ = 0;
  std::uint64_t last_ = ~std::uint64_t{0};
  std::uint64_t high_ = 0;  // their value
};

// Decimal digits, an optional '+' before them, leading zeros allowed; false for anything else and out of range.
[[nodiscard]] bool unsigned_text(std::string_view text, std::uint64_t* value);

// The same with an optional sign.
[[nodiscard]] bool any_signed_text(std::string_view text, std::int64_t* value);
[[nodiscard]] inline bool signed_text(std::string_view text, std::int64_t* value) {
  if (text.size() != 3) return any_signed_text(text, value);
  const auto digit = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])) - '0'; };
  if (digit(0) > 9 || digit(1) > 9 || digit(2) > 9) return any_signed_text(text, value);
  *value = digit(0) * 100 + digit(1) * 10 + digit(2);  // a status
  return true;
}

// Base64 in the standard alphabet, padded, with zero bits where the padding leaves bits over.
[[nodiscard]] bool is_base64(std::string_view text);

}  // namespace sentinel::ingest::otlp
