// Both ends of a WebSocket for tests: a server whose sockets write down what they are told, and a client that speaks in bytes.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "net/client.h"
#include "net/server.h"
#include "net/websocket.h"

namespace sentinel::net::testing {

using Told = std::vector<std::string>;

// What all sockets of a server were told, in order: "open", "text hello", "binary …", "close 1000 bye", "gone" (the listener).
class SocketLog {
 public:
  void add(std::string what) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(what));
    changed_.notify_all();
  }
  void add(const WebSocket& socket) {
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
  }
  [[nodiscard]] Told lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  // The handle of the n-th socket, once it is open.
  [[nodiscard]] WebSocket socket(std::size_t n = 0) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(5), [&] { return sockets_.size() > n; }));
    return sockets_.size() > n ? sockets_[n] : WebSocket();
  }
  // Waits for so many lines and gives those there are.
  [[nodiscard]] Told wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(5), [&] { return lines_.size() >= count; });
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Told lines_;
  std::vector<WebSocket> sockets_;
};

// By path: /echo sends back what comes; /greet greets when it opens; /leave closes with 4000 at the first message; others
// listen.
class LoggingListener final : public WebSocketListener {
 public:
  LoggingListener(SocketLog& log, std::string path) : log_(log), path_(std::move(path)) {}
  ~LoggingListener() override { log_.add("gone"); }

  void on_open(WebSocket socket) override {
    socket_ = socket;
    if (path_ == "/greet") {
      EXPECT_TRUE(socket_.send_text("welcome"));
    }
    log_.add(socket_);
    log_.add("open");
  }
  void on_text(std::string_view message) override {
    log_.add("text " + std::string(message.substr(0, 40)));
    if (path_ == "/echo") {
      EXPECT_TRUE(socket_.send_text(std::string(message)));
    }
    if (path_ == "/leave") {
      EXPECT_TRUE(socket_.send_text("last words"));
      socket_.close(4000, "enough");
      EXPECT_FALSE(socket_.open());
      EXPECT_FALSE(socket_.send_text("never sent"));
    }
  }
  void on_binary(std::string_view message) override {
    log_.add("binary " + std::string(message.substr(0, 40)));
    if (path_ == "/echo") {
      EXPECT_TRUE(socket_.send_binary(std::string(message)));
    }
  }
  void on_close(std::uint16_t code, std::string_view reason) override {
    EXPECT_FALSE(socket_.open());
    EXPECT_FALSE(socket_.send_text("into the void"));
    log_.add("close " + std::to_string(code) + (reason.empty() ? "" : " " + std::string(reason)));
  }

 private:
  SocketLog& log_;
  const std::string path_;
  WebSocket socket_;
};

// /plain is answered with 200, /late upgraded by another thread after a moment, everything else at once.
class SocketHandler final : public HttpHandler {
 public:
  ~SocketHandler() override {
    for (std::thread& thread : threads_) thread.join();
  }
  std::variant<BodyPlan, Response> on_head(const RequestHead& /*head*/) override { return BodyPlan{}; }
  void on_request(Exchange exchange) override {
    const std::string path(exchange.head().path);
    if (path == "/plain") return exchange.answer({200, {}, "plain"});
    WebSocketTerms terms{std::make_unique<LoggingListener>(log, path), subprotocol};
    if (path != "/late") return exchange.upgrade(std::move(terms));
    threads_.emplace_back([late = std::move(exchange), held = std::move(terms)]() mutable {
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
      late.upgrade(std::move(held));
    });
  }

  SocketLog log;
  const std::string subprotocol = "live.v1";  // echoed to clients that offer it

 private:
  std::vector<std::thread> threads_;
};

struct SocketServer {
  explicit SocketServer(const Limits& limits = {}, unsigned threads = 1)
      : loops(threads), server(loops, options(limits), handler) {
    EXPECT_TRUE(loops.start());
    EXPECT_TRUE(server.bind());
    EXPECT_TRUE(server.serve());
  }
  static ServerOptions options(const Limits& limits) {
    ServerOptions out;
    out.limits = limits;
    return out;
  }
  [[nodiscard]] const Counters& counters() const { return server.counters(); }
  [[nodiscard]] SocketLog& log() { return handler.log; }

