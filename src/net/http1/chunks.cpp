#include "net/http1/chunks.h"

#include <algorithm>

namespace sentinel::net::http1 {

bool Chunks::size_digit(char c) {
  unsigned digit;
  if (c >= '0' && c <= '9') {
    digit = static_cast<unsigned>(c - '0');
  } else if (const char lower = static_cast<char>(c | 0x20); lower >= 'a' && lower <= 'f') {
    digit = static_cast<unsigned>(lower - 'a') + 10;
  } else {
    return false;
  }
  if (left_ >> 56 != 0) return false;
  left_ = left_ << 4 | digit;
  has_digit_ = true;
  return true;
}

Chunks::Next Chunks::step(std::string_view& input, std::string_view& data) {
  while (!input.empty()) {
    if (state_ == State::kData) {
      const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
      data = input.substr(0, size);
      input.remove_prefix(size);
      left_ -= size;
      if (left_ == 0) state_ = State::kDataCr;
      return Next::kData;
    }
    const char c = input.front();
    input.remove_prefix(1);
    if (++line_ > (state_ >= State::kTrailer ? kMaxTrailer : kMaxLine)) return Next::kMalformed;
    switch (state_) {
      case State::kSize:
        if (size_digit(c)) break;
        if (!has_digit_) return Next::kMalformed;
        if (c == '\r') {
          state_ = State::kSizeEnd;
        } else if (c == ';' || c == ' ' || c == '\t') {
          state_ = State::kExtension;
        } else {
          return Next::kMalformed;
        }
        break;
      case State::kExtension:
        if (c == '\r') state_ = State::kSizeEnd;
        if (c == '\n') return Next::kMalformed;
        break;
      case State::kSizeEnd:
        if (c != '\n') return Next::kMalformed;
        state_ = left_ == 0 ? State::kTrailer : State::kData;
        line_ = 0;
        break;
      case State::kDataCr:
        if (c != '\r') return Next::kMalformed;
        state_ = State::kDataLf;
        break;
      case State::kDataLf:
        if (c != '\n') return Next::kMalformed;
        state_ = State::kSize;
        has_digit_ = false;
        line_ = 0;
        break;
      case State::kTrailer:
        state_ = c == '\r' ? State::kTrailerEnd : State::kTrailerLine;
        break;
      case State::kTrailerLine:
        if (c == '\n') state_ = State::kTrailer;
        break;
      case State::kTrailerEnd:
        return c == '\n' ? Next::kEnd : Next::kMalformed;
      case State::kData:
        break;
    }
  }
  return Next::kMore;
}

}  // namespace sentinel::net::http1
