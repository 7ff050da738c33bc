// The chunked transfer coding (RFC 9112 §7.1), undone as the bytes come, in pieces of any size.
//
// Extensions and trailer fields are read over, each within kMaxLine bytes a line and kMaxTrailer in all. Not for several
// threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sentinel::net::http1 {

class Chunks {
 public:
  static constexpr std::size_t kMaxLine = 4096;
  static constexpr std::size_t kMaxTrailer = 16 * 1024;

  enum class Next : unsigned char { kMore, kData, kEnd, kMalformed };

  // Takes what it can off `input`: kData gives a piece of the body in `data` (call again), kEnd the end of the message, kMore
  // that `input` is used up.
  Next step(std::string_view& input, std::string_view& data);

 private:
  enum class State : unsigned char {
    kSize,
    kExtension,
    kSizeEnd,
    kData,
    kDataCr,
    kDataLf,
    kTrailer,
    kTrailerLine,
    kTrailerEnd
  };

  bool size_digit(char c);

  State state_ = State::kSize;
  bool has_digit_ = false;
  std::uint64_t left_ = 0;  // of the chunk
  std::size_t line_ = 0;    // bytes of the present line, or of the trailer
};

}  // namespace sentinel::net::http1
