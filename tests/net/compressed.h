// Compressed texts for tests.
#pragma once

#include <libdeflate.h>
#include <zstd.h>

#include <string>
#include <string_view>

namespace sentinel::net::testing {

inline std::string deflated(std::string_view text,
                            std::size_t (*compress)(libdeflate_compressor*, const void*, std::size_t, void*, std::size_t)) {
  std::string out(text.size() + 256, '\0');
  libdeflate_compressor* with = libdeflate_alloc_compressor(6);
  out.resize(compress(with, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(with);
  return out;
}
inline std::string gzipped(std::string_view text) { return deflated(text, libdeflate_gzip_compress); }
inline std::string zlibbed(std::string_view text) { return deflated(text, libdeflate_zlib_compress); }
inline std::string raw_deflated(std::string_view text) { return deflated(text, libdeflate_deflate_compress); }
inline std::string zstded(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

}  // namespace sentinel::net::testing
