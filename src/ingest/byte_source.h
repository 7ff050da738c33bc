// Where input bytes come from: a file, standard input or memory, plain or compressed (chapter 01 §4.1).
//
// A source gives the decompressed bytes in order, refuses more than kInputCap of them, and names itself in every error. One
// thread; read() waits for pipes.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sentinel::ingest {

// Largest batch input in bytes, after decompression.
inline constexpr std::uint64_t kInputCap = 1'073'741'824;

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Fills up to `room` bytes; 0 at the end of the input.
  virtual base::Result<std::size_t> read(char* to, std::size_t room) = 0;

  // Whether again() gives the same bytes from the start once more: so for files and memory, not for pipes.
  [[nodiscard]] virtual bool repeatable() const { return false; }
  // A second source over the same bytes; null when it is not repeatable or the file cannot be opened any more.
  [[nodiscard]] virtual std::unique_ptr<ByteSource> again() const { return nullptr; }

  // The file name as given, or "stdin": what messages call the input.
  [[nodiscard]] const std::string& name() const { return name_; }

 protected:
  explicit ByteSource(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

// Opens a file, or standard input when `path` is null. gzip and zstd are recognised by their first bytes. A regular file over
// the cap is refused before anything is read.
[[nodiscard]] base::Result<std::unique_ptr<ByteSource>> open_source(const char* path);

// A source over bytes that outlive it.
[[nodiscard]] std::unique_ptr<ByteSource> memory_source(std::string_view bytes, std::string name = "memory");

// The first bytes of a source, up to `size` of them; what resume() gives begins with them again.
[[nodiscard]] base::Result<std::string> read_head(ByteSource& source, std::size_t size);
[[nodiscard]] std::unique_ptr<ByteSource> resume(std::string head, std::unique_ptr<ByteSource> rest);

// Everything a source gives, in one string.
[[nodiscard]] base::Result<std::string> read_all(ByteSource& source);

}  // namespace sentinel::ingest
