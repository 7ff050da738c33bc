// The archive files behind --input, and their lines (chapter 08 §4).
//
// Lines are read one at a time through a buffer that grows to the longest of them, so that a year of windows takes no more
// memory than a window. One thread a reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sentinel::disclosure {

// Files as given and the *.ndjson files of directories, each once, in the order they are folded in. Symbolic links are refused.
[[nodiscard]] base::Result<std::vector<std::string>> archive_files(const std::vector<std::string>& inputs);

class LineReader {
 public:
  static constexpr std::size_t kMaxLineBytes = 1ULL << 30;

  explicit LineReader(std::string path) : path_(std::move(path)) {}
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;
  ~LineReader();

  [[nodiscard]] base::Status open();

  // True with the next line, without its line end and white space around it, valid until the next call; false at the end or
  // after an error (error() is set): reading, bytes that are not UTF-8, a line past kMaxLineBytes.
  bool next(std::string_view* line);

  [[nodiscard]] std::uint64_t number() const { return number_; }  // of the line, from 1
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] bool failed() const { return !error_.what.empty(); }
  [[nodiscard]] const base::Error& error() const { return error_; }

 private:
  bool fill();
  bool take(std::size_t end, std::size_t skip, std::string_view* line);

  std::string path_;
  int file_ = -1;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what was not handed out
  std::size_t end_ = 0;    // of what was read
  bool at_end_ = false;
  std::uint64_t number_ = 0;
  base::Error error_;
};

}  // namespace sentinel::disclosure
