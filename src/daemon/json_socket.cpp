#include "daemon/json_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "daemon/receiver_work.h"

namespace sentinel::daemon {

using base::log_debug;
using base::log_info;
using base::log_warn;

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

std::string reason() { return std::strerror(errno); }

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r\n\f\v") == std::string_view::npos; }

}  // namespace

// Ends the poll from other threads.
struct JsonSocket::Wake {
  Wake() : fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Wake() { ::close(fd); }
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;
  void ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(fd, &one, sizeof one);
  }
  void hush() const {
    std::uint64_t rings = 0;
    [[maybe_unused]] const ssize_t got = ::read(fd, &rings, sizeof rings);
  }
  const int fd;
  std::atomic<bool> stop{false};
};

// One line on its way through the engine.
class JsonSocket::LineDelivery final : public Delivery {
 public:
  LineDelivery(std::string line, std::shared_ptr<std::atomic<std::size_t>> in_flight, std::shared_ptr<Wake> wake,
               telemetry::Component& receiver)
      : line_(std::move(line)), in_flight_(std::move(in_flight)), wake_(std::move(wake)), work_(receiver) {
    in_flight_->fetch_add(1);
  }
  ~LineDelivery() override {  // also when the engine threw over it
    if (in_flight_->fetch_sub(1) == kLinesInFlight) wake_->ring();
  }
  LineDelivery(const LineDelivery&) = delete;
  LineDelivery& operator=(const LineDelivery&) = delete;
  [[nodiscard]] Payload payload() const override { return Payload::kAnyJson; }
  [[nodiscard]] std::string_view bytes() const override { return line_; }
  void taken(const base::Status& status, std::uint64_t spans) override {
    work_.finish(status.ok(), spans);
    if (!status) log_debug("json_socket", "line dropped: " + status.error().text());
  }
  void refused(Refusal refusal) override {
    work_.refused();
    log_warn("json_socket", refusal == Refusal::kGivenUp ? "line dropped: engine/main is down, restart the daemon"
                                                         : "line dropped: the daemon is stopping");
  }

 private:
  std::string line_;
  std::shared_ptr<std::atomic<std::size_t>> in_flight_;
  std::shared_ptr<Wake> wake_;
  ReceiverWork work_;
};

class JsonSocket::Connection {
 public:
  Connection(int fd, JsonSocket& door)
      : fd_(fd),
        door_(door),
        budget_(door.max_line_ * kPayloadsPerConnection),
        in_flight_(std::make_shared<std::atomic<std::size_t>>(0)) {}
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool busy() const { return in_flight_->load() >= kLinesInFlight; }

  // Reads what is there; false at the end of the connection.
  bool read() {
    buffer_.resize(kReadBytes);
    const ssize_t got = ::read(fd_, buffer_.data(), buffer_.size());
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    const std::size_t size = std::min<std::size_t>(static_cast<std::size_t>(got), budget_);
    budget_ -= size;
    if (!take(std::string_view(buffer_).substr(0, size))) return false;
    if (got > 0 && budget_ > 0) return true;
    if (!line_.empty() || over_long_) end_line();
    return false;
  }

 private:
  // False when the bytes are no text.
  bool take(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      append(bytes.substr(0, end));
      if (end == std::string_view::npos) return true;
      bytes.remove_prefix(end + 1);
      if (!end_line()) return false;
    }
    return true;
  }

  void append(std::string_view bytes) {
    if (over_long_ || line_.size() + bytes.size() > door_.max_line_ + 1) {  // one for a '\r'
      over_long_ = true;
      line_ = {};
      return;
    }
    line_.append(bytes);
  }

  bool end_line() {
    std::string line = std::exchange(line_, {});
    const bool over_long = std::exchange(over_long_, false);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (door_.guard_ != nullptr && door_.guard_->on()) {
      if (!std::exchange(warned_, true)) log_warn("json_socket", "lines dropped: memory high-water");
      return true;
    }
    if (over_long || line.size() > door_.max_line_) {
      log_warn("json_socket", "line dropped: longer than [daemon] max_payload_size");
      return true;
    }
    if (!base::is_valid_utf8(line)) {
      log_warn("json_socket", "connection closed: its bytes are not UTF-8");
      return false;
    }
    if (is_blank(line)) return true;
    offer(std::move(line));
    return true;
  }

  // What is thrown costs this line, as it costs a request of the other doors.
  void offer(std::string line) {
    std::string what = "something that is no exception";
    try {
      return door_.engine_.offer(std::make_unique<LineDelivery>(std::move(line), in_flight_, door_.wake_, door_.receiver_),
                                 std::nullopt);
    } catch (const std::exception& failure) {
      what = failure.what();
    } catch (...) {  // NOLINT(bugprone-empty-catch)
    }
    base::log(base::LogLevel::kError, "json_socket", "bug: the handling of a line failed (" + what + ")");
  }

  const int fd_;
  JsonSocket& door_;
  std::uint64_t budget_;
  std::shared_ptr<std::atomic<std::size_t>> in_flight_;
  std::string buffer_;
  std::string line_;
  bool over_long_ = false;
  bool warned_ = false;
};

