#include "net/client_wire.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "net/resolve.h"

namespace sentinel::net {
namespace {

using std::chrono::steady_clock;

Failure system_failure(HttpFault fault, std::string_view doing, int error) {
  return {fault, std::string(doing) + ": " + std::strerror(error)};
}

class PlainWire : public Wire {
 public:
  explicit PlainWire(Socket socket) : socket_(std::move(socket)) {}

  std::optional<Failure> read(char* to, std::size_t room, std::size_t* got, const Patience& patience) override {
    for (;;) {
      const ssize_t n = ::recv(socket_.fd(), to, room, 0);
      if (n >= 0) {
        *got = static_cast<std::size_t>(n);
        return std::nullopt;
      }
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return system_failure(HttpFault::kClosed, "the connection broke", errno);
      if (auto failure = socket_.wait(Socket::For::kReading, patience)) return failure;
    }
  }

  std::optional<Failure> write(std::string_view bytes, const Patience& patience) override {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(n));
        continue;
      }
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return system_failure(HttpFault::kClosed, "the connection broke", errno);
      if (auto failure = socket_.wait(Socket::For::kWriting, patience)) return failure;
    }
    return std::nullopt;
  }

  std::optional<Socket> release() override { return std::move(socket_); }

 private:
  Socket socket_;
};

// One address. An error code in *error when the connection did not come about.
std::optional<Socket> try_address(const Address& address, const Patience& patience, Failure* failure) {
  Socket socket(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.fd() < 0) {
    *failure = system_failure(HttpFault::kConnect, "cannot open a socket", errno);
    return std::nullopt;
  }
  const int one = 1;
  (void)::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  int error = 0;
  if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size) != 0) error = errno;
  if (error == EINPROGRESS) {
    if (auto waited = socket.wait(Socket::For::kWriting, patience)) {
      *failure = std::move(*waited);
      if (failure->fault == HttpFault::kTimeout) failure->why = "timed out while connecting";
      return std::nullopt;
    }
    socklen_t size = sizeof error;
    ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error == 0) return socket;
  *failure = system_failure(HttpFault::kConnect, "cannot connect", error);
  return std::nullopt;
}

}  // namespace

Socket::~Socket() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<Failure> Socket::wait(For what, const Patience& patience) const {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(patience.deadline - steady_clock::now()).count();
    if (left <= 0) return Failure{HttpFault::kTimeout, "timed out"};
    pollfd watched[2] = {{fd_, static_cast<short>(what == For::kReading ? POLLIN : POLLOUT), 0}, {patience.cancel, POLLIN, 0}};
    const int ready = ::poll(watched, 2, static_cast<int>(std::min<long long>(left, 60'000)));
    if (ready < 0 && errno != EINTR) return system_failure(HttpFault::kClosed, "cannot wait for the connection", errno);
    if (ready <= 0) continue;
    if (patience.cancel >= 0 && watched[1].revents != 0) return Failure{HttpFault::kCancelled, "interrupted"};
    if (watched[0].revents != 0) return std::nullopt;
  }
}

Connected connect_plain(const std::string& host, std::uint16_t port, const Patience& patience) {
  Resolved resolved = resolve(host, port, patience);
  Failure failure = std::move(resolved.failure);
  for (std::size_t i = 0; i < resolved.addresses.size(); ++i) {
    // An address that swallows packets must leave time for the next one.
    Patience share = patience;
    const auto now = steady_clock::now();
    const auto left = static_cast<long>(resolved.addresses.size() - i);
    if (left > 1 && patience.deadline > now) share.deadline = now + (patience.deadline - now) / left;
    if (auto socket = try_address(resolved.addresses[i], share, &failure)) {
      return {.wire = std::make_unique<PlainWire>(std::move(*socket)), .failure = {}};
    }
    if (failure.fault == HttpFault::kCancelled) break;
  }
  return {.wire = nullptr, .failure = std::move(failure)};
}

}  // namespace sentinel::net
