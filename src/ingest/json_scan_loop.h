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

// One bit a byte of a block. Backslashes are rare: where they are is asked for when there are any.
struct Masks {
  std::uint64_t quote = 0;
  std::uint64_t open = 0;
  std::uint64_t close = 0;
  bool any_backslash = false;
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

// All bits below the lowest one that is set; all there are when none is.
inline std::uint64_t below_lowest(std::uint64_t bits) { return (bits & (~bits + 1)) - 1; }

// Where the bit is that has `earlier` set ones below it.
inline std::size_t place_of(std::uint64_t bits, unsigned earlier) {
  for (; earlier > 0; --earlier) bits &= bits - 1;
  return static_cast<std::size_t>(std::countr_zero(bits));
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

// Blocks gives the masks, and those of backslashes, of the 64 bytes at a pointer; Parity sets bit i to the parity of bits 0..i,
// so that the bits between an opening and a closing quote are 1.
template <Goal goal, class Blocks, class Parity>
Scan scan(std::string_view text, unsigned spare_depth, Blocks blocks, Parity parity_of) {
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
    Masks m = blocks.masks(at);
    if (m.any_backslash || escape_carry) m.quote &= ~escaped_bytes(blocks.backslashes(at), escape_carry);
    const std::uint64_t in_string = parity_of(m.quote) ^ string_carry;
    string_carry = static_cast<std::uint64_t>(static_cast<std::int64_t>(in_string) >> 63);
    m.open &= ~in_string;
    m.close &= ~in_string;
    const auto opens = static_cast<unsigned>(std::popcount(m.open));
    const auto closes = static_cast<unsigned>(std::popcount(m.close));
    if (depth + opens > spare_depth && deepest(depth, m) > spare_depth) found.too_deep = true;
    if (depth <= closes) {
      // The depth may reach the outside here: look at each group of closing brackets without an opening one between them.
      unsigned closed = 0;
      for (std::uint64_t left = m.close; left != 0;) {
        const std::uint64_t before = below_lowest(left);
        const std::uint64_t group = left & below_lowest(m.open & ~before);
        const auto count = static_cast<unsigned>(std::popcount(group));
        const unsigned inside = depth + static_cast<unsigned>(std::popcount(m.open & before)) - closed;  // at the first of it
        if (inside <= count) {
          if (inside > 0) {
            found.end = base + place_of(group, inside - 1) + 1;
            if (goal == Goal::kContainer) return found;
          }
          if (inside < count) {
            found.end = base + place_of(group, inside);
            found.closed = true;
            return found;
          }
        }
        closed += count;
        left &= ~group;
      }
    }
    depth += opens - closes;
  }
  return found;
}

}  // namespace
}  // namespace sentinel::ingest::scan_detail
