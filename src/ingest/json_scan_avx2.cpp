// json_scan for processors with AVX2 and carry-less multiplication; called only after a check of the processor.
#include <immintrin.h>

#include "ingest/json_scan_loop.h"

namespace sentinel::ingest::scan_detail {

namespace {

inline std::uint64_t bits_of(__m256i low, __m256i high) {
  const auto bits = [](__m256i x) { return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(x))); };
  return bits(low) | bits(high) << 32;
}

struct Avx2Blocks {
  static __m256i half(const char* at) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)); }

  // '[' and '{', ']' and '}' differ by one bit from each other: 0x20.
  static Masks masks(const char* at) {
    const __m256i low = half(at);
    const __m256i high = half(at + 32);
    const __m256i fold = _mm256_set1_epi8(0x20);
    const __m256i low_folded = _mm256_or_si256(low, fold);
    const __m256i high_folded = _mm256_or_si256(high, fold);
    const auto equal = [](__m256i a, __m256i b, char c) {
      return bits_of(_mm256_cmpeq_epi8(a, _mm256_set1_epi8(c)), _mm256_cmpeq_epi8(b, _mm256_set1_epi8(c)));
    };
    const __m256i slash = _mm256_set1_epi8('\\');
    const __m256i slashes = _mm256_or_si256(_mm256_cmpeq_epi8(low, slash), _mm256_cmpeq_epi8(high, slash));
    return {.quote = equal(low, high, '"'),
            .open = equal(low_folded, high_folded, '{'),
            .close = equal(low_folded, high_folded, '}'),
            .any_backslash = _mm256_testz_si256(slashes, slashes) == 0};
  }
  static std::uint64_t backslashes(const char* at) {
    const __m256i slash = _mm256_set1_epi8('\\');
    return bits_of(_mm256_cmpeq_epi8(half(at), slash), _mm256_cmpeq_epi8(half(at + 32), slash));
  }
};

// A carry-less product with all ones.
inline std::uint64_t parity_clmul(std::uint64_t bits) {
  const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

}  // namespace

Scan scan_run_avx2(std::string_view text, unsigned spare_depth) {
  return scan<Goal::kRun>(text, spare_depth, Avx2Blocks{}, parity_clmul);
}
Scan scan_container_avx2(std::string_view text, unsigned spare_depth) {
  return scan<Goal::kContainer>(text, spare_depth, Avx2Blocks{}, parity_clmul);
}

}  // namespace sentinel::ingest::scan_detail
