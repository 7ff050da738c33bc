// A blocking client for tests: raw bytes over a loopback socket, with time limits so that a server that hangs fails a test.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sentinel::net::testing {

class Client {
 public:
  explicit Client(std::uint16_t port);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes);
  // Reads until `count` bytes, the end, or the time limit.
  std::string read(std::size_t count, int limit_ms = 5000);
  // Reads one HTTP/1 response with its body; empty when the connection ends or the time is up before it is complete.
  std::string response(bool head_only = false, int limit_ms = 5000);
  // Everything up to the end of the connection. `ended` says whether it came within the time.
  std::string rest(int limit_ms = 5000);
  [[nodiscard]] bool ended() const { return ended_; }

  void end_of_input();  // half-closes
  void reset();         // closes with RST
  [[nodiscard]] int fd() const { return fd_; }

 private:
  bool fill(int limit_ms);

  int fd_ = -1;
  bool ended_ = false;
  std::string received_;
};

// "200" of "HTTP/1.1 200 OK…".
std::string status_of(std::string_view response);
// The value of a header of that response (name in lower case), empty when there is none.
std::string header_of(std::string_view response, std::string_view name);
std::string body_of(std::string_view response);

}  // namespace sentinel::net::testing
