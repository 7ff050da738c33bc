#include "normalize/http.h"

#include <cstring>

#include "base/text.h"

namespace sentinel::normalize {

namespace {

constexpr std::string_view kIdSegment = "{id}";
constexpr std::string_view kUuidSegment = "{uuid}";
constexpr std::ptrdiff_t kUuidSize = 36;
constexpr int kUuidFirstDash = 8;

// Template bytes that one byte of a target can become: "/5" is written "/{id}".
constexpr std::size_t kTextPerByte = 3;
// Packed bytes that one byte of a target can become: each "&" ends a parameter; "/5" holds one, five bytes.
constexpr std::size_t kHttpPackedPerByte = ParamWriter::kHeader + 1;

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

bool all_digits(const char* p, const char* end) {
  return find(p, end, [](Block b) { return ~b.within('0', '9'); }) == end;
}

// Hex digits with "-" at 8, 13, 18 and 23.
bool is_uuid(const char* p) {
  constexpr std::uint64_t kDashes = 1ULL << kUuidFirstDash | 1ULL << 13 | 1ULL << 18 | 1ULL << 23;
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

// The authority that begins at `p`: where it ends, and where the text between its last "@" and its next ":" stands.
struct Authority {
  const char* host;
  const char* host_end;
  const char* end;
};

Authority authority_at(const char* p, const char* end) {
  Authority found{p, nullptr, end};
  for (; p < end; p += Block::kSize) {
    const Block block = Block::load(p);
    // ':' to '@' holds three more bytes, which are rare.
    for (unsigned hits = mask_of(block.equal('/') | block.equal('#') | block.within(':', '@')); hits != 0; hits &= hits - 1) {
      const char* at = p + std::countr_zero(hits);
      if (*at == '@') {
        found.host = at + 1;
        found.host_end = nullptr;
      } else if (*at == ':') {
        if (found.host_end == nullptr) found.host_end = at;
      } else if (*at == '/' || *at == '?' || *at == '#') {
        found.end = at;
        if (found.host_end == nullptr) found.host_end = at;
        return found;
      }
    }
  }
  if (found.host_end == nullptr) found.host_end = end;
  return found;
}

// Appends a host in lower case; nothing for addresses and where there is none.
char* append_host(char* out, const char* from, const char* end) {
  if (*from == '[') return out;
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

// What a segment is replaced by; empty where it stays.
std::string_view placeholder_of(const char* segment, const char* end) {
  if (base::is_digit(*segment) && all_digits(segment, end)) return kIdSegment;
  return end - segment == kUuidSize && is_uuid(segment) ? kUuidSegment : std::string_view{};
}

// Each round copies a block and stops behind the first segment in it that is replaced, where the next one starts.
char* append_path(char* out, const char* p, const char* end, ParamWriter& params) {
  if (p == end) *out++ = '/';
  unsigned starts_segment = 1;
  while (p < end) {
    const Block block = Block::load(p);
    block.store(out);
    const unsigned slashes = mask_of(block.equal('/'));
    // A replaced segment starts with a digit or is a UUID, with "-" after eight bytes.
    const unsigned candidates = mask_of(block.within('0', '9') | Block::load(p + kUuidFirstDash).equal('-'));
    unsigned hits = (slashes << 1 | starts_segment) & candidates;
    starts_segment = slashes >> (Block::kSize - 1);
    const char* next = p + Block::kSize;
    char* next_out = out + Block::kSize;
    for (; hits != 0; hits &= hits - 1) {
      const int offset = std::countr_zero(hits);
      const char* segment = p + offset;
      if (segment >= end) break;
      const char* segment_end = find(segment, end, '/');
      const std::string_view placeholder = placeholder_of(segment, segment_end);
      if (placeholder.empty()) continue;
      params.add(segment, static_cast<std::size_t>(segment_end - segment));
      next = segment_end;
      next_out = append(out + offset, placeholder);
      starts_segment = 0;
      break;
    }
    p = next;
    out = next_out;
  }
  return out - (p - end);
}

// Length of "http://" or "https://" where the target starts with it, else 0.
std::ptrdiff_t scheme_length(const char* p) {
  if (std::memcmp(p, "http", 4) != 0) return 0;
  if (std::memcmp(p + 4, "://", 3) == 0) return 7;
  return std::memcmp(p + 4, "s://", 4) == 0 ? 8 : 0;
}

}  // namespace

Normalized normalize_http(std::string_view method, std::string_view target, Scratch& scratch) {
  const char* p = Scratch::padded(target, scratch.target);
  const char* const end = p + target.size();
  char* const text =
      scratch.text.reserve(method.size() + 1 + target.size() * kTextPerByte + kIdSegment.size() + Scratch::kSlack);
  ParamWriter params(scratch.params.reserve((target.size() + 1) * kHttpPackedPerByte + Scratch::kSlack));
  char* out = append(text, method);
  *out++ = ' ';
  if (const std::ptrdiff_t scheme = scheme_length(p)) {
    p += scheme;
    const Authority authority = authority_at(p, end);
    out = append_host(out, authority.host, authority.host_end);
    p = *authority.end == '#' ? end : authority.end;  // a fragment right after the authority hides the rest
  }
  const char* path_end = find(p, end, '?');
  if (path_end != end) take_query(path_end + 1, end, params);
  out = append_path(out, p, path_end, params);
  return {{text, static_cast<std::size_t>(out - text)}, params.packed(), params.count(), {}, {}};
}

}  // namespace sentinel::normalize
