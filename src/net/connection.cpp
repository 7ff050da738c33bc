#include "net/connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/first_bytes.h"

namespace sentinel::net {
namespace {

constexpr int kReadsARound = 8;                         // then the other connections of the loop get their turn
constexpr std::size_t kOutputARound = 256 * 1024;       // made before it is sent
constexpr Millis kLingerMs = 1000;                      // for a client that sends on after the last answer
constexpr std::size_t kLingerBytes = 64 * 1024 * 1024;  // read over meanwhile

}  // namespace

Connection::Connection(std::shared_ptr<ServerShared> server, Loop& loop, Home& home, int fd, std::unique_ptr<TlsSession> tls,
                       std::optional<HandshakeToken> token)
    : server_(std::move(server)), loop_(loop), home_(home), fd_(fd), tls_(std::move(tls)), progress_(loop.core().now()) {
  if (token) handshake_.emplace(std::move(*token));
  if (tls_ != nullptr) stage_ = Stage::kHandshake;
  count(counters().connections_open);
}

Connection::~Connection() {
  protocol_.reset();
  core().unwatch(fd_, *this);
  close(fd_);
  uncount(counters().connections_open);
}

bool Connection::start() {
  interest_ = EPOLLIN;
  if (!core().watch(fd_, interest_, *this)) return false;
  if (stage_ == Stage::kOpen) protocol_ = first_protocol(*this);
  return true;
}

void Connection::on_events(std::uint32_t events) {
  const Round round(*this);
  if ((events & EPOLLERR) != 0 || ((events & EPOLLHUP) != 0 && (interest_ & EPOLLIN) == 0)) return close_now();
  if (stage_ == Stage::kHandshake) return handshake();
  if (stage_ == Stage::kLingering) return read_over();
  if ((events & (EPOLLIN | EPOLLHUP)) != 0 || tls_wants_write_) read_some();
}

void Connection::handshake() {
  switch (tls_->handshake()) {
    case TlsSession::Io::kDone:
      stage_ = Stage::kOpen;
      handshake_.reset();
      tls_wants_write_ = false;
      protocol_ = first_protocol(*this);
      return read_some();  // the client may have sent on already
    case TlsSession::Io::kWantRead:
      tls_wants_write_ = false;
      return;
    case TlsSession::Io::kWantWrite:
      tls_wants_write_ = true;
      return;
    default:
      count(counters().tls_handshakes_failed);
      if (!tls_->has_written()) send_alert();
      return close_now();
  }
}

// To a client that does not speak TLS, of which OpenSSL takes its leave without a word. What the client has sent is read over
// first: closing on unread bytes would destroy the alert.
void Connection::send_alert() {
  static constexpr char kUnexpectedMessage[] = {0x15, 3, 3, 0, 2, 2, 10};
  while (recv(fd_, core().read_memory(), Loop::Core::kReadBytes, 0) > 0) {
  }
  send(fd_, kUnexpectedMessage, sizeof kUnexpectedMessage, MSG_NOSIGNAL);
}

long Connection::read_into(char* to, std::size_t room) {
  if (tls_ == nullptr) {
    const ssize_t got = recv(fd_, to, room, 0);
    if (got > 0) return got;
    return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
  }
  std::size_t got = 0;
  switch (tls_->read(to, room, got)) {
    case TlsSession::Io::kDone:
      return static_cast<long>(got);
    case TlsSession::Io::kWantRead:
      return 0;
    case TlsSession::Io::kWantWrite:
      tls_wants_write_ = true;
      return 0;
    default:
      return -1;
  }
}

void Connection::read_some() {
  tls_wants_write_ = false;
  // TLS is read until it has nothing more: what it holds already makes no further event.
  for (int reads = 0; tls_ != nullptr || reads < kReadsARound; ++reads) {
    if (!reading_ || stage_ != Stage::kOpen || backlogged()) return;
    const std::span<char> direct = protocol_->direct();
    const std::size_t room = direct.empty() ? protocol_->read_size() : direct.size();
    char* to = direct.empty() ? core().read_memory() : direct.data();
    const long got = read_into(to, room);
    if (got == 0) return;
    if (got < 0) {
      read_ended_ = true;
      reading_ = false;
      protocol_->on_end_of_input();
      return;
    }
    const auto size = static_cast<std::size_t>(got);
    count(counters().bytes_received, size);
    if (direct.empty()) {
      protocol_->on_bytes({to, size});
    } else {
      protocol_->on_direct(size);
    }
    // A plain socket that gave less than it could is empty; so is, likely, one that gave all that was announced.
    if (tls_ == nullptr && (size < room || !direct.empty())) return;
  }
}

void Connection::read_over() {
  while (true) {
    const long got = read_into(core().read_memory(), Loop::Core::kReadBytes);
    if (got == 0) return;
    if (got < 0) return close_now();
    read_over_ += static_cast<std::size_t>(got);
    if (read_over_ > kLingerBytes) return close_now();
  }
}

bool Connection::backlogged() const { return !backlog_.empty() || loop_.core().out.size() >= kOutputARound; }

void Connection::close_when_sent(bool linger) {
  if (stage_ >= Stage::kLastOutput) return;
  stage_ = Stage::kLastOutput;
  linger_ = linger && !read_ended_;
}

void Connection::close_now() { stage_ = Stage::kClosed; }

std::size_t Connection::send_bytes(std::string_view bytes, bool& gone) {
  if (tls_ == nullptr) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    gone = errno != EAGAIN && errno != EINTR;
    return 0;
  }
  std::size_t sent = 0;
  const TlsSession::Io io = tls_->write(bytes, sent);
  gone = io == TlsSession::Io::kFailed || io == TlsSession::Io::kEnded;
  return sent;
}

