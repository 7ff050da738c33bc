#include "ingest/otlp/json_scalars.h"

#include <charconv>
#include <cstring>

#include "base/text.h"

namespace sentinel::ingest::otlp {

namespace {

// Eight decimal digits at once; false when one is no digit.
bool eight_digits(const char* at, std::uint64_t* value) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, 8);
  const std::uint64_t digits = word - 0x3030303030303030ULL;
  if (((word + 0x4646464646464646ULL) | digits) & 0x8080808080808080ULL) return false;
  std::uint64_t v = digits * 10 + (digits >> 8);
  v = (((v & 0x000000FF000000FFULL) * 0x000F424000000064ULL) + (((v >> 16) & 0x000000FF000000FFULL) * 0x0000271000000001ULL)) >>
      32;
  *value = v;
  return true;
}

}  // namespace

bool nineteen_digits(const char* at, std::uint64_t* value) {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  if (!eight_digits(at, &high) || !eight_digits(at + 8, &low)) return false;
  std::uint64_t last = 0;
  for (int i = 16; i < 19; ++i) {
    if (!base::is_digit(at[i])) return false;
    last = last * 10 + static_cast<std::uint64_t>(at[i] - '0');
  }
  *value = (high * 100'000'000 + low) * 1000 + last;
  return true;
}

bool unsigned_text(std::string_view text, std::uint64_t* value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !base::is_digit(text.front())) return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && stop == text.data() + text.size();
}

bool signed_text(std::string_view text, std::int64_t* value) {
  if (text.size() <= 8 && !text.empty()) {  // statuses, ports, sizes
    std::int64_t number = 0;
    bool digits = true;
    for (const char c : text) {
      digits &= base::is_digit(c);
      number = number * 10 + (c - '0');
    }
    *value = number;
    if (digits) return true;
  }
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return !text.empty() && error == std::errc() && stop == text.data() + text.size();
}

bool is_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  text.remove_suffix(padding);
  for (const char c : text) {
    if (!base::is_alnum(c) && c != '+' && c != '/') return false;
  }
  if (padding == 0 || text.empty()) return padding == 0;
  // The bits that the padding leaves over must be zero.
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t last = kAlphabet.find(text.back());
  return (last & (padding == 1 ? 3U : 15U)) == 0;
}

}  // namespace sentinel::ingest::otlp
