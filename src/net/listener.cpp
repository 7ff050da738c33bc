#include "net/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace sentinel::net {
namespace {

constexpr int kBacklog = 1024;
constexpr int kAcceptsARound = 64;

struct BoundAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

base::Result<BoundAddress> parse(const std::string& text, std::uint16_t port) {
  BoundAddress address;
  if (text.starts_with('[') && text.ends_with(']')) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
    if (inet_pton(AF_INET6, text.substr(1, text.size() - 2).c_str(), &v6.sin6_addr) == 1) {
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(port);
      address.size = sizeof v6;
      return address;
    }
  } else {
    auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
    if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
      v4.sin_family = AF_INET;
      v4.sin_port = htons(port);
      address.size = sizeof v4;
      return address;
    }
  }
  return base::Error{"invalid address", {}, "give an IP address such as 127.0.0.1, or IPv6 in brackets: [::1]"};
}

base::Error system_error(const char* what) { return {std::string(what) + ": " + std::strerror(errno), {}, {}}; }

std::uint16_t bound_port(int fd) {
  BoundAddress address;
  address.size = sizeof address.storage;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0) return 0;
  if (address.storage.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6&>(address.storage).sin6_port);
  return ntohs(reinterpret_cast<sockaddr_in&>(address.storage).sin_port);
}

}  // namespace

Listener::~Listener() {
  if (fd_ >= 0) close(fd_);
}

base::Status Listener::bind(const std::string& text, std::uint16_t port) {
  const auto address = parse(text, port);
  if (!address) return address.error();
  const int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return system_error("cannot create a socket");
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address->storage), address->size) != 0 || listen(fd, kBacklog) != 0) {
    base::Error error = system_error("cannot listen");
    if (errno == EADDRINUSE) error.hint = "another process has this port";
    close(fd);
    return error;
  }
  fd_ = fd;
  port_ = bound_port(fd);
  return base::success();
}

base::Status Listener::start(Loop& loop, std::function<bool(int)> take, std::function<void()> refused) {
  loop_ = &loop;
  take_ = std::move(take);
  refused_ = std::move(refused);
  if (!loop.core().watch(fd_, EPOLLIN, *this)) return system_error("cannot watch the socket");
  loop.core().add_guest(*this);
  return base::success();
}

void Listener::on_events(std::uint32_t /*events*/) {
  for (int i = 0; i < kAcceptsARound; ++i) {
    const int fd = accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EAGAIN) return;
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        refused_();
        pause();
        resumes_ = loop_->after(std::chrono::milliseconds(kPauseMs), [this] { resume(); });
        return;
      }
      continue;  // the client has gone meanwhile
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!take_(fd)) return pause();
  }
}

void Listener::pause() { loop_->core().change(fd_, 0, *this); }

void Listener::resume() {
  if (watched) loop_->core().change(fd_, EPOLLIN, *this);
}

void Listener::stop() {
  if (loop_ != nullptr) {
    loop_->core().unwatch(fd_, *this);
    loop_->cancel(resumes_);
    loop_->core().remove_guest(*this);
  }
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

}  // namespace sentinel::net
