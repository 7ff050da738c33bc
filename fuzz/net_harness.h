// One server connection of the net room driven by hand in one thread: bytes go in through a socket pair, answers come out, and
// at the end nothing may be left behind.
#pragma once

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "net/connection.h"
#include "net/http2/session.h"
#include "net/server_shared.h"

namespace sentinel::net {

using fuzz::check;

// Answers some requests at once and others when the loop is at rest; bodies are bounded, so that the bounds are met.
class FuzzHttp final : public HttpHandler {
 public:
  std::variant<BodyPlan, Response> on_head(const RequestHead& head) override {
    check(!head.path.empty() && head.version != 0);
    if (head.path == "/refuse") return Response{415, {{"x", "y"}}, "no"};
    BodyPlan plan;
    plan.max_wire = 256;
    plan.max_decoded = 1024;
    plan.encoding = encoding_named(head.header("content-encoding").value_or("identity")).value_or(Encoding::kIdentity);
    return plan;
  }
  void on_request(Exchange exchange) override {
    check(exchange.body().size() <= 1024);
    if (exchange.head().path == "/later") return waiting.push_back(std::move(exchange));
    Response response;
    response.body = exchange.body();
    exchange.answer(std::move(response));
  }
  std::vector<Exchange> waiting;
};

class FuzzGrpc final : public GrpcHandler {
 public:
  std::variant<MessagePlan, GrpcReply> on_call(const RequestHead& head) override {
    if (head.path == "/refuse") return GrpcReply{GrpcStatus::kUnimplemented, "no", {}, {}};
    return MessagePlan{256, 1024, nullptr};
  }
  void on_message(Call call) override {
    check(call.message().size() <= 1024);
    call.finish({GrpcStatus::kOk, {}, std::string(call.message()), {}});
  }
};

class DrivenConnection final : public Connection::Home {
 public:
  DrivenConnection(HttpHandler* http, GrpcHandler* grpc) : server_(std::make_shared<ServerShared>()) {
    if (http != nullptr) server_->use(*http);
    if (grpc != nullptr) server_->use(*grpc);
    loop_.core().begin();
    check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_) == 0);
    connection_ = std::make_unique<Connection>(server_, loop_, *this, ends_[0], nullptr, std::nullopt);
    check(connection_->start());
  }
  ~DrivenConnection() {
    if (connection_ != nullptr) {
      const Connection::Round round(*connection_);
      connection_->close_now();
    }
    loop_.core().end();
    close(ends_[1]);
    check(server_->counters.connections_open == 0);
    check(server_->counters.requests_in_flight == 0);
    check(server_->counters.dropped_unanswered == 0);
    check(server_->counters.handlers_failed == 0);
  }
  DrivenConnection(const DrivenConnection&) = delete;
  DrivenConnection& operator=(const DrivenConnection&) = delete;

  // What the socket does not take, since nothing is read for now, waits as it would at a client.
  void send(std::string_view bytes) {
    unsent_ += bytes;
    settle();
  }
  void end_of_input() {
    shutdown(ends_[1], SHUT_WR);
    settle();
  }
  void settle() {
    do {
      send_some();
      for (int i = 0; i < 2; ++i) loop_.core().turn(0);
    } while (!unsent_.empty() && send_some());
    char bytes[65536];
    ssize_t got;
    while ((got = recv(ends_[1], bytes, sizeof bytes, 0)) > 0) received.append(bytes, static_cast<std::size_t>(got));
  }
  void remove(Connection& connection) override {
    check(&connection == connection_.get());
    loop_.core().bury(std::move(connection_));
  }
  [[nodiscard]] bool open() const { return connection_ != nullptr; }

  std::string received;

 private:
  bool send_some() {
    const auto sent = unsent_.empty() ? 0 : ::send(ends_[1], unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (sent > 0) unsent_.erase(0, static_cast<std::size_t>(sent));
    return sent > 0;
  }

  std::string unsent_;
  std::shared_ptr<ServerShared> server_;
  Loop loop_;
  int ends_[2] = {-1, -1};
  std::unique_ptr<Connection> connection_;
};

// Feeds `bytes` in pieces whose sizes come from `sizes` (the first byte of an input, repeated with a shift).
inline void send_in_pieces(DrivenConnection& connection, std::string_view bytes, std::uint8_t sizes) {
  while (!bytes.empty() && connection.open()) {
    const std::size_t size = std::min<std::size_t>(bytes.size(), sizes == 0 ? bytes.size() : sizes);
    connection.send(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
}

}  // namespace sentinel::net
