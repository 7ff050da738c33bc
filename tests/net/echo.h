// The HTTP server that tests talk to. Its handler answers by path:
//   /echo      the decoded body, with what the server said of the request in x-… headers
//   /later     "later", from another thread after a moment
//   /never     nothing until release(): the Exchange is kept
//   /drop      lets the Exchange go
//   /small     takes bodies of at most 64 bytes (wire and decoded), else as /echo
//   /slot      like /never, under Slots of one
//   /refuse    415 from the head, without reading the body
//   anything else: 404
// Content-Encoding picks the decoding of bodies.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/server.h"

namespace sentinel::net::testing {

class EchoHandler final : public HttpHandler {
 public:
  ~EchoHandler() override {
    for (std::thread& thread : threads_) thread.join();
  }

  std::variant<BodyPlan, Response> on_head(const RequestHead& head) override {
    if (head.path == "/refuse") return Response{415, {{"accept-encoding", "gzip"}}, {}};
    BodyPlan plan;
    plan.max_wire = plan.max_decoded = head.path == "/small" ? 64 : std::size_t{4} << 20;
    plan.encoding = encoding_named(head.header("content-encoding").value_or("identity")).value_or(Encoding::kIdentity);
    if (head.path == "/slot") plan.slots = &slots;
    return plan;
  }

  void on_request(Exchange exchange) override {
    const RequestHead& head = exchange.head();
    if (head.path == "/echo" || head.path == "/small") {
      Response response{200, {{"x-method", std::string(head.method_name)}, {"x-query", std::string(head.query)}}, {}};
      response.body = exchange.body();
      exchange.answer(std::move(response));
    } else if (head.path == "/later") {
      const std::lock_guard lock(mutex_);
      threads_.emplace_back([late = std::move(exchange)]() mutable {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        late.answer({200, {}, "later"});
      });
    } else if (head.path == "/never" || head.path == "/slot") {
      const std::lock_guard lock(mutex_);
      kept_.push_back(std::move(exchange));
      changed_.notify_all();
    } else if (head.path != "/drop") {
      exchange.answer({404, {}, {}});
    }
  }

  // Waits until so many requests are kept.
  [[nodiscard]] bool wait_for_kept(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(5), [&] { return kept_.size() >= count; });
  }
  [[nodiscard]] bool first_abandoned() {
    const std::lock_guard lock(mutex_);
    return kept_.front().abandoned();
  }
  void release(const std::string& body) {
    std::vector<Exchange> kept;
    {
      const std::lock_guard lock(mutex_);
      kept.swap(kept_);
    }
    for (Exchange& exchange : kept) exchange.answer({200, {}, body});
  }

  Slots slots{1, std::chrono::milliseconds(300)};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Exchange> kept_;
  std::vector<std::thread> threads_;
};

// Loops, handler and a serving HTTP server, in the order in which they must go.
struct EchoServer {
  explicit EchoServer(const Limits& limits = {}, unsigned threads = 1)
      : loops(threads), server(loops, options(limits), handler) {
    EXPECT_TRUE(loops.start());
    const auto bound = server.bind();
    EXPECT_TRUE(bound) << bound.error().text();
    EXPECT_TRUE(server.serve());
  }
  static ServerOptions options(const Limits& limits) {
    ServerOptions out;
    out.limits = limits;
    return out;
  }
  [[nodiscard]] std::uint16_t port() const { return server.port(); }
  [[nodiscard]] const Counters& counters() const { return server.counters(); }

  EchoHandler handler;
  LoopThreads loops;
  Server server;
};

// Waits until the condition holds; false after five seconds.
template <class Condition>
[[nodiscard]] bool eventually(const Condition& holds) {
  for (int i = 0; i < 1000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return holds();
}

}  // namespace sentinel::net::testing
