// A file descriptor that is closed when it goes out of scope, and the reads and writes that need a loop.
//
// Errors stay in errno for the caller, who knows what the file is for and may make an Error of it with file_error(). Any
// thread, one at a time for each descriptor.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sentinel::base {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}  // a negative one is no file
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }
  // Gives the descriptor to the caller, who closes it.
  [[nodiscard]] int release();

 private:
  int fd_;
};

// Writes all bytes, however few each call takes; false with errno when one fails.
[[nodiscard]] bool write_all(int fd, std::string_view bytes);

// The first bytes of a file, as those below /proc and /sys have no size to ask for; empty when it cannot be read.
[[nodiscard]] std::string read_file_head(const std::string& path, std::size_t max_bytes);

// "<doing>: <what errno says>" about a file.
[[nodiscard]] Error file_error(const std::string& path, std::string_view doing);

}  // namespace sentinel::base
