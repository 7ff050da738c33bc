// The client's side of one connection: bytes out, bytes in, each wait bounded by a deadline and ended by a cancel descriptor.
//
// Blocking calls over non-blocking sockets. A connection belongs to one thread at a time. Failures say what kind they are, so
// that callers can tell a refused connection from a cut answer without reading texts.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sentinel::net {

enum class HttpFault : std::uint8_t {
  kUrl,       // the address cannot be used; nothing was sent
  kResolve,   // the name is not known
  kConnect,   // nobody answers there
  kTls,       // no trusted encrypted connection
  kTimeout,   // too slow
  kClosed,    // the connection ended before an answer began
  kCut,       // it ended inside the answer
  kProtocol,  // the answer is no HTTP
  kTooLarge,  // the answer is over its cap
  kEncoding,  // the answer is compressed in a way that cannot be undone
  kCancelled
};

struct Failure {
  HttpFault fault = HttpFault::kConnect;
  std::string why;
};

// Until when to wait. A readable `cancel` descriptor ends any wait; -1: none.
struct Patience {
  std::chrono::steady_clock::time_point deadline;
  int cancel = -1;
};

// An open non-blocking socket, closed with this object.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Socket& operator=(Socket&&) = delete;
  ~Socket();

  [[nodiscard]] int fd() const { return fd_; }

  // Until it can be read from or written to.
  enum class For : std::uint8_t { kReading, kWriting };
  [[nodiscard]] std::optional<Failure> wait(For what, const Patience& patience) const;

 private:
  int fd_;
};

class Wire {
 public:
  virtual ~Wire() = default;

  // Some bytes; *got is 0 at the end of the stream.
  [[nodiscard]] virtual std::optional<Failure> read(char* to, std::size_t room, std::size_t* got, const Patience& patience) = 0;
  [[nodiscard]] virtual std::optional<Failure> write(std::string_view bytes, const Patience& patience) = 0;

  // For handing the socket on to an encrypted wire; nothing may be buffered.
  [[nodiscard]] virtual std::optional<Socket> release() { return std::nullopt; }
};

// Resolves, and tries the addresses in turn.
struct Connected {
  std::unique_ptr<Wire> wire;  // null: failure
  Failure failure;
};
[[nodiscard]] Connected connect_plain(const std::string& host, std::uint16_t port, const Patience& patience);

}  // namespace sentinel::net
