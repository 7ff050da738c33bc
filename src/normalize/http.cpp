#include "normalize/http.h"

#include <cstring>

#include "base/text.h"

namespace sentinel::normalize {

namespace {

constexpr std::string_view kIdSegment = "{id}";
constexpr std::string_view kUuidSegment = "{uuid}";
constexpr std::ptrdiff_t kUuidSize = 36;

// Template bytes that one byte of a target can become: "/5" is written "/{id}".
constexpr std::size_t kTextPerByte = 3;
// Packed bytes that one byte of a target can become: each "&" ends a parameter; "/5" holds one, five bytes.
constexpr std::size_t kPackedPerByte = ParamWriter::kHeader + 1;

// The functions below read a padded target (Scratch::padded).

// The first byte in [p, end) that `match` (Block -> Matches) finds, else `end`.
template <class Match>
const char* find(const char* p, const char* end, Match match) {
  for (; p < end; p += Block::kSize) {
    if (const unsigned hits = mask_of(match(Block::load(p)))) {
      const char* at = p + std::countr_zero(hits);
      return at < end ? at : end;
    }
  }
  return end;
}

const char* find(const char* p, const char* end, char c) {
  return find(p, end, [c](Block b) { return b.equal(c); });
}

char* append(char* out, std::string_view text) {
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// Copies by blocks: `out` has room for one more.
char* append_padded(char* out, const char* from, const char* to) {
  for (const char* p = from; p < to; p += Block::kSize) Block::load(p).store(out + (p - from));
  return out + (to - from);
}

bool all_digits(const char* p, const char* end) {
  return find(p, end, [](Block b) { return ~b.within('0', '9'); }) == end;
}

// Hex digits with "-" at 8, 13, 18 and 23.
bool is_uuid(const char* p) {
  constexpr std::uint64_t kDashes = 1ULL << 8 | 1ULL << 13 | 1ULL << 18 | 1ULL << 23;
  constexpr std::uint64_t kHexDigits = ((1ULL << kUuidSize) - 1) & ~kDashes;
  std::uint64_t hex = 0;
  std::uint64_t dashes = 0;
  for (const int offset : {0, 16, 20}) {
    const Block block = Block::load(p + offset);
    hex |= std::uint64_t{mask_of(block.within('0', '9') | block.within('a', 'f') | block.within('A', 'F'))} << offset;
    dashes |= std::uint64_t{mask_of(block.equal('-'))} << offset;
  }
  return hex == kHexDigits && dashes == kDashes;
}

// Exactly four labels of digits; their values do not matter.
bool is_ipv4(const char* p, const char* end) {
  for (int labels = 1;; ++labels) {
    const char* dot = find(p, end, '.');
    if (dot == p || !all_digits(p, dot)) return false;
    if (dot == end) return labels == 4;
    p = dot + 1;
  }
}

// Appends the host of an authority in lower case; nothing for addresses and where there is none.
char* append_host(char* out, const char* from, const char* end) {
  for (const char* at; (at = find(from, end, '@')) != end;) from = at + 1;
  if (from == end || *from == '[') return out;
  end = find(from, end, ':');
  if (end > from && end[-1] == '.') --end;
  if (from == end) return out;
  if (base::is_digit(*from) && is_ipv4(from, end)) return out;
  for (const char* p = from; p < end; p += Block::kSize) Block::load(p).lower().store(out + (p - from));
  return out + (end - from);
}

void take_query(const char* p, const char* end, ParamWriter& params) {
  while (params.count() < kMaxQueryParams) {
    const char* piece_end = find(p, end, '&');
    params.add(p, static_cast<std::size_t>(piece_end - p));
    if (piece_end == end) return;
    p = piece_end + 1;
  }
}

char* append_path(char* out, const char* p, const char* end, ParamWriter& params) {
  if (p == end) *out++ = '/';
  while (p < end) {
    const char* segment_end = find(p, end, '/');
    const std::ptrdiff_t size = segment_end - p;
    if (base::is_digit(*p) && all_digits(p, segment_end)) {
      params.add(p, static_cast<std::size_t>(size));
      out = append(out, kIdSegment);
    } else if (size == kUuidSize && is_uuid(p)) {
      params.add(p, static_cast<std::size_t>(size));
      out = append(out, kUuidSegment);
    } else {
      out = append_padded(out, p, segment_end);
    }
    if (segment_end == end) break;
    *out++ = '/';
    p = segment_end + 1;
  }
  return out;
}

// Length of "http://" or "https://" where the target starts with it, else 0.
std::ptrdiff_t scheme_length(const char* p) {
  if (std::memcmp(p, "http", 4) != 0) return 0;
  if (std::memcmp(p + 4, "://", 3) == 0) return 7;
  return std::memcmp(p + 4, "s://", 4) == 0 ? 8 : 0;
}

}  // namespace

Normalized normalize_http(std::string_view method, std::string_view target, Scratch& scratch) {
  const char* p = scratch.padded(target);
  const char* const end = p + target.size();
  char* const text =
      scratch.text.reserve(method.size() + 1 + target.size() * kTextPerByte + kIdSegment.size() + Scratch::kSlack);
  ParamWriter params(scratch.params.reserve((target.size() + 1) * kPackedPerByte + Scratch::kSlack));
  char* out = append(text, method);
  *out++ = ' ';
  if (const std::ptrdiff_t scheme = scheme_length(p)) {
    p += scheme;
    const char* authority_end = find(p, end, [](Block b) { return b.equal('/') | b.equal('?') | b.equal('#'); });
    out = append_host(out, p, authority_end);
    p = *authority_end == '#' ? end : authority_end;  // a fragment right after the authority hides the rest
  }
  const char* path_end = find(p, end, '?');
  if (path_end != end) take_query(path_end + 1, end, params);
  out = append_path(out, p, path_end, params);
  return {{text, static_cast<std::size_t>(out - text)}, params.packed(), params.count()};
}

}  // namespace sentinel::normalize
