// A WebSocket on its connection: frames in, messages out, pings, and both sides of the closing handshake (RFC 6455 §5.5, §7).
//
// For the room's own files; the loop's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/connection.h"
#include "net/websocket.h"
#include "net/websocket/frames.h"
#include "net/websocket/link.h"

namespace sentinel::net::websocket {

class Session final : public Protocol, private Link::Owner {
 public:
  Session(Connection& connection, WebSocketTerms&& terms);
  ~Session() override;

  // Opens, once the connection has become this; `input` came behind the handshake.
  void start(std::string input);

  void on_bytes(std::string_view bytes) override;
  [[nodiscard]] std::size_t read_size() const override { return kReadBytes; }
  void on_end_of_input() override;
  void produce() override;
  void on_tick(Millis now) override;
  void drain() override;

 private:
  static constexpr std::size_t kReadBytes = 16 * 1024;

  enum class State : unsigned char {
    kOpen,
    kClosing,    // by us; what was sent before goes out first
    kCloseSent,  // the client's answer is waited for
  };

  void on_wake() override;
  [[nodiscard]] bool will_look() const override { return in_callback_; }

  void take(std::string_view& input);
  void take_message(FrameReader::Next kind);
  void take_close();
  // Closes on a client that broke a rule, without waiting for its answer.
  void fail();
  // Looks into the link: messages, and the wish to close.
  void pump();
  void send(Opcode kind, std::string_view payload);
  // Tells the application that it is over; what it was told before stands.
  void tell_closed(std::uint16_t code, std::string_view reason);
  template <class Call>
  void call(const Call& what);

  Connection& connection_;
  const std::shared_ptr<Link> link_;
  std::unique_ptr<WebSocketListener> listener_;  // null once it was told of the end
  FrameReader reader_;
  std::string input_;  // received and not yet taken: the client reads too slowly what it asks for
  CloseWish wish_;
  Millis heard_;        // from the client
  Millis pinged_ = 0;   // 0: no ping of ours waits for its answer
  Millis closing_ = 0;  // since
  State state_ = State::kOpen;
  bool in_callback_ = false;
};

}  // namespace sentinel::net::websocket
