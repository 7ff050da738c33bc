// WebSockets (RFC 6455) as a server has them: what a handler answers an upgrade request with (Exchange::upgrade()), what it is
// told of the socket then, and the handle by which any thread sends.
//
// The handler has looked at origin and credential before it upgrades; upgrade() itself refuses what is no proper handshake. The
// server answers pings, asks a silent client by a ping of its own (Limits::keepalive_ping) and closes one that does not answer,
// does both sides of the closing handshake, and holds clients to the limits of limits.h: a message over the size closes with
// 1009, a queue that is full with 1008, bytes that are no WebSocket with 1002, text that is not UTF-8 with 1007, a stop of the
// server with 1001. Each is counted. No extension is ever agreed on, and no HTTP/2 stream becomes a WebSocket (RFC 8441).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentinel::net {

struct RequestHead;

namespace websocket {
class Link;
}

// Those that the server itself uses (RFC 6455 §7.4.1).
namespace close_code {
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;  // the server stops
inline constexpr std::uint16_t kProtocol = 1002;
inline constexpr std::uint16_t kNone = 1005;  // never sent: the client closed without a code
inline constexpr std::uint16_t kLost = 1006;  // never sent: the connection ended without a close
inline constexpr std::uint16_t kNotUtf8 = 1007;
inline constexpr std::uint16_t kPolicy = 1008;
inline constexpr std::uint16_t kTooLarge = 1009;
inline constexpr std::uint16_t kInternal = 1011;
}  // namespace close_code

// A handle on one WebSocket: copied freely, used from any thread, and kept as long as one likes: once the socket has closed,
// and also after its server has gone, sending does nothing. Messages of one thread arrive in the order of its calls, each
// whole. A default-constructed one is that of a closed socket.
class WebSocket {
 public:
  using Payload = std::shared_ptr<const std::string>;

  WebSocket() = default;
  explicit WebSocket(std::shared_ptr<websocket::Link> link) : link_(std::move(link)) {}

  // Queues a message; it is never waited for. False: the socket is closed or closing, or this message found the queue full
  // (Limits::websocket_queue), which closes it. `text` must be valid UTF-8. A payload may be shared by many sockets.
  bool send_text(std::string text);
  bool send_text(Payload text);
  bool send_binary(std::string bytes);
  bool send_binary(Payload bytes);

  // Closes once what was sent before has gone out. A `code` that may not be sent becomes 1011; of `reason` (UTF-8) the first
  // 123 bytes count. A second call does nothing.
  void close(std::uint16_t code = close_code::kNormal, std::string_view reason = {});

  // True until closing has begun, by whichever side.
  [[nodiscard]] bool open() const;
  // What waits to be written to the connection: messages, and the bytes in them.
  [[nodiscard]] std::size_t queued() const;
  [[nodiscard]] std::size_t queued_bytes() const;

 private:
  std::shared_ptr<websocket::Link> link_;
};

// What the application does with one WebSocket. All calls come on the thread of the connection's loop, so they must be short:
// on_open() first, then messages, then on_close() exactly once; the listener is destroyed right after. Of a request whose
// client has gone before it could be upgraded the listener is destroyed uncalled.
class WebSocketListener {
 public:
  virtual ~WebSocketListener() = default;
  virtual void on_open(WebSocket socket) = 0;
  // A whole message; the view ends with the call. Text is valid UTF-8.
  virtual void on_text(std::string_view message) = 0;
  virtual void on_binary(std::string_view message) = 0;
  // Closing has begun and nothing more comes. `code` is the client's if it closed, else the server's or the application's;
  // kNone and kLost where there was none.
  virtual void on_close(std::uint16_t code, std::string_view reason) = 0;
};

// What a request becomes.
struct WebSocketTerms {
  std::unique_ptr<WebSocketListener> listener;  // not null
  std::string subprotocol;                      // echoed if the client has offered it; empty: none
};

// Whether the head asks for a WebSocket at all: to tell such a request from others on the same path.
[[nodiscard]] bool wants_websocket(const RequestHead& head);
// The subprotocols that the client offers, in its order.
[[nodiscard]] std::vector<std::string_view> offered_subprotocols(const RequestHead& head);

}  // namespace sentinel::net
