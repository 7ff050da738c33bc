#include "ingest/json_scan.h"

#include <emmintrin.h>

#include "ingest/json_scan_loop.h"

namespace sentinel::ingest {

namespace {

using scan_detail::Goal;
using scan_detail::Masks;
using scan_detail::Scan;

struct Sse2Blocks {
  // One bit a byte of a block that equals `c` once `fold` is set in it.
  static std::uint64_t equal(const char* at, char c, char fold) {
    std::uint64_t bits = 0;
    for (int i = 0; i < 4; ++i) {
      const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 16 * i));
      const __m128i same = _mm_cmpeq_epi8(_mm_or_si128(v, _mm_set1_epi8(fold)), _mm_set1_epi8(c));
      bits |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(same))) << (16 * i);
    }
    return bits;
  }

  // '[' and '{', ']' and '}' differ by one bit from each other: 0x20.
  static Masks masks(const char* at) {
    return {.quote = equal(at, '"', 0),
            .open = equal(at, '{', 0x20),
            .close = equal(at, '}', 0x20),
            .any_backslash = backslashes(at) != 0};
  }
  static std::uint64_t backslashes(const char* at) { return equal(at, '\\', 0); }
};

inline std::uint64_t parity_shifts(std::uint64_t x) {
  for (const unsigned shift : {1U, 2U, 4U, 8U, 16U, 32U}) x ^= x << shift;
  return x;
}

// All that json_scan_avx2.cpp is compiled for.
bool has_avx2() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("pclmul") != 0 &&
         __builtin_cpu_supports("popcnt") != 0 && __builtin_cpu_supports("bmi") != 0;
}

}  // namespace

namespace scan_detail {

Scan scan_run_sse2(std::string_view text, unsigned spare_depth) {
  return scan<Goal::kRun>(text, spare_depth, Sse2Blocks{}, parity_shifts);
}
Scan scan_container_sse2(std::string_view text, unsigned spare_depth) {
  return scan<Goal::kContainer>(text, spare_depth, Sse2Blocks{}, parity_shifts);
}

}  // namespace scan_detail

RunScan scan_run(std::string_view text, unsigned spare_depth) {
  const Scan s = has_avx2() ? scan_detail::scan_run_avx2(text, spare_depth) : scan_detail::scan_run_sse2(text, spare_depth);
  return {s.end, s.closed, s.too_deep};
}

ValueScan scan_container(std::string_view text, unsigned spare_depth) {
  const Scan s =
      has_avx2() ? scan_detail::scan_container_avx2(text, spare_depth) : scan_detail::scan_container_sse2(text, spare_depth);
  return {s.closed ? 0 : s.end, s.too_deep};
}

void DepthScan::feed(std::string_view text) {
  for (const char c : text) {
    if (in_string) {
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) too_deep = true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
}

}  // namespace sentinel::ingest
