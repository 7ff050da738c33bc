#include "normalize/in_list.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace sentinel::normalize {

namespace {

constexpr std::string_view kCollapsed = "IN (?)";
constexpr std::size_t kShortestList = std::string_view("in(?)").size();

unsigned char byte_at(const char* p) { return static_cast<unsigned char>(*p); }

bool is_space_byte(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Length of the Unicode white space character at `p`, 0 when there is none.
std::ptrdiff_t space_length(const char* p, const char* end) {
  if (p >= end) return 0;
  const unsigned char first = byte_at(p);
  if (first < 0x80) return is_space_byte(first) ? 1 : 0;
  if (first == 0xC2) return end - p >= 2 && (byte_at(p + 1) == 0x85 || byte_at(p + 1) == 0xA0) ? 2 : 0;
  if (end - p < 3) return 0;
  const unsigned second = byte_at(p + 1);
  const unsigned third = byte_at(p + 2);
  switch (unsigned{first} << 8 | second) {
    case 0xE19A:
    case 0xE380:
      return third == 0x80 ? 3 : 0;
    case 0xE280:
      return (third >= 0x80 && third <= 0x8A) || third == 0xA8 || third == 0xA9 || third == 0xAF ? 3 : 0;
    case 0xE281:
      return third == 0x9F ? 3 : 0;
    default:
      return 0;
  }
}

// Neither white space nor a part of a longer character.
bool is_ascii_ink(char c) { return static_cast<signed char>(c) > ' '; }

const char* skip_space(const char* p, const char* end) {
  while (p < end && *p == ' ') ++p;
  if (p == end || is_ascii_ink(*p)) return p;
  while (const std::ptrdiff_t n = space_length(p, end)) p += n;
  return p;
}

const char* skip_space_back(const char* begin, const char* p) {
  while (p > begin && p[-1] == ' ') --p;
  if (p == begin || is_ascii_ink(p[-1])) return p;
  for (std::ptrdiff_t n = 1; n <= std::min<std::ptrdiff_t>(3, p - begin); ++n) {
    if (space_length(p - n, p) == n) {
      p -= n;
      n = 0;
    }
  }
  return p;
}

// The "in" of any case that ends, white space aside, at `paren`; nullptr when there is none.
const char* in_before(const char* begin, const char* paren) {
  const char* end = skip_space_back(begin, paren);
  if (end - begin < 2) return nullptr;
  return (end[-2] | 0x20) == 'i' && (end[-1] | 0x20) == 'n' ? end - 2 : nullptr;
}

// The end of `? , ? , … )` that begins after an opening parenthesis; nullptr when something else stands there.
const char* bare_list_end(const char* p, const char* end) {
  for (;;) {
    p = skip_space(p, end);
    if (p >= end || *p != '?') return nullptr;
    p = skip_space(p + 1, end);
    if (p >= end) return nullptr;
    if (*p == ')') return p + 1;
    if (*p != ',') return nullptr;
    ++p;
  }
}

// Whether the statement that gave this template has IN as a word outside quotes. A template has the words of its statement,
// the same bytes beside them, and no quotes but those of identifiers.
bool has_in_keyword(std::string_view text) {
  const std::size_t size = text.size();
  for (std::size_t i = 0; i < size; ++i) {
    const char c = text[i];
    if (c == '"' || c == '`') {
      i = text.find(c, i + 1);
      if (i == std::string_view::npos) return false;
      continue;
    }
    if ((c | 0x20) != 'i' || i + 1 >= size || (text[i + 1] | 0x20) != 'n') continue;
    const bool starts_word = i == 0 || base::is_ascii_space(text[i - 1]);
    const bool ends_word = i + 2 >= size || !base::is_alnum(text[i + 2]);
    if (starts_word && ends_word) return true;
  }
  return false;
}

char* append(char* out, const char* from, const char* to) {
  const auto size = static_cast<std::size_t>(to - from);
  std::memcpy(out, from, size);
  return out + size;
}

// Cheap first looks at the bytes beside a parenthesis.
bool may_end_in(unsigned char c) { return (c | 0x20) == 'n' || is_space_byte(c) || c >= 0x80; }
bool may_start_list(unsigned char c) {
  return base::is_digit(static_cast<char>(c)) || c == '?' || c == '\'' || c == '$' || is_space_byte(c) || c >= 0x80;
}

}  // namespace

void ListMarks::note(const char* begin, const char* paren, std::size_t offset) {
  if (!may_end_in(byte_at(paren - 1)) || !may_start_list(byte_at(paren + 1))) return;
  const char* name = in_before(begin, paren);
  if (name == nullptr) return;
  note_range(offset, offset);
  after_keyword_ = after_keyword_ || base::is_ascii_space(name[-1]);  // the padding before a statement is a space
}

void ListMarks::note_range(std::size_t first, std::size_t last) {
  first_ = std::min(first_, first);
  last_ = std::max(last_, last);
}

std::string_view collapse_in_lists(std::string_view text, const ListMarks& marks, Buffer& rewritten) {
  if (!marks.after_keyword() && !has_in_keyword(text)) return text;
  char* const begin_out = rewritten.reserve(text.size() + text.size() / kShortestList + 1);
  char* out = begin_out;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* const stop = begin + marks.last() + 1;
  const char* copied = begin;
  const char* at = begin + marks.first();
  while (at < stop) {
    const char* paren = static_cast<const char*>(std::memchr(at, '(', static_cast<std::size_t>(stop - at)));
    if (paren == nullptr) break;
    at = paren + 1;
    const char* name = in_before(begin, paren);
    if (name == nullptr) continue;
    const char* list_end = bare_list_end(at, end);
    if (list_end == nullptr) continue;
    out = append(out, copied, name);
    out = append(out, kCollapsed.data(), kCollapsed.data() + kCollapsed.size());
    copied = at = list_end;
  }
  out = append(out, copied, end);
  return {begin_out, static_cast<std::size_t>(out - begin_out)};
}

}  // namespace sentinel::normalize
