// The whole daemon in this process, started and stopped again and again (chapter 11 §3): what it takes it gives back.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "daemon/daemon.h"
#include "daemon/temp_folder.h"
#include "net/http_client.h"
#include "support/resources.h"

namespace sentinel::daemon {
namespace {

using std::chrono::milliseconds;
using test::Resources;

// A socket of its own on a port of 127.0.0.1; destroyed, the port is free.
class HeldPort {
 public:
  HeldPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(fd_, 1);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~HeldPort() { ::close(fd_); }
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

class DaemonLifecycle : public ::testing::Test {
 protected:
  DaemonLifecycle() {
    // So that SIGTERM waits for the daemon, whatever thread it is sent to.
    ::sigemptyset(&term_);
    ::sigaddset(&term_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &term_, &before_);
    const HeldPort ports[3];  // at the same time, so that they are three
    config_.daemon.listen_port_http = ports[0].port();
    config_.daemon.listen_port_grpc = ports[1].port();
    config_.daemon.json_socket = folder_.file("d.sock");
    config_.daemon.ack.storage_path = folder_.file("acks.jsonl");
    config_.daemon.ack.toml_path = folder_.file("none.toml");
    config_.daemon.archive.path = folder_.file("archive.ndjson");
    config_.daemon.correlation.enabled = true;
    config_.telemetry.enabled = true;
    operator_port_ = ports[2].port();
    config_.telemetry.listen = "localhost:" + std::to_string(operator_port_);
  }
  ~DaemonLifecycle() override {
    ::close(output_);
    ::signal(SIGTERM, SIG_DFL);
    ::signal(SIGINT, SIG_DFL);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  [[nodiscard]] Causes run() { return run_daemon({config_, output_}); }

  // The status of the answer; 0 without one.
  static int get(std::uint16_t port, const std::string& path) {
    net::HttpClient client;
    net::HttpRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(port) + path;
    const auto outcome = client.send(request, {});
    return outcome.answered() ? outcome.answer.status : 0;
  }

  // Asks until the daemon is ready; false when it has ended, or takes too long.
  [[nodiscard]] bool becomes_ready(const std::atomic<bool>& ended) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (get(operator_port_, "/readyz") != 200) {
      if (ended || std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(milliseconds(1));
    }
    return true;
  }

  void use_it() const {
    const std::uint16_t http = config_.daemon.listen_port_http;
    net::HttpClient client;
    const auto sent = client.send({.method = "POST",
                                   .url = "http://127.0.0.1:" + std::to_string(http) + "/v1/traces",
                                   .headers = {{"Content-Type", "application/json"}},
                                   .body = trace()},
                                  {});
    EXPECT_EQ(sent.answer.status, 200);
    for (const char* path : {"/metrics", "/api/status", "/api/export/report"}) EXPECT_EQ(get(http, path), 200) << path;
    EXPECT_EQ(get(operator_port_, "/healthz"), 200);
  }

  // A signal that nobody took ends the process when it is let through again.
  void forget_signals() const {
    const timespec at_once{};
    while (::sigtimedwait(&term_, nullptr, &at_once) > 0) continue;
  }

  // A life in which spans are taken in, analysed and asked for.
  void live_once() {
    std::atomic<bool> ended{false};
    std::thread user([&] {
      const bool ready = becomes_ready(ended);
      EXPECT_TRUE(ready);
      if (ready) use_it();
      if (!ended) ::kill(::getpid(), SIGTERM);
    });
    EXPECT_EQ(run(), Causes());
    ended = true;
    user.join();
    forget_signals();
  }

  static std::string trace() {
    std::string spans;
    for (int i = 0; i < 8; ++i) {
      spans += std::string(i == 0 ? "" : ",") + R"({"traceId":"5b8aa5a2d2c872e8321cf37308d69df2","spanId":"00000000000000a)" +
               std::to_string(i) +
               R"(","name":"query","kind":3,"startTimeUnixNano":"1752157921000000000","endTimeUnixNano":"1752157921000800000",)"
               R"("attributes":[{"key":"db.system","value":{"stringValue":"postgresql"}},{"key":"db.statement",)"
               R"("value":{"stringValue":"SELECT * FROM line WHERE id = )" +
               std::to_string(i) + "\"}}]}";
    }
    return R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" + spans + "]}]}]}";
  }

  sigset_t term_{};
  sigset_t before_{};
  TempFolder folder_;
  const int output_ = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  config::Config config_;
  std::uint16_t operator_port_ = 0;
};

TEST_F(DaemonLifecycle, ten_starts_and_stops_leak_no_thread_no_descriptor_and_no_memory) {
  const auto live = [this](int times) {
    for (int i = 0; i < times && !HasFailure(); ++i) live_once();
  };
  live(20);  // until the allocator has the caches that it keeps
  const Resources before = Resources::now();
  live(10);
  const Resources after = Resources::now();
  EXPECT_EQ(after.threads, before.threads);
  EXPECT_EQ(after.descriptors, before.descriptors);
  EXPECT_LT(after.heap_bytes, before.heap_bytes + 4096);
}

TEST_F(DaemonLifecycle, ten_starts_that_fail_leak_nothing_either_and_say_what_is_taken) {
  const HeldPort taken;
  const auto fail = [&] {
    const Causes causes = run();
    ASSERT_FALSE(causes.empty());
    EXPECT_NE(causes.front().find("127.0.0.1:" + std::to_string(taken.port())), std::string::npos) << causes.front();
    EXPECT_NE(causes.front().find("[telemetry] listen"), std::string::npos) << causes.front();
  };
  config_.telemetry.listen = "localhost:" + std::to_string(taken.port());  // the last but one to be opened
  for (int i = 0; i < 20; ++i) fail();
  const Resources before = Resources::now();
  for (int i = 0; i < 10; ++i) fail();
  const Resources after = Resources::now();
  EXPECT_EQ(after.threads, before.threads);
  EXPECT_EQ(after.descriptors, before.descriptors);
  EXPECT_LT(after.heap_bytes, before.heap_bytes + 4096);
}

}  // namespace
}  // namespace sentinel::daemon
