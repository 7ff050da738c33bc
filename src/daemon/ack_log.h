// The file behind an AckStore: JSON lines that are appended, and rewritten as a whole (chapter 05 §9.6).
//
// take() makes missing folders and holds the file by flock(2) until the AckLog goes; rewrite() puts a new file, already held,
// in its place. After an append that failed the file ends with its last complete line, or nothing more is appended until it
// does. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "daemon/ack_store.h"

namespace sentinel::daemon {

// -- lines

struct AckLine {
  AckAction action = AckAction::kAck;
  Ack ack;  // of kUnack: signature, by and at
};
// One object of /api/acks and one line of the file, without line end.
void append_ack_json(std::string& out, const Ack& ack);
void append_unack_json(std::string& out, std::string_view signature, std::string_view by, Instant at);
// The Error says what is wrong with it, not where it stands. `by` and `reason` come out clean.
[[nodiscard]] base::Result<AckLine> parse_ack_line(std::string_view line);

// -- the file

class AckLog {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<AckLog>> take(const std::string& path);
  ~AckLog();
  AckLog(const AckLog&) = delete;
  AckLog& operator=(const AckLog&) = delete;

  // All bytes; an Error past `max_bytes`.
  [[nodiscard]] base::Result<std::string> read(std::uint64_t max_bytes);
  // Goes on behind `bytes` complete lines without rewriting; false when others may read the file, which only rewrite() mends.
  [[nodiscard]] bool keep(std::uint64_t bytes);
  // Replaces the file in one step by one of mode 0600 with these lines, on disk when this returns.
  [[nodiscard]] base::Status rewrite(std::string_view lines);
  // One write and one data sync; `line` ends with its newline.
  [[nodiscard]] base::Status append(std::string_view line);

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  AckLog(std::string path, int file) : path_(std::move(path)), file_(file) {}
  base::Status write_draft(int draft, const std::string& draft_path, std::string_view lines);

  const std::string path_;
  int file_;
  std::uint64_t bytes_ = 0;  // of complete lines
  bool ragged_ = false;      // a part of a line may follow them
  bool settled_ = false;     // the folder's entry of the file is on disk
};

}  // namespace sentinel::daemon
