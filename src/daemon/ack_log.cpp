#include "daemon/ack_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/descriptor.h"
#include "base/log.h"

namespace sentinel::daemon {
namespace {

namespace fs = std::filesystem;
using base::Error;

constexpr std::string_view kAckLogTarget = "ack";
constexpr mode_t kOthers = 077;  // group and other bits
constexpr int kOpenTries = 8;    // the file may be replaced between opening and holding it

Error held_elsewhere(const std::string& path) {
  return {"acknowledgments are in use by another daemon", path, "give each daemon a [daemon.ack] storage_path of its own"};
}

Error symlink_refused(const std::string& path) {
  return {"acknowledgments may not be a symbolic link", path, "name the file itself in [daemon.ack] storage_path"};
}

bool is_symlink(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

// Missing folders are made; the last one is for its owner only, unless it is everybody's (sticky, as /tmp).
base::Status prepare_folder(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) return base::success();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Error{"cannot make the folder of acknowledgments: " + error.message(), folder.string(), ""};
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 || (status.st_mode & kOthers) == 0) return base::success();
  if ((status.st_mode & S_ISVTX) != 0 || ::chmod(folder.c_str(), 0700) != 0) {
    base::log_warn(kAckLogTarget, "others may read the folder " + folder.string() + ", and it could not be closed to them");
  }
  return base::success();
}

// False when somebody else holds the file. A file system without locks is warned about.
bool hold(int file, const std::string& path) {
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  base::log_warn(kAckLogTarget, path + " cannot be locked (" + std::strerror(errno) + "): see to it that one daemon uses it");
  return true;
}

bool is_at(int file, const std::string& path) {
  struct stat open_file {};
  struct stat named {};
  return ::fstat(file, &open_file) == 0 && ::lstat(path.c_str(), &named) == 0 && open_file.st_ino == named.st_ino &&
         open_file.st_dev == named.st_dev;
}

// A rename is durable once the folder is.
void sync_folder(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  const base::Descriptor folder(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) (void)::fsync(folder.get());
}

}  // namespace

base::Result<std::unique_ptr<AckLog>> AckLog::take(const std::string& path) {
  if (const auto folder = prepare_folder(path); !folder) return folder.error();
  for (int i = 0; i < kOpenTries; ++i) {
    if (is_symlink(path)) return symlink_refused(path);
    base::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600));
    if (file.get() < 0) return base::file_error(path, "cannot open acknowledgments");
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
      return Error{"acknowledgments must be a regular file", path, ""};
    }
    if (!hold(file.get(), path)) return held_elsewhere(path);
    if (is_at(file.get(), path)) return std::unique_ptr<AckLog>(new AckLog(path, file.release()));
  }
  return held_elsewhere(path);
}

AckLog::~AckLog() {
  if (file_ >= 0) ::close(file_);
}

base::Result<std::string> AckLog::read(std::uint64_t max_bytes) {
  std::string bytes;
  char buffer[1 << 16];
  for (off_t at = 0;;) {
    const ssize_t got = ::pread(file_, buffer, sizeof buffer, at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::file_error(path_, "cannot read acknowledgments");
    if (got == 0) break;
    bytes.append(buffer, static_cast<std::size_t>(got));
    at += got;
    if (bytes.size() > max_bytes) {
      return Error{"acknowledgments are larger than " + std::to_string(max_bytes) + " bytes", path_, "move the file away"};
    }
  }
  return bytes;
}

bool AckLog::keep(std::uint64_t bytes) {
  struct stat status {};
  if (::fstat(file_, &status) != 0 || (status.st_mode & kOthers) != 0) return false;
  bytes_ = bytes;
  return true;
}

base::Status AckLog::write_draft(int draft, const std::string& draft_path, std::string_view lines) {
  if (!hold(draft, draft_path)) return held_elsewhere(draft_path);
  if (!base::write_all(draft, lines) || ::fsync(draft) != 0)
    return base::file_error(draft_path, "cannot write acknowledgments");
  struct stat status {};
  if (::fstat(draft, &status) != 0 || (status.st_mode & kOthers) != 0) {
    return Error{"others may read acknowledgments here", path_, "use a file system that keeps permissions"};
  }
  if (is_symlink(path_)) return symlink_refused(path_);
  if (::rename(draft_path.c_str(), path_.c_str()) != 0) return base::file_error(path_, "cannot replace acknowledgments");
  return base::success();
}

base::Status AckLog::rewrite(std::string_view lines) {
  const std::string draft_path = fs::path(path_).replace_extension("jsonl.tmp").string();
  (void)::unlink(draft_path.c_str());  // of a run that ended in the middle
  base::Descriptor draft(::open(draft_path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (draft.get() < 0) return base::file_error(draft_path, "cannot write acknowledgments");
  if (auto written = write_draft(draft.get(), draft_path, lines); !written) {
    (void)::unlink(draft_path.c_str());
    return written;
  }
  sync_folder(path_);
  ::close(std::exchange(file_, draft.release()));
  bytes_ = lines.size();
  ragged_ = false;
  settled_ = true;
  return base::success();
}

base::Status AckLog::append(std::string_view line) {
  if (ragged_) {
    if (::ftruncate(file_, static_cast<off_t>(bytes_)) != 0)
      return base::file_error(path_, "cannot cut off what a failed write left");
    ragged_ = false;
  }
  if (base::write_all(file_, line) && ::fdatasync(file_) == 0) {
    if (!std::exchange(settled_, true)) sync_folder(path_);
    bytes_ += line.size();
    return base::success();
  }
  Error error = base::file_error(path_, "cannot write acknowledgments");
  ragged_ = ::ftruncate(file_, static_cast<off_t>(bytes_)) != 0;
  return error;
}

}  // namespace sentinel::daemon
