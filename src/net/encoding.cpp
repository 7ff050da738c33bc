#include "net/encoding.h"

#include <libdeflate.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstdint>
#include <memory>

namespace sentinel::net {
namespace {

struct Freer {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
  void operator()(ZSTD_DCtx* d) const { ZSTD_freeDCtx(d); }
};

constexpr std::size_t kUsualRatio = 8;  // of spans under gzip: the first guess where the input says nothing

// The uncompressed size at the end of the last gzip member; a hint, since anybody may write anything there.
std::size_t gzip_size_hint(std::string_view input) {
  if (input.size() < 18) return 0;
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < 4; ++i)
    size |= static_cast<std::uint32_t>(static_cast<unsigned char>(input[input.size() - 4 + i])) << (8 * i);
  return size;
}

// One member or stream at the front of `input` into the end of `out`, which grows as needed up to `max_output` in all.
template <class Step>
Decoded grow_until_it_fits(std::size_t hint, std::size_t max_output, BodyBuffer& out, const Step& step) {
  std::size_t capacity = std::min(max_output, std::max(out.size() + hint, out.capacity()));
  while (true) {
    out.reserve(capacity);
    const Decoded done = step(out.data() + out.size(), capacity - out.size());
    if (done != Decoded::kTooLarge || capacity == max_output) return done;
    capacity = std::min(max_output, std::max<std::size_t>(4096, capacity * 2));
  }
}

Decoded verdict(libdeflate_result result) {
  switch (result) {
    case LIBDEFLATE_SUCCESS:
      return Decoded::kOk;
    case LIBDEFLATE_INSUFFICIENT_SPACE:
      return Decoded::kTooLarge;
    default:
      return Decoded::kBroken;
  }
}

Decoded inflate(Encoding encoding, std::string_view input, std::size_t max_output, BodyBuffer& out) {
  const std::unique_ptr<libdeflate_decompressor, Freer> with(libdeflate_alloc_decompressor());
  if (with == nullptr) return Decoded::kBroken;
  const bool gzip = encoding == Encoding::kGzip;
  // A hint that is far off costs a second round, never more memory than usual for such an input.
  const std::size_t guess = input.size() * kUsualRatio;
  const std::size_t hint = gzip ? std::min(gzip_size_hint(input), guess * 4) : guess;
  while (!input.empty()) {
    std::size_t used = 0;
    const Decoded done = grow_until_it_fits(hint, max_output, out, [&](char* to, std::size_t room) {
      std::size_t written = 0;
      const auto result =
          gzip ? libdeflate_gzip_decompress_ex(with.get(), input.data(), input.size(), to, room, &used, &written)
               : libdeflate_zlib_decompress_ex(with.get(), input.data(), input.size(), to, room, &used, &written);
      if (result == LIBDEFLATE_SUCCESS) out.set_size(out.size() + written);
      return verdict(result);
    });
    if (done != Decoded::kOk) return done;
    input.remove_prefix(used);
    if (!gzip && !input.empty()) return Decoded::kBroken;
  }
  return Decoded::kOk;
}

Decoded decode_zstd(std::string_view input, std::size_t max_output, BodyBuffer& out) {
  const std::unique_ptr<ZSTD_DCtx, Freer> with(ZSTD_createDCtx());
  if (with == nullptr) return Decoded::kBroken;
  // Of the first frame; a hint, as the frame may lie and others follow.
  const unsigned long long declared = ZSTD_getFrameContentSize(input.data(), input.size());
  if (declared == ZSTD_CONTENTSIZE_ERROR) return Decoded::kBroken;
  const std::size_t guess = input.size() * kUsualRatio;
  const std::size_t hint = declared == ZSTD_CONTENTSIZE_UNKNOWN
                               ? guess
                               : static_cast<std::size_t>(std::min<unsigned long long>(declared, guess * 4));
  return grow_until_it_fits(hint, max_output, out, [&](char* to, std::size_t room) {
    const std::size_t written = ZSTD_decompressDCtx(with.get(), to, room, input.data(), input.size());
    if (ZSTD_isError(written) == 0) {
      out.set_size(written);
      return Decoded::kOk;
    }
    return ZSTD_getErrorCode(written) == ZSTD_error_dstSize_tooSmall ? Decoded::kTooLarge : Decoded::kBroken;
  });
}

}  // namespace

std::optional<Encoding> encoding_named(std::string_view name) {
  if (name == "identity") return Encoding::kIdentity;
  if (name == "gzip") return Encoding::kGzip;
  if (name == "deflate") return Encoding::kDeflate;
  if (name == "zstd") return Encoding::kZstd;
  return std::nullopt;
}

Decoded decode(Encoding encoding, std::string_view input, std::size_t max_output, BodyBuffer& out) {
  out.clear();
  if (input.empty()) return Decoded::kOk;
  switch (encoding) {
    case Encoding::kIdentity:
      if (input.size() > max_output) return Decoded::kTooLarge;
      out.append(input);
      return Decoded::kOk;
    case Encoding::kGzip:
    case Encoding::kDeflate:
      return inflate(encoding, input, max_output, out);
    case Encoding::kZstd:
      return decode_zstd(input, max_output, out);
  }
  return Decoded::kBroken;
}

}  // namespace sentinel::net
