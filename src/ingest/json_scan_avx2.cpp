// json_scan for processors with AVX2 and carry-less multiplication; called only after a check of the processor.
#include <immintrin.h>

#include "ingest/json_scan_loop.h"

namespace sentinel::ingest::scan_detail {

namespace {

// '[' and '{', ']' and '}' differ by one bit from each other: 0x20.
inline Masks masks_avx2(const char* at) {
  Masks m{};
  const __m256i fold = _mm256_set1_epi8(0x20);
  for (int i = 0; i < 2; ++i) {
    const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32 * i));
    const __m256i folded = _mm256_or_si256(v, fold);
    const auto bits = [i](__m256i x) {
      return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(x))) << (32 * i);
    };
    m.quote |= bits(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')));
    m.backslash |= bits(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\')));
    m.open |= bits(_mm256_cmpeq_epi8(folded, _mm256_set1_epi8('{')));
    m.close |= bits(_mm256_cmpeq_epi8(folded, _mm256_set1_epi8('}')));
  }
  return m;
}

// A carry-less product with all ones.
inline std::uint64_t parity_clmul(std::uint64_t bits) {
  const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<long long>(bits)), _mm_set1_epi8(-1), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

}  // namespace

Scan scan_run_avx2(std::string_view text, unsigned spare_depth) {
  return scan<Goal::kRun>(text, spare_depth, masks_avx2, parity_clmul);
}
Scan scan_container_avx2(std::string_view text, unsigned spare_depth) {
  return scan<Goal::kContainer>(text, spare_depth, masks_avx2, parity_clmul);
}

}  // namespace sentinel::ingest::scan_detail
