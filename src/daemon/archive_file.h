// The file behind an ArchiveWriter: a hash chain of lines that is resumed, rotated and pruned (chapter 05 §7).
//
// The file is held by flock(2): two daemons on one archive would break its chain. After an append that failed the file ends
// with its last complete line, or with a fragment on a line of its own. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/result.h"
#include "config/daemon_config.h"
#include "disclosure/instant.h"

namespace sentinel::daemon {

class ArchiveFile {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<ArchiveFile>> open(const config::ArchiveConfig& config);
  ~ArchiveFile();
  ArchiveFile(const ArchiveFile&) = delete;
  ArchiveFile& operator=(const ArchiveFile&) = delete;

  // Writes the line of a window whose report is the JSON object `report`. Gives its bytes; an Error leaves the chain as it was.
  [[nodiscard]] base::Result<std::uint64_t> append(disclosure::Instant ts, std::string_view report);

  [[nodiscard]] bool full() const { return bytes_ >= max_bytes_; }
  // Puts the file aside under a name with `now` in it, begins a new one and deletes the oldest of those put aside. After an
  // Error the file goes on as it is.
  [[nodiscard]] base::Status rotate(disclosure::Instant now);

 private:
  explicit ArchiveFile(const config::ArchiveConfig& config);
  base::Status take();
  base::Status resume();
  std::string line_of(disclosure::Instant ts, std::string_view report_json, std::string* hash) const;
  void mend();
  void begin_chain();
  std::string free_name(disclosure::Instant now) const;
  void prune() const;

  const std::string path_;
  const std::string stem_;  // of the names of files put aside
  const std::uint64_t max_bytes_;
  const std::size_t max_files_;

  int file_ = -1;
  std::uint64_t bytes_ = 0;  // of complete lines
  std::string prev_;         // hash of the last line, or the seed
  std::uint64_t seq_ = 0;    // of the next line
  base::Arena arena_;        // of the report being written
};

// "20260302T082011123456789Z".
[[nodiscard]] std::string archive_stamp(disclosure::Instant time);
// Whether `name` is that of a file put aside: <stem>-<8 digits>T<6 to 15 digits>Z.ndjson.
[[nodiscard]] bool is_rotated_archive(std::string_view name, std::string_view stem);

}  // namespace sentinel::daemon
