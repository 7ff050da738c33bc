// Compressed bodies: which codings the server can undo, and undoing one.
//
// The whole body is there; the output is bounded, so a bomb costs at most `max_output` bytes. gzip: all members, nothing after
// the last; deflate: the zlib format; zstd: all frames. Pure, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "net/body_buffer.h"

namespace sentinel::net {

enum class Encoding : unsigned char { kIdentity, kGzip, kDeflate, kZstd };

// The coding of that exact (lower case) name.
[[nodiscard]] std::optional<Encoding> encoding_named(std::string_view name);

enum class Decoded : unsigned char { kOk, kTooLarge, kBroken };

// `out` is overwritten; it holds the decoded bytes only for kOk. An empty input is an empty body in every coding.
[[nodiscard]] Decoded decode(Encoding encoding, std::string_view input, std::size_t max_output, BodyBuffer& out);

}  // namespace sentinel::net
