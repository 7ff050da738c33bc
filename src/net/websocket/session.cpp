#include "net/websocket/session.h"

#include <utility>

namespace sentinel::net::websocket {

Session::Session(Connection& connection, WebSocketTerms&& terms)
    : connection_(connection),
      link_(std::make_shared<Link>(connection.server(), connection.loop(), static_cast<Link::Owner&>(*this))),
      listener_(std::move(terms.listener)),
      reader_(connection.limits().websocket_message),
      heard_(connection.core().now()) {
  count(connection.counters().websockets_opened);
  count(connection.counters().websockets_open);
}

Session::~Session() {
  link_->detach();
  tell_closed(close_code::kLost, {});
}

template <class Call>
void Session::call(const Call& what) {
  in_callback_ = true;
  what(*listener_);
  in_callback_ = false;
}

void Session::start(std::string input) {
  input_ = std::move(input);
  call([&](WebSocketListener& listener) { listener.on_open(WebSocket(link_)); });
  if (connection_.server()->draining.load(std::memory_order_relaxed)) link_->close(close_code::kGoingAway, "server stops");
  produce();
}

void Session::on_bytes(std::string_view bytes) {
  heard_ = connection_.core().now();
  pinged_ = 0;
  if (!input_.empty()) {
    input_ += bytes;
    return produce();
  }
  take(bytes);
  input_ = bytes;
}

void Session::produce() {
  if (!input_.empty()) {
    std::string_view input = input_;
    take(input);
    if (input.size() != input_.size()) input_ = std::string(input);
  }
  pump();
}

void Session::take(std::string_view& input) {
  while (!connection_.closing() && !connection_.backlogged()) {
    const FrameReader::Next found = reader_.step(input);
    switch (found) {
      case FrameReader::Next::kMore:
        return;
      case FrameReader::Next::kText:
      case FrameReader::Next::kBinary:
        take_message(found);
        break;
      case FrameReader::Next::kPing:
        if (state_ != State::kCloseSent) send(Opcode::kPong, reader_.payload());
        break;
      case FrameReader::Next::kPong:
        break;
      case FrameReader::Next::kClose:
        take_close();
        break;
      case FrameReader::Next::kFault:
        fail();
        break;
    }
  }
  if (connection_.closing()) input = {};
}

// What comes when closing has begun is read over.
void Session::take_message(FrameReader::Next kind) {
  if (state_ != State::kOpen) return;
  call([&](WebSocketListener& listener) {
    if (kind == FrameReader::Next::kText) return listener.on_text(reader_.payload());
    listener.on_binary(reader_.payload());
  });
  pump();
}

void Session::take_close() {
  if (state_ != State::kCloseSent) append_close(reader_.code(), {}, connection_.out());
  link_->shut();
  tell_closed(reader_.code(), reader_.payload());
  connection_.close_when_sent(true);
}

void Session::fail() {
  Counters& counters = connection_.counters();
  if (state_ == State::kOpen)
    count(reader_.code() == close_code::kTooLarge ? counters.websockets_too_large : counters.websockets_malformed);
  if (state_ != State::kCloseSent) append_close(reader_.code(), reader_.payload(), connection_.out());
  link_->shut();
  tell_closed(reader_.code(), reader_.payload());
  connection_.close_when_sent(true);
}

void Session::pump() {
  if (connection_.closing()) return;
  auto wish = link_->close_wish();
  if (wish && state_ == State::kOpen) {
    state_ = State::kClosing;
    closing_ = connection_.core().now();
    wish_ = std::move(*wish);
    tell_closed(wish_.code, wish_.reason);
  }
  while (state_ != State::kCloseSent && !connection_.backlogged()) {
    const auto message = link_->take();
    if (!message) break;
    send(message->kind, *message->payload);
  }
  if (state_ != State::kClosing || link_->queued() > 0) return;
  append_close(wish_.code, wish_.reason, connection_.out());
  state_ = State::kCloseSent;
}

void Session::send(Opcode kind, std::string_view payload) {
  append_frame_head(kind, payload.size(), connection_.out());
  connection_.out() += payload;
}

void Session::tell_closed(std::uint16_t code, std::string_view reason) {
  const auto listener = std::move(listener_);
  if (listener == nullptr) return;
  uncount(connection_.counters().websockets_open);
  listener->on_close(code, reason);
}

void Session::on_wake() {
  const Connection::Round round(connection_);
  pump();
}

void Session::on_end_of_input() { connection_.close_now(); }

void Session::drain() {
  link_->close(close_code::kGoingAway, "server stops");
  pump();
}

void Session::on_tick(Millis now) {
  const Limits& limits = connection_.limits();
  if (state_ != State::kOpen) {
    if (now - closing_ >= limits.websocket_close.count()) connection_.close_now();
    return;
  }
  if (connection_.backlogged()) {
    // Nothing is read from it meanwhile, its answer to a ping neither; that it takes nothing is seen elsewhere.
    heard_ = now;
    pinged_ = 0;
  } else if (pinged_ != 0) {
    if (now - pinged_ < limits.keepalive_answer.count()) return;
    count(connection_.counters().websockets_silent);
    connection_.close_now();
  } else if (limits.keepalive_ping.count() > 0 && now - heard_ >= limits.keepalive_ping.count()) {
    send(Opcode::kPing, {});
    pinged_ = now;
  }
}

}  // namespace sentinel::net::websocket
