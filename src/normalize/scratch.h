// Reused memory of the normalisers and the form in which they give their answer.
//
// A Scratch belongs to one thread. What a normaliser returns views into it and ends with the next call. Nothing is allocated
// once the buffers have met the longest text.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "normalize/block.h"

namespace sentinel::normalize {

// Template and parameters of one text. `params` holds for each parameter its length (4 bytes, little endian) and its bytes.
struct Normalized {
  std::string_view text;
  std::string_view params;
  std::uint32_t param_count = 0;
  // SQL: the statement, and the literal in it where that is all that was replaced and it is a number. Both lie in Scratch.
  std::string_view statement;
  std::string_view lone_number;
};

// Uninitialised memory that grows and is never given back.
class Buffer {
 public:
  // At least `size` bytes; the previous contents are lost.
  char* reserve(std::size_t size) {
    if (size > capacity_) grow(size);
    return bytes_.get();
  }

 private:
  void grow(std::size_t size) {
    capacity_ = std::max(size, capacity_ * 2);
    bytes_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
};

struct Scratch {
  // Bytes that may be read, or written, past the end of a buffer's contents.
  static constexpr std::size_t kSlack = 2 * Block::kSize;

  Buffer statement;  // of its own, so that the last statement stays while other calls are normalised
  Buffer target;
  Buffer text;
  Buffer rewritten;
  Buffer params;

  // A copy of `source` with a space before it and zeros after it, so that scanning needs no bounds: kSlack bytes past the end
  // are readable, and neither the byte before nor those after belong to a word, a number or a quote.
  static const char* padded(std::string_view source, Buffer& to) {
    char* copy = to.reserve(Block::kSize + source.size() + kSlack) + Block::kSize;
    copy[-1] = ' ';
    if (!source.empty()) std::memcpy(copy, source.data(), source.size());
    std::memset(copy + source.size(), 0, kSlack);
    return copy;
  }
};

// Writes the packed parameter list. The room is the caller's to reserve: kHeader bytes a parameter, its bytes, and kSlack.
class ParamWriter {
 public:
  static constexpr std::size_t kHeader = sizeof(std::uint32_t);

  explicit ParamWriter(char* begin) : begin_(begin), end_(begin) {}

  // Opens a parameter whose bytes are appended at position(); close() ends it.
  char* open() { return end_ + kHeader; }
  void close(const char* end) {
    const auto size = static_cast<std::uint32_t>(end - open());
    std::memcpy(end_, &size, kHeader);
    end_ += kHeader + size;
    ++count_;
  }

  // A whole parameter; the source has kSlack readable bytes after it.
  void add(const char* from, std::size_t size) {
    char* to = open();
    for (std::size_t done = 0; done < size; done += Block::kSize) Block::load(from + done).store(to + done);
    close(to + size);
  }

  [[nodiscard]] std::string_view packed() const { return {begin_, static_cast<std::size_t>(end_ - begin_)}; }
  [[nodiscard]] std::uint32_t count() const { return count_; }

 private:
  char* begin_;
  char* end_;
  std::uint32_t count_ = 0;
};

}  // namespace sentinel::normalize
