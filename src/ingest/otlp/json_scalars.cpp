#include "ingest/otlp/json_scalars.h"

#include <charconv>
#include <cstring>

#include "base/text.h"

namespace sentinel::ingest::otlp {

bool nineteen_digits(const char* at, std::uint64_t* value) {
  std::uint64_t middle = 0;
  std::uint64_t low = 0;
  if (!eight_digits(at + 3, &middle) || !eight_digits(at + 11, &low)) return false;
  const auto digit = [&](int i) { return static_cast<unsigned>(static_cast<unsigned char>(at[i])) - '0'; };
  if (digit(0) > 9 || digit(1) > 9 || digit(2) > 9) return false;
  const std::uint64_t high = digit(0) * 100 + digit(1) * 10 + digit(2);
  *value = (high * 100'000'000 + middle) * 100'000'000 + low;
  return true;
}

bool NearbyTime::read_far(const char* at, std::uint64_t* value) {
  if (!nineteen_digits(at, value)) return false;
  std::memcpy(&first_, at, 8);
  std::memcpy(&last_, at + 3, 8);
  high_ = *value / 100'000'000 * 100'000'000;
  return true;
}

bool unsigned_text(std::string_view text, std::uint64_t* value) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !base::is_digit(text.front())) return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && stop == text.data() + text.size();
}

bool any_signed_text(std::string_view text, std::int64_t* value) {
  if (text.size() >= 4 && text.size() <= 8 && short_number(text, value)) return true;
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