bool Connection::send_output() {
  std::string& made = out();
  const bool direct = backlog_.empty();
  std::string& source = direct ? made : backlog_;
  std::size_t& at = backlog_sent_;
  if (!direct && !made.empty()) {
    backlog_ += made;
    made.clear();
  }
  bool gone = false;
  while (at < source.size()) {
    const std::size_t sent = send_bytes(std::string_view(source).substr(at), gone);
    if (sent == 0) break;
    at += sent;
    progress_ = core().now();
    count(counters().bytes_sent, sent);
  }
  if (gone) {
    close_now();
    return false;
  }
  const bool all = at == source.size();
  if (all) {
    at = 0;
    if (!direct) std::string().swap(backlog_);  // an idle connection keeps no memory
  } else if (direct) {
    backlog_.assign(made, at);
    at = 0;
    progress_ = core().now();
  }
  made.clear();
  return all;
}

void Connection::all_sent() {
  if (stage_ != Stage::kLastOutput) return;
  if (!linger_) return close_now();
  if (tls_ != nullptr) tls_->close_notify();
  shutdown(fd_, SHUT_WR);
  stage_ = Stage::kLingering;
  progress_ = core().now();
  read_over();
}

void Connection::finish_round() {
  ++depth_;  // answers given while producing do not begin a round of their own
  while (stage_ < Stage::kLingering) {
    if (stage_ == Stage::kOpen && backlog_.empty()) protocol_->produce();
    if (out().empty() && backlog_.empty()) {
      all_sent();
      break;
    }
    if (!send_output()) break;
  }
  --depth_;
  out().clear();
  if (stage_ == Stage::kClosed) {
    core().unwatch(fd_, *this);
    protocol_.reset();
    return home_.remove(*this);
  }
  update_interest();
}

void Connection::update_interest() {
  std::uint32_t wanted = 0;
  if (stage_ == Stage::kHandshake) {
    wanted = tls_wants_write_ ? EPOLLOUT : EPOLLIN;
  } else if (stage_ == Stage::kLingering) {
    wanted = EPOLLIN;
  } else {
    if (!backlog_.empty() || tls_wants_write_) wanted |= EPOLLOUT;
    if (reading_ && backlog_.empty() && stage_ == Stage::kOpen) wanted |= EPOLLIN;
  }
  if (wanted == interest_) return;
  // Bytes that TLS has taken off the socket already make no event: they are read now.
  const bool resumes = (wanted & ~interest_ & EPOLLIN) != 0 && tls_ != nullptr && stage_ == Stage::kOpen;
  interest_ = wanted;
  core().change(fd_, interest_, *this);
  if (resumes) {
    const Round round(*this);
    read_some();
  }
}

void Connection::on_tick(Millis now) {
  const Round round(*this);
  if (stage_ == Stage::kHandshake) {
    if (now - progress_ >= limits().handshake_timeout.count()) {
      count(counters().tls_handshakes_failed);
      close_now();
    }
    return;
  }
  if (stage_ == Stage::kLingering) {
    if (now - progress_ >= kLingerMs) close_now();
    return;
  }
  if (!backlog_.empty() && now - progress_ >= limits().write_timeout.count()) {
    count(counters().closed_not_reading);
    return close_now();
  }
  if (stage_ == Stage::kOpen) protocol_->on_tick(now);
}

void Connection::drain() {
  const Round round(*this);
  if (stage_ == Stage::kHandshake) return close_now();
  if (stage_ == Stage::kOpen) protocol_->drain();
}

}  // namespace sentinel::net