  SocketHandler handler;
  LoopThreads loops;
  Server server;
};

// The request of RFC 6455 §1.3.
inline std::string upgrade_request(const std::string& path, const std::string& more = {}) {
  return "GET " + path +
         " HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
         more + "\r\n";
}

// A client's frame: `first` holds FIN, reserved bits and opcode. `length` may lie.
inline std::string client_frame(unsigned first, std::string_view payload, std::optional<std::uint64_t> length = std::nullopt,
                                std::string_view mask = "\x37\xfa\x21\x3d") {
  const std::uint64_t said = length.value_or(payload.size());
  std::string out(1, static_cast<char>(first));
  const auto number = [&](int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(said >> shift & 0xff);
  };
  out += static_cast<char>(0x80 | (said < 126 ? said : said < 65'536 ? 126 : 127));
  if (said >= 126) number(said < 65'536 ? 2 : 8);
  out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) out += static_cast<char>(payload[i] ^ mask[i % 4]);
  return out;
}
inline std::string client_text(std::string_view text) { return client_frame(0x81, text); }
inline std::string close_payload(std::uint16_t code, std::string_view reason = {}) {
  return std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)}.append(reason);
}
inline std::string client_close(std::uint16_t code, std::string_view reason = {}) {
  return client_frame(0x88, close_payload(code, reason));
}

inline const std::string kMegabyte(1'000'000, 'x');

// Sends megabytes until the client's side takes no more and one waits; how many were sent.
inline std::size_t fill(WebSocket& socket) {
  for (std::size_t sent = 1; sent < 100; ++sent) {
    EXPECT_TRUE(socket.send_text(kMegabyte));
    for (int i = 0; i < 100 && socket.queued() > 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (socket.queued() > 0) return sent;
  }
  ADD_FAILURE() << "the client's side never fills";
  return 0;
}

// A client that is past the handshake.
class SocketClient {
 public:
  SocketClient(std::uint16_t port, const std::string& path, const std::string& more = {}) : client_(port) {
    client_.send(upgrade_request(path, more));
    answer = client_.response();
  }
  void send(std::string_view bytes) { client_.send(bytes); }
  // The next frame as "81 hello": first byte, a blank, payload; of a close "88 1000 reason". "" at the end or after five
  // seconds.
  std::string frame() {
    const std::string head = client_.read(2);
    if (head.size() < 2) return {};
    std::size_t size = static_cast<unsigned char>(head[1]);
    EXPECT_LT(size, 128U) << "a server masks nothing";
    if (size >= 126) {
      std::size_t wide = 0;
      for (const char c : client_.read(size == 126 ? 2 : 8)) wide = wide << 8 | static_cast<unsigned char>(c);
      EXPECT_GE(wide, size == 126 ? 126U : 65'536U) << "the shortest form of the length";
      size = wide;
    }
    std::string payload = client_.read(size);
    if (payload.size() < size) return "cut short";
    char first[4];
    std::snprintf(first, sizeof first, "%02x", static_cast<unsigned>(static_cast<unsigned char>(head[0])));
    if (head[0] != '\x88' || size < 2) return std::string(first) + " " + payload;
    const unsigned code = static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8 |
                          static_cast<unsigned>(static_cast<unsigned char>(payload[1]));
    return std::string(first) + " " + std::to_string(code) + (size == 2 ? "" : " " + payload.substr(2));
  }
  // Nothing comes any more but the end of the connection.
  [[nodiscard]] bool at_end() { return client_.rest().empty() && client_.ended(); }
  [[nodiscard]] Client& raw() { return client_; }

  std::string answer;  // to the handshake

 private:
  Client client_;
};

}  // namespace sentinel::net::testing
