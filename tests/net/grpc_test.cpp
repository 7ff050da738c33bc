// gRPC calls over real sockets: framing, encodings and every refusal of chapter 05 §3.4.
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/client.h"
#include "net/compressed.h"
#include "net/echo.h"
#include "net/grpc_text.h"
#include "net/h2_client.h"

namespace sentinel::net::testing {
namespace {

// Says every message of a stream back, twice; "stop" ends it.
class EchoTwice final : public MessageResponder {
 public:
  [[nodiscard]] GrpcReply respond(std::string_view message) const override {
    if (message == "stop") return {GrpcStatus::kInvalidArgument, "stopped", {}, {}};
    return {GrpcStatus::kOk, {}, std::string(message) + std::string(message), {}};
  }
};

// /x.Y/Echo gives the message back, /x.Y/Fail an error, /x.Y/Later answers from another thread, /x.Y/Keep after release(),
// /x.Y/Slot the same under one slot, /x.Y/Guard refuses from the head. Messages up to 1024 bytes.
class EchoCalls final : public GrpcHandler {
 public:
  ~EchoCalls() override {
    for (std::thread& thread : threads_) thread.join();
  }
  std::variant<MessagePlan, GrpcReply> on_call(const RequestHead& head) override {
    if (head.path == "/x.Y/Guard") return GrpcReply{GrpcStatus::kUnavailable, "memory pressure, retry", {}, {}};
    if (!head.path.starts_with("/x.Y/")) return GrpcReply{GrpcStatus::kUnimplemented, {}, {}, {}};
    return MessagePlan{1024, 1024, head.path == "/x.Y/Slot" ? &slots : nullptr, head.path == "/x.Y/Stream" ? &twice_ : nullptr};
  }
  void on_message(Call call) override {
    const std::string_view path = call.head().path;
    if (path == "/x.Y/Echo") return call.finish({GrpcStatus::kOk, {}, std::string(call.message()), {}});
    if (path == "/x.Y/Fail")
      return call.finish(
          {GrpcStatus::kInvalidArgument, "50% of \"it\" is\nwrong: é", {}, {{"grpc-status-details-bin", "CAM"}}});
    const std::lock_guard lock(mutex_);
    if (path == "/x.Y/Later") {
      threads_.emplace_back([late = std::move(call)]() mutable { late.finish({GrpcStatus::kOk, {}, "later", {}}); });
    } else if (path != "/x.Y/Drop") {
      kept_.push_back(std::move(call));
      changed_.notify_all();
    }
  }
  [[nodiscard]] bool wait_for_kept(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(5), [&] { return kept_.size() >= count; });
  }
  void release() {
    std::vector<Call> kept;
    {
      const std::lock_guard lock(mutex_);
      kept.swap(kept_);
    }
    for (Call& call : kept) call.finish({GrpcStatus::kOk, {}, "released", {}});
  }
  Slots slots{1, std::chrono::milliseconds(300)};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Call> kept_;
  std::vector<std::thread> threads_;
  const EchoTwice twice_;
};

struct GrpcServer {
  explicit GrpcServer(const Limits& limits = {}) : loops(1), server(loops, EchoServer::options(limits), handler) {
    EXPECT_TRUE(loops.start());
    EXPECT_TRUE(server.bind());
    EXPECT_TRUE(server.serve());
  }
  EchoCalls handler;
  LoopThreads loops;
  Server server;
};

std::vector<Header> call(const std::string& path, const std::vector<Header>& more = {}) {
  std::vector<Header> fields{
      {":method", "POST"}, {":scheme", "http"}, {":path", path}, {":authority", "x"}, {"te", "trailers"}};
  bool typed = false;
  for (const Header& header : more) typed = typed || header.name == "content-type";
  if (!typed) fields.push_back({"content-type", "application/grpc"});
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

std::string message(std::string_view bytes, char flag = 0, std::size_t length = std::string_view::npos) {
  if (length == std::string_view::npos) length = bytes.size();
  std::string out(1, flag);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(length >> shift);
  return out + std::string(bytes);
}

TEST(Grpc, AnswersWithMessageAndTrailers) {
  GrpcServer server;
  H2Client client(server.server.port());
  const auto answer = client.answer(client.request(call("/x.Y/Echo"), message("hello")));
  EXPECT_EQ(answer[":status"], "200");
  EXPECT_EQ(answer["content-type"], "application/grpc");
  EXPECT_EQ(answer.body, message("hello"));
  EXPECT_EQ(answer["grpc-status"], "0");
  EXPECT_EQ(answer.heads, 2);
  const auto empty =
      client.answer(client.request(call("/x.Y/Echo", {{"content-type", "application/grpc+proto"}}), message("")));
  EXPECT_EQ(empty.body, message(""));
  EXPECT_EQ(empty["grpc-status"], "0");
  EXPECT_EQ(client.answer(client.request(call("/x.Y/Later"), message(""))).body, message("later"));
}

TEST(Grpc, AnswersEachMessageOfAStream) {
  const GrpcServer server;
  H2Client client(server.server.port());
  const auto whole = client.answer(client.request(call("/x.Y/Stream"), message("a") + message("") + message("bc")));
  EXPECT_EQ(whole.body, message("aa") + message("") + message("bcbc"));
  EXPECT_EQ(whole["grpc-status"], "0");
  EXPECT_EQ(whole.heads, 2);

  // Without waiting for the end, and when the client cuts a message in two.
  const auto open = client.request(call("/x.Y/Stream"), message("a") + message("bc").substr(0, 6), false);
  const auto half = client.answer(open, 300);
  EXPECT_EQ(half.body, message("aa"));
  EXPECT_FALSE(half.closed);
  client.cancel(open);

  const auto none = client.answer(client.request(call("/x.Y/Stream"), ""));
  EXPECT_EQ(none["grpc-status"], "0");
  EXPECT_EQ(none.heads, 1);
  const auto cut = client.answer(client.request(call("/x.Y/Stream"), message("a") + message("bc").substr(0, 6)));
  EXPECT_EQ(cut["grpc-status"], "13");
  EXPECT_EQ(cut.body, message("aa"));
  const auto stopped = client.answer(client.request(call("/x.Y/Stream"), message("a") + message("stop") + message("b")));
  EXPECT_EQ(stopped["grpc-status"], "3");
  EXPECT_EQ(stopped["grpc-message"], "stopped");
  EXPECT_EQ(stopped.body, message("aa"));
  EXPECT_EQ(client.answer(client.request(call("/x.Y/Stream"), message("stop")))["grpc-status"], "3");
  const auto large = client.answer(client.request(call("/x.Y/Stream"), message("x", 0, 1025)));
  EXPECT_EQ(large["grpc-status"], "11");
  EXPECT_EQ(client.answer(client.request(call("/x.Y/Echo"), message("alive"))).body, message("alive"));
}

TEST(Grpc, AStreamWhoseAnswersAreNotReadIsBounded) {
  const GrpcServer server;
  Client client(server.server.port());
  // A client that grants nothing beyond the 64 KB it is born with.
  std::string frames = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(NGHTTP2_SETTINGS, 0, 0, "");
  std::string head = "\x83\x86\x44\x0b/x.Y/Stream\x41\x01x";
  head += std::string("\x40\x0c") + "content-type" + "\x10" + "application/grpc";
  frames += frame(NGHTTP2_HEADERS, NGHTTP2_FLAG_END_HEADERS, 1, head);
  client.send(frames);
  const std::string kilobyte = message(std::string(1000, 'x'));
  for (int i = 0; i < 300; ++i) client.send(frame(NGHTTP2_DATA, 0, 1, kilobyte));
  client.send(frame(NGHTTP2_PING, 0, 0, "alive?!?"));
  std::string got;
  while (got.find("alive?!?") == std::string::npos) {
    const std::string more = client.read(1, 5000);
    ASSERT_NE(more, "");
    got += more + client.read(65'536, 0);
  }
  EXPECT_LT(got.size(), 80'000U);
  EXPECT_EQ(server.server.counters().connections_open, 1U);
}

TEST(Grpc, TakesEveryEncoding) {
  GrpcServer server;
  H2Client client(server.server.port());
  const std::string plain = "some spans, some spans, some spans";
  struct Case {
    const char* encoding;
    std::string body;
  };
  for (const Case& c :
       {Case{"identity", message(plain)}, Case{"gzip", message(gzipped(plain), 1)}, Case{"gzip", message(plain)},
        Case{"deflate", message(zlibbed(plain), 1)}, Case{"zstd", message(zstded(plain), 1)}}) {
    const auto answer = client.answer(client.request(call("/x.Y/Echo", {{"grpc-encoding", c.encoding}}), c.body));
    EXPECT_EQ(answer["grpc-status"], "0") << c.encoding;
    EXPECT_EQ(answer.body, message(plain)) << c.encoding;
  }
}

TEST(Grpc, RefusesWithTheDocumentedStatus) {
  struct Case {
    const char* what;
    std::vector<Header> head;
    std::string body;
    const char* status;
  };
  const std::string large(1025, 'x');
  const Case cases[] = {
      {"memory guard", call("/x.Y/Guard"), message("x"), "14"},
      {"unknown method", call("/a.B/C"), message("x"), "12"},
      {"unknown encoding", call("/x.Y/Echo", {{"grpc-encoding", "br"}}), message("x", 1), "12"},
      {"encoding in upper case", call("/x.Y/Echo", {{"grpc-encoding", "GZIP"}}), message("x", 1), "12"},
      {"at the bound", call("/x.Y/Echo"), message(large.substr(1)), "0"},
      {"past it on the wire", call("/x.Y/Echo"), message(large), "11"},
      {"at the bound decoded", call("/x.Y/Echo", {{"grpc-encoding", "gzip"}}), message(gzipped(large.substr(1)), 1), "0"},
      {"past it decoded", call("/x.Y/Echo", {{"grpc-encoding", "gzip"}}), message(gzipped(large), 1), "8"},
      {"no message", call("/x.Y/Echo"), "", "13"},
      {"cut in the prefix", call("/x.Y/Echo"), message("").substr(0, 4), "13"},
      {"cut in the message", call("/x.Y/Echo"), message("abc", 0, 4), "13"},
      {"flag of 2", call("/x.Y/Echo"), message("abc", 2), "13"},
      {"flag without encoding", call("/x.Y/Echo"), message("abc", 1), "13"},
      {"flag with identity", call("/x.Y/Echo", {{"grpc-encoding", "identity"}}), message("abc", 1), "13"},
      {"broken gzip", call("/x.Y/Echo", {{"grpc-encoding", "gzip"}}), message("\x1f\x8b\x08", 1), "13"},
      {"two messages", call("/x.Y/Echo"), message("a") + message("b"), "3"},
      {"let go of", call("/x.Y/Drop"), message("a"), "13"},
  };
  GrpcServer server;
  H2Client client(server.server.port());
  for (const Case& c : cases) {
    const auto answer = client.answer(client.request(c.head, c.body));
    EXPECT_EQ(answer[":status"], "200") << c.what;
    EXPECT_EQ(answer["content-type"], "application/grpc") << c.what;
    EXPECT_EQ(answer["grpc-status"], c.status) << c.what;
    EXPECT_EQ(answer.heads, c.status == std::string("0") ? 2 : 1) << c.what;
  }
  EXPECT_EQ(client.answer(client.request(cases[2].head, cases[2].body))["grpc-accept-encoding"], "gzip,deflate,identity");
}

TEST(Grpc, RefusesOtherContentTypesAsHttp) {
  GrpcServer server;
  H2Client client(server.server.port());
  for (const char* type : {"application/json", "application/grpcx", ""})
    EXPECT_EQ(client.answer(client.request(call("/x.Y/Echo", {{"content-type", type}}), message("x")))[":status"], "415")
        << type;
}

TEST(Grpc, EscapesMessagesAndPassesTrailersOn) {
  GrpcServer server;
  H2Client client(server.server.port());
  const auto answer = client.answer(client.request(call("/x.Y/Fail"), message("")));
  EXPECT_EQ(answer["grpc-status"], "3");
  EXPECT_EQ(answer["grpc-message"], "50%25%20of%20%22it%22%20is%0Awrong:%20%C3%A9");
  EXPECT_EQ(answer["grpc-status-details-bin"], "CAM");
}

TEST(Grpc, EndsCallsAtTheClientsDeadline) {
  Limits limits;
  limits.idle_timeout = std::chrono::milliseconds(1000);
  GrpcServer server(limits);
  H2Client client(server.server.port());
  const auto id = client.request(call("/x.Y/Keep", {{"grpc-timeout", "50m"}}), message(""));
  EXPECT_EQ(client.answer(id)["grpc-status"], "4");
  EXPECT_EQ(server.server.counters().deadlines_passed, 1U);
  server.handler.release();
}

TEST(Grpc, CancelsAtItsOwnTimeLimit) {
  Limits limits;
  limits.request_timeout = std::chrono::milliseconds(100);
  GrpcServer server(limits);
  H2Client client(server.server.port());
  const auto answer = client.answer(client.request(call("/x.Y/Keep"), message("")));
  EXPECT_EQ(answer["grpc-status"], "1");
  EXPECT_EQ(answer["grpc-message"], "Timeout%20expired");
  EXPECT_EQ(server.server.counters().request_timeouts, 1U);
  server.handler.release();
}

TEST(Grpc, WaitsForASlotAndGivesUpAfterItsTime) {
  Limits limits;
  limits.idle_timeout = std::chrono::milliseconds(1000);
  GrpcServer server(limits);
  H2Client client(server.server.port());
  const auto first = client.request(call("/x.Y/Slot"), message(""));
  const auto second = client.request(call("/x.Y/Slot"), message(""));
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  EXPECT_EQ(client.answer(second)["grpc-status"], "14");
  EXPECT_EQ(server.server.counters().slot_timeouts, 1U);
  server.handler.release();
  EXPECT_EQ(client.answer(first).body, message("released"));

  const auto third = client.request(call("/x.Y/Slot"), message(""));
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  const auto fourth = client.request(call("/x.Y/Slot"), message(""));
  EXPECT_TRUE(eventually([&] { return server.handler.slots.waited() == 2; }));
  server.handler.release();
  EXPECT_EQ(client.answer(third)["grpc-status"], "0");
  ASSERT_TRUE(server.handler.wait_for_kept(1));
  server.handler.release();
  EXPECT_EQ(client.answer(fourth)["grpc-status"], "0");
}

TEST(Grpc, AnHttp1ClientGetsSettingsAndIsClosed) {
  GrpcServer server;
  Client client(server.server.port());
  client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string got = client.rest();
  ASSERT_GT(got.size(), 9U);
  EXPECT_EQ(got[3], NGHTTP2_SETTINGS);
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.server.counters().malformed, 1U);
}

TEST(GrpcText, ReadsTimeouts) {
  using std::chrono::milliseconds;
  EXPECT_EQ(parse_grpc_timeout("1H"), milliseconds(3'600'000));
  EXPECT_EQ(parse_grpc_timeout("2M"), milliseconds(120'000));
  EXPECT_EQ(parse_grpc_timeout("99999999S"), milliseconds(99'999'999'000));
  EXPECT_EQ(parse_grpc_timeout("1500u"), milliseconds(2));
  EXPECT_EQ(parse_grpc_timeout("1n"), milliseconds(1));
  for (const char* bad : {"", "1", "m", "-1m", "123456789S", "1x", "1 m"})
    EXPECT_EQ(parse_grpc_timeout(bad), std::nullopt) << bad;
}

TEST(GrpcText, TellsWhenToTryAgain) {
  const GrpcReply reply = retry_later("full", std::chrono::seconds(1));
  EXPECT_EQ(reply.status, GrpcStatus::kUnavailable);
  EXPECT_EQ(reply.message, "full");
  ASSERT_EQ(reply.trailers.size(), 1U);
  EXPECT_EQ(reply.trailers[0].name, "grpc-status-details-bin");
  EXPECT_EQ(reply.trailers[0].value, "CA4SBGZ1bGwaMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIAQ");
}

TEST(GrpcHealth, AnswersForKnownServices) {
  const std::vector<HealthEntry> services{{"", true}, {"a", false}};
  EXPECT_EQ(health_reply("", services).response, "\x08\x01");
  EXPECT_EQ(health_reply("\x0a\x01"
                         "a",
                         services)
                .response,
            "\x08\x02");
  EXPECT_EQ(health_reply("\x0a\x01"
                         "b",
                         services)
                .status,
            GrpcStatus::kNotFound);
  EXPECT_EQ(health_reply("\x0a", services).status, GrpcStatus::kInvalidArgument);
  EXPECT_EQ(health_reply("\x0a\x05"
                         "a",
                         services)
                .status,
            GrpcStatus::kInvalidArgument);
}

}  // namespace
}  // namespace sentinel::net::testing
