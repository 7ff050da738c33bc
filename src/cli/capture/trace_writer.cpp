#include "cli/capture/trace_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/log.h"
#include "cli/texts/concat.h"
#include "ingest/otlp/json_line.h"

namespace sentinel::cli {
namespace {

using std::chrono::steady_clock;

base::Error about(std::string_view path, std::string_view what, int error) {
  return {concat({"trace file ", path, ": ", what, error == 0 ? "" : ": ", error == 0 ? "" : std::strerror(error)}), {}, {}};
}

}  // namespace

TraceWriter::~TraceWriter() { (void)close(); }

base::Status TraceWriter::open() {
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) return about(path_, concat({"cannot make its folder: ", error.message()}), 0);
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  struct stat facts {};
  if (fd_ < 0 || ::fstat(fd_, &facts) != 0) return about(path_, "cannot be written", errno);
  device_ = facts.st_dev;
  inode_ = facts.st_ino;
  thread_ = std::thread([this] { run(); });
  return base::success();
}

void TraceWriter::submit(std::string message, Done done) {
  Intake verdict = Intake::kAccepted;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      verdict = Intake::kGone;
    } else if (queue_.size() < kQueuedRequests && waiting_.empty()) {
      queue_.push_back(std::move(message));
      full_ = queue_.size() == kQueuedRequests;
    } else {
      waiting_.push_back({std::move(message), std::move(done), steady_clock::now() + kQueueWait});
      done = nullptr;
    }
  }
  changed_.notify_one();
  if (done) done(verdict);
}

// Gives free places to those that wait and refuses those that waited too long; the lock is let go while they are told.
void TraceWriter::admit_waiting(std::unique_lock<std::mutex>& lock) {
  const auto now = steady_clock::now();
  while (!waiting_.empty() && (closed_ || queue_.size() < kQueuedRequests || waiting_.front().until <= now)) {
    Item item = std::move(waiting_.front());
    waiting_.pop_front();
    Intake verdict = closed_ ? Intake::kGone : Intake::kFull;
    if (!closed_ && queue_.size() < kQueuedRequests) {
      queue_.push_back(std::move(item.message));
      verdict = Intake::kAccepted;
    }
    lock.unlock();
    item.done(verdict);
    lock.lock();
  }
  full_ = queue_.size() == kQueuedRequests;
}

void TraceWriter::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    admit_waiting(lock);
    if (!queue_.empty()) {
      const std::string message = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      if (!outcome_.failure) write(message);
      lock.lock();
      // Nothing more can be kept: later requests learn it at once.
      if (outcome_.failure) closed_ = true;
      continue;
    }
    if (closed_) return;
    if (waiting_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, waiting_.front().until);
    }
  }
}

void TraceWriter::write(const std::string& message) {
  line_.clear();
  const std::uint64_t spans = ingest::otlp::append_json_line(line_, message);
  line_ += '\n';
  if (line_.size() > max_bytes_ - bytes_) {
    if (!outcome_.truncated) {
      base::log_warn("capture", concat({"the size limit of ", path_, " is reached: requests that do not fit are left out"}));
    }
    outcome_.truncated = true;
    return;
  }
  if (!write_bytes(line_)) return;
  bytes_ += line_.size();
  ++outcome_.requests;
  outcome_.spans += spans;
}

bool TraceWriter::write_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      outcome_.failure = about(path_, "cannot be written", errno);
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::optional<base::Error> TraceWriter::file_problem() const {
  struct stat facts {};
  if (::stat(path_.c_str(), &facts) != 0) {
    base::Error error = about(path_, "was removed while the capture was writing it", 0);
    error.hint = "the command may clean that folder: write the file elsewhere";
    return error;
  }
  if (facts.st_dev == device_ && facts.st_ino == inode_) return std::nullopt;
  base::Error error = about(path_, "was replaced by another file while the capture was writing it", 0);
  error.hint = "the command may clean that folder: write the file elsewhere";
  return error;
}

CaptureOutcome TraceWriter::close() {
  if (fd_ < 0) return outcome_;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  const int error = ::close(fd_) != 0 ? errno : 0;
  fd_ = -1;
  if (!outcome_.failure && error != 0) outcome_.failure = about(path_, "cannot be written", error);
  if (!outcome_.failure) outcome_.failure = file_problem();
  return outcome_;
}

}  // namespace sentinel::cli
