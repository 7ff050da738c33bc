// What happens when something is thrown: in a handler it costs the request, in a loop it is the runner's matter.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "net/client.h"
#include "net/echo.h"
#include "net/h2_client.h"

namespace sentinel::net::testing {
namespace {

using std::chrono::milliseconds;

// Throws where the path says; answers 200 elsewhere.
class FailingHandler final : public HttpHandler {
 public:
  std::variant<BodyPlan, Response> on_head(const RequestHead& head) override {
    if (head.path == "/head") throw std::runtime_error("head");
    BodyPlan plan;
    if (head.path == "/problem") plan.max_wire = 1;
    return plan;
  }
  void on_request(Exchange exchange) override {
    if (exchange.head().path == "/request") throw 1;
    if (exchange.head().path == "/kept") {
      const auto kept = std::make_shared<Exchange>(std::move(exchange));
      throw std::runtime_error("somebody else had it");
    }
    exchange.answer({200, {}, "well"});
  }
  Response on_problem(const RequestHead&, BodyProblem) override { throw std::runtime_error("problem"); }
};

class FailingCalls final : public GrpcHandler {
 public:
  std::variant<MessagePlan, GrpcReply> on_call(const RequestHead& head) override {
    if (head.path == "/x.Y/Head") throw std::runtime_error("head");
    return MessagePlan{};
  }
  void on_message(Call call) override {
    if (call.head().path == "/x.Y/Message") throw std::runtime_error("message");
    call.finish({GrpcStatus::kOk, {}, "well", {}});
  }
  GrpcReply on_problem(const RequestHead&, MessageProblem) override { throw std::runtime_error("problem"); }
};

template <class Handler>
struct FailingServer {
  FailingServer() : loops(1), server(loops, ServerOptions{}, handler) {
    EXPECT_TRUE(loops.start());
    EXPECT_TRUE(server.bind());
    EXPECT_TRUE(server.serve());
  }
  Handler handler;
  LoopThreads loops;
  Server server;
};

TEST(Failures, AHandlerThatThrowsCostsItsRequestOnly) {
  FailingServer<FailingHandler> failing;
  Client client(failing.server.port());
  std::uint64_t failed = 0;
  for (const std::string path : {"/head", "/request", "/kept"}) {
    client.send("GET " + path + " HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(status_of(client.response()), "500") << path;
    EXPECT_EQ(body_of(client.response()), "well") << path;
    EXPECT_EQ(failing.server.counters().handlers_failed, ++failed);
  }
  client.send("POST /problem HTTP/1.1\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_EQ(status_of(client.response()), "500");
  EXPECT_EQ(failing.server.counters().handlers_failed, 4U);
}

TEST(Failures, SoItIsOnHttp2) {
  FailingServer<FailingHandler> failing;
  H2Client client(failing.server.port());
  const auto get = [&](const std::string& path) {
    return client.answer(
        client.request({{":method", "GET"}, {":scheme", "http"}, {":path", path}, {":authority", "x"}}, ""))[":status"];
  };
  for (const char* path : {"/head", "/request", "/kept"}) {
    EXPECT_EQ(get(path), "500") << path;
    EXPECT_EQ(get("/"), "200");
  }
  EXPECT_EQ(failing.server.counters().handlers_failed, 3U);
}

TEST(Failures, CallsEndWithInternal) {
  FailingServer<FailingCalls> failing;
  H2Client client(failing.server.port());
  const auto status = [&](const std::string& path, const std::string& message) {
    return client.answer(client.request({{":method", "POST"},
                                         {":scheme", "http"},
                                         {":path", path},
                                         {":authority", "x"},
                                         {"te", "trailers"},
                                         {"content-type", "application/grpc"}},
                                        message))["grpc-status"];
  };
  const std::string empty(5, '\0');
  EXPECT_EQ(status("/x.Y/Head", empty), "13");
  EXPECT_EQ(status("/x.Y/Message", empty), "13");
  EXPECT_EQ(status("/x.Y/Well", "cut"), "13");  // on_problem()
  EXPECT_EQ(status("/x.Y/Well", empty), "0");
  EXPECT_EQ(failing.server.counters().handlers_failed, 3U);
}

// Runs a loop again at once.
class Again {
 public:
  [[nodiscard]] LoopRunner runner() {
    return [this](unsigned, const std::function<void()>& run) {
      while (true) {
        try {
          return run();
        } catch (const std::runtime_error&) {
          ++failures;
        }
      }
    };
  }
  std::atomic<int> failures{0};
};

TEST(Failures, ALoopThatIsRunAgainLosesNothingThatWaited) {
  Again again;
  LoopThreads loops(1);
  std::string order;
  loops[0].post([&] { order += 'a'; });
  loops[0].post([] { throw std::runtime_error("work"); });
  loops[0].post([&] { order += 'b'; });
  std::atomic<int> ticks{0};
  ASSERT_TRUE(loops.start(again.runner()));
  loops[0].every(milliseconds(2), [&] {
    if (++ticks == 2) throw std::runtime_error("timer");
  });
  EXPECT_TRUE(eventually([&] { return ticks >= 4; })) << "a timer that threw goes on";
  loops[0].post([&] { order += 'c'; });
  loops.stop();
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(again.failures, 2);
}

}  // namespace
}  // namespace sentinel::net::testing