JsonSocket::JsonSocket(const config::DaemonConfig& config, EngineThread& engine, const MemoryGuard* guard,
                       telemetry::Component& receiver, telemetry::Supervision told)
    : path_(config.json_socket),
      max_line_(static_cast<std::size_t>(config.max_payload_size)),
      engine_(engine),
      guard_(guard),
      receiver_(receiver),
      wake_(std::make_shared<Wake>()),
      loop_(receiver.id(), told) {}

JsonSocket::~JsonSocket() { close(); }

// It was to be there and cannot be: operators see a component that is degraded from the start.
bool JsonSocket::stay_off(const std::string& why) {
  base::log(base::LogLevel::kError, "json_socket", "JSON socket off: " + why);
  receiver_.error(telemetry::ErrorKind::kInit);
  receiver_.degraded(true);
  return false;
}

bool JsonSocket::bind() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) return stay_off("its path is too long for a Unix socket: " + path_);
  path_.copy(address.sun_path, path_.size());
  struct stat facts {};
  if (::lstat(path_.c_str(), &facts) == 0) {
    if (S_ISLNK(facts.st_mode)) return stay_off("its path is a symbolic link: " + path_);
    if (S_ISSOCK(facts.st_mode)) {
      const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const bool alive = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
      ::close(probe);
      if (alive) return stay_off("another process serves " + path_);
    }
    ::unlink(path_.c_str());
  }
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno != ENOENT) return stay_off("cannot bind " + path_ + ": " + reason());
    log_info("json_socket", "JSON socket off: no such folder for " + path_);  // as in an image without /tmp
    return false;
  }
  if (::chmod(path_.c_str(), 0600) != 0 || ::listen(listener_, static_cast<int>(kMostConnections)) != 0) {
    (void)stay_off("cannot protect " + path_ + ": " + reason());
    ::unlink(path_.c_str());
    return false;
  }
  if (::lstat(path_.c_str(), &facts) == 0) bound_inode_ = facts.st_ino;
  return true;
}

bool JsonSocket::open() {
  if (!bind()) {
    if (listener_ >= 0) ::close(std::exchange(listener_, -1));
    return false;
  }
  log_info("json_socket", "JSON socket listening on " + path_);
  loop_.start([this] { run(); });
  return true;
}

void JsonSocket::accept_one() {
  const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0) connections_.push_back(std::make_shared<Connection>(fd, *this));
}

void JsonSocket::run() {
  connections_.clear();  // of a run that failed, maybe over one of them
  std::vector<pollfd> watched;
  while (!wake_->stop.load()) {
    watched.assign({{wake_->fd, POLLIN, 0}});
    watched.push_back({connections_.size() < kMostConnections ? listener_ : -1, POLLIN, 0});
    for (const auto& connection : connections_) watched.push_back({connection->busy() ? -1 : connection->fd(), POLLIN, 0});
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
    if (watched[0].revents != 0) wake_->hush();
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      if (watched[i + 2].revents != 0 && !connections_[i]->read()) connections_[i].reset();
    }
    std::erase(connections_, nullptr);
    if (watched[1].revents != 0) accept_one();
  }
  connections_.clear();
}

void JsonSocket::close() {
  if (listener_ < 0) return;
  wake_->stop = true;
  wake_->ring();
  loop_.stop();
  ::close(std::exchange(listener_, -1));
  struct stat facts {};
  if (::lstat(path_.c_str(), &facts) == 0 && facts.st_ino == bound_inode_) ::unlink(path_.c_str());
}

}  // namespace sentinel::daemon
