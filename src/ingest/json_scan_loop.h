// The loop of json_scan, compiled once for each instruction set; private to json_scan*.cpp.
//
// Everything here has internal linkage on purpose: the copies must not be merged by the linker.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sentinel::ingest::scan_detail {

enum class Goal { kRun, kContainer };

struct Scan {
  std::size_t end = 0;
  bool closed = false;
  bool too_deep = false;
};

// json_scan.cpp, for every processor
Scan scan_run_sse2(std::string_view text, unsigned spare_depth);
Scan scan_container_sse2(std::string_view text, unsigned spare_depth);

// json_scan_avx2.cpp
Scan scan_run_avx2(std::string_view text, unsigned spare_depth);
Scan scan_container_avx2(std::string_view text, unsigned spare_depth);

namespace {

constexpr std::size_t kBlock = 64;

// One bit a byte of a block.
struct Masks {
  std::uint64_t quote = 0;
  std::uint64_t backslash = 0;
  std::uint64_t open = 0;
  std::uint64_t close = 0;
};

// The largest depth within a block that begins at `depth`.
inline unsigned deepest(unsigned depth, const Masks& m) {
  unsigned most = depth;
  for (std::uint64_t all = m.open | m.close; all != 0; all &= all - 1) {
    if ((m.open & all & (~all + 1)) == 0) {
      depth -= depth > 0 ? 1 : 0;
    } else if (++depth > most) {
      most = depth;
    }
  }
  return most;
}

// Bytes that a backslash escapes; `carry` says whether the first byte of the next block is one.
inline std::uint64_t escaped_bytes(std::uint64_t backslash, bool& carry) {
  std::uint64_t escaped = carry ? 1 : 0;
  std::uint64_t left = backslash & ~escaped;
  carry = false;
  while (left != 0) {
    const int i = std::countr_zero(left);
    if (i == 63) {
      carry = true;
      break;
    }
    escaped |= std::uint64_t{2} << i;
    left &= ~(std::uint64_t{3} << i);
  }
  return escaped;
}

// Mask gives the masks of the 64 bytes at a pointer; Parity sets bit i to the parity of bits 0..i, so that the bits between an
// opening and a closing quote are 1.
template <Goal goal, class Mask, class Parity>
Scan scan(std::string_view text, unsigned spare_depth, Mask mask_of, Parity parity_of) {
  Scan found;
  unsigned depth = 0;
  bool escape_carry = false;
  std::uint64_t string_carry = 0;  // all ones inside a string
  char tail[kBlock];
  const std::size_t whole_blocks = text.size() / kBlock * kBlock;
  for (std::size_t base = 0; base < text.size(); base += kBlock) {
    const char* at = text.data() + base;
    if (base == whole_blocks) [[unlikely]] {
      std::memset(tail, ' ', sizeof tail);
      std::memcpy(tail, at, text.size() - base);
      at = tail;
    }
    Masks m = mask_of(at);
    if (m.backslash != 0 || escape_carry) m.quote &= ~escaped_bytes(m.backslash, escape_carry);
    const std::uint64_t in_string = parity_of(m.quote) ^ string_carry;
    string_carry = static_cast<std::uint64_t>(static_cast<std::int64_t>(in_string) >> 63);
    m.open &= ~in_string;
    m.close &= ~in_string;
    const auto opens = static_cast<unsigned>(std::popcount(m.open));
    const auto closes = static_cast<unsigned>(std::popcount(m.close));
    if (depth + opens > spare_depth && deepest(depth, m) > spare_depth) found.too_deep = true;
    if (depth <= closes) {
      // The depth may reach the outside here: look at each closing bracket.
      unsigned closed = 0;
      for (std::uint64_t left = m.close; left != 0; left &= left - 1, ++closed) {
        const std::uint64_t before = m.open & ((left & (~left + 1)) - 1);
        const unsigned inside = depth + static_cast<unsigned>(std::popcount(before)) - closed;
        if (inside > 1) continue;
        const std::size_t position = base + static_cast<std::size_t>(std::countr_zero(left));
        found.end = inside == 1 ? position + 1 : position;
        found.closed = inside == 0;
        if (inside == 0 || goal == Goal::kContainer) return found;
      }
    }
    depth += opens - closes;
  }
  return found;
}

}  // namespace
}  // namespace sentinel::ingest::scan_detail
