#include "daemon/line_output.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/log.h"

namespace sentinel::daemon {
namespace {

// A pipe that poll() calls writable takes so many bytes without waiting (PIPE_BUF of Linux).
constexpr std::size_t kAtOnce = 4096;

}  // namespace

LineOutput::LineOutput(int descriptor, telemetry::Meter* meter)
    : descriptor_(descriptor),
      kind_([&] {
        struct stat file {};
        if (::fstat(descriptor, &file) != 0 || S_ISREG(file.st_mode)) return Kind::kPlain;
        if (S_ISSOCK(file.st_mode)) return Kind::kSocket;
        return S_ISCHR(file.st_mode) && ::isatty(descriptor) == 0 ? Kind::kPlain : Kind::kPipe;
      }()),
      component_("exporter/ndjson", meter, telemetry::Component::Role::kExporter),
      fill_(meter == nullptr ? nullptr : &meter->queue("output")) {
  show_size();
}

void LineOutput::write(std::string_view lines) {
  flush();
  component_.emissions(std::ranges::count(lines, '\n'));
  if (waiting_.empty()) lines.remove_prefix(push(lines));
  waiting_.append(lines);
  show_size();
  if (full() && !told_full_) {
    told_full_ = true;
    component_.degraded(true);
    base::log_warn("daemon", "nobody reads the findings on standard output: no more spans are taken in until somebody does");
  }
}

void LineOutput::flush() {
  if (waiting_.empty()) return;
  written_ += push(std::string_view(waiting_).substr(written_));
  if (written_ == waiting_.size()) {
    std::string().swap(waiting_);
    written_ = 0;
    if (told_full_) base::log_info("daemon", "the findings on standard output are read again");
    told_full_ = false;
    component_.degraded(false);
  } else if (written_ > kCapacity) {
    waiting_.erase(0, written_);
    written_ = 0;
  }
  show_size();
}

// How many bytes are done with: written, or dropped because nobody can have them.
std::size_t LineOutput::push(std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = push_some(text.substr(done));
    if (written > 0) {
      done += static_cast<std::size_t>(written);
    } else if (written == 0 || errno == EAGAIN) {
      if (!patient_) break;
    } else if (errno != EINTR) {
      if (!told_lost_) {
        base::log_warn("daemon", std::string("findings cannot be written to standard output: ") + std::strerror(errno));
      }
      told_lost_ = true;
      component_.error(telemetry::ErrorKind::kDownstream);
      component_.call_failure(telemetry::ErrorKind::kDownstream);
      return text.size();
    }
  }
  if (done > 0) {
    component_.call_success();
    component_.activity();
  }
  return done;
}

// 0: not without waiting.
ssize_t LineOutput::push_some(std::string_view text) const {
  if (kind_ == Kind::kPlain) return ::write(descriptor_, text.data(), text.size());
  pollfd room{descriptor_, POLLOUT, 0};
  const int ready = ::poll(&room, 1, patient_ ? -1 : 0);
  if (ready <= 0) return ready;
  const std::size_t size = std::min(text.size(), kAtOnce);
  if (kind_ == Kind::kSocket) return ::send(descriptor_, text.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL);
  return ::write(descriptor_, text.data(), size);
}

void LineOutput::show_size() {
  const std::size_t size = waiting_.size() - written_;
  size_.store(size, std::memory_order_relaxed);
  if (fill_ != nullptr) fill_->set(size, kCapacity);
}

}  // namespace sentinel::daemon
