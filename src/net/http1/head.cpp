#include "net/http1/head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "net/field_list.h"
#include "net/request_target.h"

namespace sentinel::net::http1 {
namespace {

constexpr std::size_t kLongestMethod = 64;

constexpr bool is_token_char(unsigned char c) {
  if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) return true;
  return c != 0 && std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(c)) != std::string_view::npos;
}

// For each byte its form in a field name: in lower case, 0 when it may not stand there.
constexpr std::array<char, 256> kNameBytes = [] {
  std::array<char, 256> table{};
  for (unsigned c = 0; c < 256; ++c)
    if (is_token_char(static_cast<unsigned char>(c))) table[c] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return table;
}();

constexpr bool is_value_byte(unsigned char c) { return c >= 0x20 ? c != 0x7f : c == '\t'; }

bool same_word(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
}

// Where the head ends (behind its empty line); npos: not yet there.
std::size_t end_of_head(std::string_view bytes, std::size_t from) {
  while (true) {
    const std::size_t line = bytes.find('\n', from);
    if (line == std::string_view::npos) return line;
    if (bytes.substr(line + 1).starts_with('\n')) return line + 2;
    if (bytes.substr(line + 1).starts_with("\r\n")) return line + 3;
    from = line + 1;
  }
}

// Takes the next line off `rest`, without its end.
std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool read_request_line(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == 0 || last <= first + 1) return false;
  head.method_name = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (version == "HTTP/1.1") {
    head.version = 11;
  } else if (version == "HTTP/1.0") {
    head.version = 10;
  } else {
    return false;
  }
  const auto token = [](char c) { return is_token_char(static_cast<unsigned char>(c)); };
  if (!std::all_of(head.method_name.begin(), head.method_name.end(), token)) return false;
  if (!lawful_target(head.target)) return false;
  head.method = method_named(head.method_name);
  cut_target(head);
  return true;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > INT64_MAX) return std::nullopt;
  return value;
}

// What the fields say of the body and the connection. False: they contradict each other.
bool read_framing(RequestHead& head, Framing& framing) {
  framing.keep_alive = head.version == 11;
  bool coded = false;
  for (const HeaderView& field : head.headers) {
    if (field.name == "content-length") {
      const auto length = whole_number(field.value);
      if (!length || (head.content_length && *head.content_length != *length)) return false;
      head.content_length = length;
    } else if (field.name == "transfer-encoding") {
      coded = true;
      framing.chunked = false;
      each_member(field.value, [&](std::string_view member) { framing.chunked = same_word(member, "chunked"); });
    } else if (field.name == "connection") {
      each_member(field.value, [&](std::string_view member) {
        if (same_word(member, "close")) framing.keep_alive = false;
        if (head.version == 10 && same_word(member, "keep-alive")) framing.keep_alive = true;
      });
    } else if (field.name == "expect") {
      framing.expects_continue = head.version == 11 && same_word(field.value, "100-continue");
    }
  }
  if (!coded) return true;
  if (!framing.chunked || head.version == 10) return false;
  // Both: the chunks count, and nothing after them is trusted.
  if (head.content_length) framing.keep_alive = false;
  head.content_length.reset();
  return true;
}

HeadVerdict read_fields(std::string& text, std::size_t at, const Limits& limits, RequestHead& head) {
  while (true) {
    const std::size_t end = text.find('\n', at);
    std::size_t stop = end;
    if (stop > at && text[stop - 1] == '\r') --stop;
    if (stop == at) return HeadVerdict::kOk;
    if (head.headers.size() == limits.max_header_fields) return HeadVerdict::kTooLarge;
    std::size_t colon = at;
    for (; colon < stop && text[colon] != ':'; ++colon) {
      const char byte = kNameBytes[static_cast<unsigned char>(text[colon])];
      if (byte == 0) return HeadVerdict::kMalformed;
      text[colon] = byte;
    }
    if (colon == stop || colon == at) return HeadVerdict::kMalformed;
    const std::string_view value = std::string_view(text).substr(colon + 1, stop - colon - 1);
    for (const char c : value)
      if (!is_value_byte(static_cast<unsigned char>(c))) return HeadVerdict::kMalformed;
    head.headers.push_back({std::string_view(text).substr(at, colon - at), without_blanks(value)});
    at = end + 1;
  }
}

// Of a request line, whole or as far as it has come: what is wrong with it already. The same for both, so that the verdict does
// not depend on how a request is cut on its way.
HeadVerdict line_verdict(std::string_view line, bool whole, const Limits& limits) {
  if (!whole && line.ends_with('\r')) line.remove_suffix(1);  // the line's end has come in part
  const std::size_t method = std::min({line.find(' '), line.size(), kLongestMethod + 1});
  if (method > kLongestMethod || (whole && method == line.size())) return HeadVerdict::kMalformed;
  for (std::size_t i = 0; i < method; ++i)
    if (!is_token_char(static_cast<unsigned char>(line[i]))) return HeadVerdict::kMalformed;
  const std::size_t rest = line.size() - method;
  const bool long_target = rest > limits.max_target_bytes + sizeof "  HTTP/1.1\r" ||
                           (whole && rest > limits.max_target_bytes && line.rfind(' ') - method - 1 > limits.max_target_bytes);
  return long_target ? HeadVerdict::kTargetTooLong : HeadVerdict::kIncomplete;
}

// Of an incomplete head: whether it can still become one.
HeadVerdict early_verdict(std::string_view bytes, const Limits& limits) {
  const std::size_t line = bytes.find('\n');
  const bool whole = line != std::string_view::npos;
  std::string_view first = bytes;
  if (whole) first = next_line(first);
  const HeadVerdict verdict = line_verdict(first, whole, limits);
  if (verdict != HeadVerdict::kIncomplete || !whole) return verdict;
  return bytes.size() - line > limits.max_header_bytes ? HeadVerdict::kTooLarge : HeadVerdict::kIncomplete;
}

}  // namespace

ParsedHead read_head(std::string_view bytes, std::size_t searched, const Limits& limits, std::string& text, RequestHead& head) {
  ParsedHead parsed;
  // Empty lines before a request are old clients' habit.
  std::size_t start = 0;
  while (start < bytes.size() && (bytes[start] == '\r' || bytes[start] == '\n')) ++start;
  const std::size_t end = end_of_head(bytes, std::max(start, searched < 2 ? 0 : searched - 2));
  if (end == std::string_view::npos) {
    parsed.verdict = start > limits.max_header_bytes ? HeadVerdict::kTooLarge : early_verdict(bytes.substr(start), limits);
    return parsed;
  }
  parsed.size = end;
  const std::string_view whole = bytes.substr(start, end - start);
  std::string_view rest = whole;
  const std::string_view line = next_line(rest);
  const std::size_t fields = whole.size() - rest.size();
  parsed.verdict = line_verdict(line, true, limits);
  if (parsed.verdict != HeadVerdict::kIncomplete) return parsed;
  if (rest.size() > limits.max_header_bytes + sizeof "\r") {
    parsed.verdict = HeadVerdict::kTooLarge;
    return parsed;
  }
  text.assign(whole);
  head.headers.reserve(16);
  parsed.verdict = HeadVerdict::kMalformed;
  if (!read_request_line(std::string_view(text).substr(0, line.size()), head)) return parsed;
  parsed.verdict = read_fields(text, fields, limits, head);
  if (parsed.verdict == HeadVerdict::kOk && !read_framing(head, parsed.framing)) parsed.verdict = HeadVerdict::kMalformed;
  return parsed;
}

}  // namespace sentinel::net::http1
