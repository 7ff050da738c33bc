#include "net/client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace sentinel::net::testing {

Client::Client(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << "port " << port;
}

Client::~Client() {
  if (fd_ >= 0) close(fd_);
}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server has closed: what it said is what the test looks at
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool Client::fill(int limit_ms) {
  pollfd waits{fd_, POLLIN, 0};
  if (ended_ || poll(&waits, 1, limit_ms) <= 0) return false;
  char bytes[65536];
  const ssize_t got = recv(fd_, bytes, sizeof bytes, 0);
  if (got <= 0) {
    ended_ = true;
    return false;
  }
  received_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::string Client::read(std::size_t count, int limit_ms) {
  while (received_.size() < count && fill(limit_ms)) {
  }
  const std::string out = received_.substr(0, count);
  received_.erase(0, count);
  return out;
}

std::string Client::response(bool head_only, int limit_ms) {
  std::size_t head;
  while ((head = received_.find("\r\n\r\n")) == std::string::npos)
    if (!fill(limit_ms)) return {};
  head += 4;
  const std::string length = header_of(std::string_view(received_).substr(0, head), "content-length");
  const std::size_t body = head_only || length.empty() ? 0 : std::stoul(length);
  while (received_.size() < head + body)
    if (!fill(limit_ms)) return {};
  std::string out = received_.substr(0, head + body);
  received_.erase(0, head + body);
  return out;
}

std::string Client::rest(int limit_ms) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_ms);
  while (!ended_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    if (left <= 0) break;
    fill(static_cast<int>(left));
  }
  std::string out;
  out.swap(received_);
  return out;
}

void Client::end_of_input() { shutdown(fd_, SHUT_WR); }

void Client::reset() {
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(fd_);
  fd_ = -1;
}

std::string status_of(std::string_view response) {
  const std::size_t space = response.find(' ');
  return space == std::string_view::npos ? std::string() : std::string(response.substr(space + 1, 3));
}

std::string header_of(std::string_view response, std::string_view name) {
  std::string head(response.substr(0, response.find("\r\n\r\n")));
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::size_t at = head.find("\r\n" + std::string(name) + ": ");
  if (at == std::string::npos) return {};
  const std::size_t value = at + 4 + name.size();
  return std::string(response.substr(value, response.find("\r\n", value) - value));
}

std::string body_of(std::string_view response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string() : std::string(response.substr(end + 4));
}

}  // namespace sentinel::net::testing
