// HTTP/1.0 and 1.1 on one connection: requests one after the other, pipelined ones in their order.
//
// A request whose answer is not there yet stops the reading; what the client has sent on waits in `input_` (at most one read).
// For the room's own files; the loop's thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/body_rate.h"
#include "net/connection.h"
#include "net/http1/chunks.h"
#include "net/http1/head.h"
#include "net/pending_request.h"

namespace sentinel::net::http1 {

class Http1 final : public Protocol, private detail::PendingRequest::Owner {
 public:
  explicit Http1(Connection& connection) : connection_(connection), since_(connection.core().now()) {}
  ~Http1() override;

  void on_bytes(std::string_view bytes) override;
  std::span<char> direct() override;
  void on_direct(std::size_t size) override;
  [[nodiscard]] std::size_t read_size() const override {
    return state_ == State::kRefused ? Loop::Core::kReadBytes : kReadSize;
  }
  void on_end_of_input() override;
  void produce() override;
  void on_tick(Millis now) override;
  void drain() override;

 private:
  // Small, so that most of a large body goes straight to its place.
  static constexpr std::size_t kReadSize = 16 * 1024;

  enum class State : unsigned char { kIdle, kHead, kBody, kChunks, kAnswer, kRefused, kUpgrade };

  // Takes what it can off `input`.
  void take(std::string_view& input);
  void keep(std::string_view left);
  bool take_head(std::string_view& input);
  void start_body(const BodyPlan& plan);
  void take_body(std::string_view& input);
  void take_chunks(std::string_view& input);
  void take_refused(std::string_view& input);
  void body_complete();
  void refuse_body(BodyProblem problem);

  void respond(const Response& response);
  void respond_before_body(const Response& response);
  void respond_and_close(int status);
  void next_request();
  void upgrade(WebSocketTerms&& terms);
  void become_websocket();

  void on_answer(detail::Answer&& answer) override;
  void on_problem(BodyProblem problem) override;
  [[nodiscard]] bool is_busy() const override { return connection_.in_round(); }

  Connection& connection_;
  std::string input_;  // received and not yet taken
  std::size_t searched_ = 0;
  std::shared_ptr<detail::PendingRequest> request_;
  std::unique_ptr<WebSocketTerms> upgrade_;  // what the connection becomes as soon as this protocol is out of use
  BodyPlan plan_;
  Framing framing_;
  Chunks chunks_;
  std::uint64_t left_ = 0;  // of the body
  BodyRate rate_;
  Millis since_;  // idle, in the head, or past it
  State state_ = State::kHead;
  bool ended_ = false;  // the client sends nothing more
};

}  // namespace sentinel::net::http1
