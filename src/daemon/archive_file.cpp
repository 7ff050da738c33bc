#include "daemon/archive_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "base/number_format.h"
#include "base/text.h"
#include "base/time.h"
#include "disclosure/chain.h"
#include "disclosure/content_hash.h"
#include "disclosure/json_tree.h"

namespace sentinel::daemon {
namespace {

namespace fs = std::filesystem;
using base::Error;
using disclosure::Instant;
using disclosure::JsonNode;

constexpr std::string_view kArchiveFileTarget = "archive";
constexpr std::uint64_t kMebibyte = 1ULL << 20;
constexpr std::size_t kFirstTail = 256 << 10;  // bytes read for the last line, doubled until it is in there

std::string stem_of(const std::string& path) {
  const std::string stem = fs::path(path).stem().string();
  return stem.empty() ? "archive" : stem;
}

bool hold(int file) { return ::flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK; }

// Where the chain goes on after the last usable line.
struct Link {
  std::string hash;
  std::uint64_t seq;
};
std::optional<Link> link_of(std::string_view line, base::Arena& arena) {
  arena.rewind();
  const auto root = disclosure::parse_json(line, arena);
  if (!root) return std::nullopt;
  const JsonNode* hash = root->find("hash");
  const JsonNode* seq = root->find("seq");
  if (hash == nullptr || !hash->is(JsonNode::Kind::kString) || seq == nullptr || !seq->is(JsonNode::Kind::kUnsigned))
    return std::nullopt;
  return Link{std::string(hash->text()), seq->as_unsigned()};
}

// The last usable line of `tail`, whose first line counts only when it is `whole`.
std::optional<Link> last_link(std::string_view tail, bool whole, base::Arena& arena) {
  while (!tail.empty()) {
    if (tail.back() == '\n') tail.remove_suffix(1);
    const std::size_t before = tail.rfind('\n');
    if (before == std::string_view::npos && !whole) break;
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    if (auto link = link_of(tail.substr(begin), arena)) return link;
    tail = tail.substr(0, begin);
  }
  return std::nullopt;
}

// The last `count` bytes of a file of `size`; shorter only after an error.
std::string read_tail(int file, std::uint64_t size, std::uint64_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = ::pread(file, bytes.data() + filled, count - filled, static_cast<off_t>(size - count + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

// All bytes in one write: what is written in part has failed.
bool write_once(int file, std::string_view bytes) {
  ssize_t written = 0;
  do {
    written = ::write(file, bytes.data(), bytes.size());
  } while (written < 0 && errno == EINTR);
  if (written >= 0 && static_cast<std::size_t>(written) < bytes.size()) errno = ENOSPC;
  return written >= 0 && static_cast<std::size_t>(written) == bytes.size();
}

bool all_digits(std::string_view text) { return std::ranges::all_of(text, base::is_digit); }

}  // namespace

std::string archive_stamp(Instant time) {
  const std::int64_t day = disclosure::date_of(time);
  const base::CivilDate date = base::civil_from_days(day);
  const auto second = static_cast<unsigned>(time.seconds - day * disclosure::kSecondsADay);
  const unsigned nanoseconds = std::min(time.nanoseconds, 999'999'999U);
  char text[64];
  std::snprintf(text, sizeof text, "%04lld%02u%02uT%02u%02u%02u%09uZ", static_cast<long long>(date.year), date.month, date.day,
                second / 3600, second / 60 % 60, second % 60, nanoseconds);
  return text;
}

bool is_rotated_archive(std::string_view name, std::string_view stem) {
  constexpr std::string_view kEnd = "Z.ndjson";
  if (!name.starts_with(stem) || !name.ends_with(kEnd) || name.size() < stem.size() + kEnd.size()) return false;
  const std::string_view stamp = name.substr(stem.size(), name.size() - stem.size() - kEnd.size());  // -YYYYMMDDThhmmss…
  if (stamp.size() < 16 || stamp.size() > 25 || stamp[0] != '-' || stamp[9] != 'T') return false;
  return all_digits(stamp.substr(1, 8)) && all_digits(stamp.substr(10));
}

// -- opening

ArchiveFile::ArchiveFile(const config::ArchiveConfig& config)
    : path_(config.path.value_or("")),
      stem_(stem_of(path_)),
      max_bytes_(config.max_size_mb > UINT64_MAX / kMebibyte ? UINT64_MAX : config.max_size_mb * kMebibyte),
      max_files_(config.max_files),
      prev_(disclosure::kChainSeed) {}

ArchiveFile::~ArchiveFile() {
  if (file_ >= 0) ::close(file_);
}

base::Result<std::unique_ptr<ArchiveFile>> ArchiveFile::open(const config::ArchiveConfig& config) {
  std::unique_ptr<ArchiveFile> archive(new ArchiveFile(config));
  if (const auto taken = archive->take(); !taken) return taken.error();
  if (const auto resumed = archive->resume(); !resumed) return resumed.error();
  return archive;
}

base::Status ArchiveFile::take() {
  struct stat status {};
  if (::lstat(path_.c_str(), &status) == 0 && S_ISLNK(status.st_mode)) {
    return Error{"the archive may not be a symbolic link", path_, "name the file itself in [daemon.archive] path"};
  }
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file_ < 0) return base::file_error(path_, "cannot open the archive");
  if (::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) return Error{"the archive must be a regular file", path_, ""};
  if (!hold(file_)) {
    return Error{"the archive is in use by another daemon", path_, "give each daemon a [daemon.archive] path of its own"};
  }
  bytes_ = static_cast<std::uint64_t>(status.st_size);
  return base::success();
}

base::Status ArchiveFile::resume() {
  if (bytes_ == 0) return base::success();
  if (read_tail(file_, bytes_, 1) != "\n") {
    if (!write_once(file_, "\n")) return base::file_error(path_, "cannot write to the archive");
    ++bytes_;
  }
  for (std::uint64_t count = std::min<std::uint64_t>(bytes_, kFirstTail);; count = std::min(bytes_, 2 * count)) {
    const std::string tail = read_tail(file_, bytes_, count);
    if (tail.size() < count) return base::file_error(path_, "cannot read the archive");
    if (const auto link = last_link(tail, count == bytes_, arena_)) {
      prev_ = link->hash;
      seq_ = link->seq == UINT64_MAX ? link->seq : link->seq + 1;
      return base::success();
    }
    if (count == bytes_) return base::success();
  }
}

// -- writing

std::string ArchiveFile::line_of(Instant ts, std::string_view report_json, std::string* hash) const {
  std::string body = "{\"prev\":";
  base::append_json_string(body, prev_);
  body.append(",\"report\":").append(report_json).append(",\"seq\":");
  base::append_unsigned(body, seq_);
  body += ",\"ts\":";
  base::append_json_string(body, disclosure::instant_text(ts));
  body += '}';
  *hash = disclosure::prefixed_sha256(body);
  std::string line = "{\"hash\":";
  base::append_json_string(line, *hash);
  line.append(",").append(body, 1).append("\n");
  return line;
}

base::Result<std::uint64_t> ArchiveFile::append(Instant ts, std::string_view report) {
  arena_.rewind();
  const auto tree = disclosure::parse_json(report, arena_, 1);
  if (!tree) return Error{"bug: a report is not JSON: " + tree.error().what, path_, ""};
  std::string sorted;
  disclosure::append_canonical(sorted, *tree);
  std::string hash;
  const std::string line = line_of(ts, sorted, &hash);
  if (!write_once(file_, line)) {
    Error error = base::file_error(path_, "cannot write to the archive");
    mend();
    return error;
  }
  bytes_ += line.size();
  prev_ = std::move(hash);
  ++seq_;
  return line.size();
}

// Cuts off what a failed write left, or at least ends its line.
void ArchiveFile::mend() {
  if (::ftruncate(file_, static_cast<off_t>(bytes_)) == 0) return;
  (void)write_once(file_, "\n");
  struct stat status {};
  if (::fstat(file_, &status) == 0) bytes_ = static_cast<std::uint64_t>(status.st_size);
}

// -- rotation

void ArchiveFile::begin_chain() {
  bytes_ = 0;
  prev_ = disclosure::kChainSeed;
  seq_ = 0;
}

// A name that no file has: a second rotation in the same nanosecond gets the next one.
std::string ArchiveFile::free_name(Instant now) const {
  const fs::path folder = fs::path(path_).parent_path();
  for (;; ++now.nanoseconds) {
    if (now.nanoseconds >= 1'000'000'000) now = {now.seconds + 1, 0};
    std::string name = (folder / (stem_ + "-" + archive_stamp(now) + ".ndjson")).string();
    struct stat status {};
    if (::lstat(name.c_str(), &status) != 0) return name;
  }
}

base::Status ArchiveFile::rotate(Instant now) {
  const std::string aside = free_name(now);
  if (::rename(path_.c_str(), aside.c_str()) != 0) return base::file_error(path_, "cannot rotate the archive");
  const int fresh = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fresh < 0) {
    Error error = base::file_error(path_, "cannot begin a new archive");
    (void)::rename(aside.c_str(), path_.c_str());
    return error;
  }
  (void)hold(fresh);
  ::close(std::exchange(file_, fresh));
  begin_chain();
  prune();
  return base::success();
}

void ArchiveFile::prune() const {
  struct Rotated {
    fs::file_time_type time;
    fs::path path;
  };
  std::vector<Rotated> files;
  const fs::path folder = fs::path(path_).parent_path();
  std::error_code error;
  for (fs::directory_iterator at(folder.empty() ? "." : folder, error), end; !error && at != end; at.increment(error)) {
    if (!is_rotated_archive(at->path().filename().string(), stem_)) continue;
    std::error_code unreadable;
    const auto time = at->last_write_time(unreadable);
    if (!unreadable) files.push_back({time, at->path()});
  }
  std::ranges::sort(files,
                    [](const Rotated& a, const Rotated& b) { return std::tie(a.time, a.path) > std::tie(b.time, b.path); });
  for (std::size_t i = max_files_; i < files.size(); ++i) {
    std::error_code failed;
    fs::remove(files[i].path, failed);
    if (failed) base::log_warn(kArchiveFileTarget, files[i].path.string() + " cannot be deleted: " + failed.message());
  }
}

}  // namespace sentinel::daemon
