#include "daemon/json_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "daemon/temp_folder.h"
#include "telemetry/exposition.h"

namespace sentinel::daemon {
namespace {

constexpr std::uint64_t kSpansOfALine = 6;

// A trace that asks for rows one by one, so that its analysis has something to print.
std::string line_of_trace(int trace) {
  std::string line = "[";
  for (std::uint64_t i = 0; i < kSpansOfALine; ++i) {
    line += std::string(i == 0 ? "" : ",") + R"({"timestamp":"2025-07-10T14:32:01.020Z","trace_id":"t)" +
            std::to_string(trace) + R"(","span_id":"s)" + std::to_string(i) +
            R"(","service":"cart","type":"sql","operation":"SELECT","target":"SELECT * FROM line WHERE id = )" +
            std::to_string(i) + R"(","duration_us":5,"source":{"endpoint":"GET /","method":"m"}})";
  }
  return line + "]\n";
}

class SocketClient {
 public:
  explicit SocketClient(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~SocketClient() { ::close(fd_); }
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] bool send(const std::string& bytes) const {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }

 private:
  int fd_;
  bool connected_ = false;
};

bool happens(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

// Comes back when the engine's thread has nothing to do before its next tick: small deliveries are then worked off by who
// brings them.
void wait_until_idle(EngineThread& thread) {
  std::promise<void> ticked;
  thread.ask([&] { thread.ask([&] { ticked.set_value(); }); });  // the inner one on the engine's thread, which ticks first
  ticked.get_future().wait();
  ASSERT_TRUE(happens([&] {
    std::promise<std::thread::id> ran;
    thread.ask([&] { ran.set_value(std::this_thread::get_id()); });
    return ran.get_future().get() == std::this_thread::get_id();
  }));
}

TEST(JsonSocket, lines_whose_handling_throws_cost_neither_the_connection_nor_the_socket) {
  const TempFolder folder;
  config::Config config;
  config.daemon.json_socket = folder.file("d.sock");
  config.daemon.max_active_traces = 1;  // each line has the trace before it analysed
  telemetry::Registry registry;
  telemetry::Meter meter(registry, {});
  telemetry::Component receiver("json_socket/main", &meter);
  DaemonMetrics metrics(registry);
  std::atomic<bool> fails{true};
  Engine engine(config, {metrics, nullptr, nullptr, [&](std::string_view) {
                           if (fails) throw std::runtime_error("print");
                         }});
  EngineThread thread(engine, config.daemon, metrics, {&meter, nullptr});
  thread.start();
  JsonSocket socket(config.daemon, thread, nullptr, receiver, {&meter, nullptr});
  ASSERT_TRUE(socket.open());
  const SocketClient client(config.daemon.json_socket);
  ASSERT_TRUE(client.connected());
  int sent = 0;
  ASSERT_TRUE(client.send(line_of_trace(sent++)));
  ASSERT_TRUE(happens([&] { return metrics.events_processed->value() == kSpansOfALine; }));
  wait_until_idle(thread);

  for (std::size_t i = 0; i < JsonSocket::kLinesInFlight; ++i) ASSERT_TRUE(client.send(line_of_trace(sent++)));
  EXPECT_TRUE(happens([&] { return metrics.events_abandoned->value() == JsonSocket::kLinesInFlight * kSpansOfALine; }));
  fails = false;
  ASSERT_TRUE(client.send(line_of_trace(sent++)));
  EXPECT_TRUE(happens([&] { return metrics.events_processed->value() == static_cast<std::uint64_t>(sent) * kSpansOfALine; }));

  telemetry::Snapshot snapshot = registry.snapshot();
  meter.append(snapshot);
  const std::string text = telemetry::expose(std::move(snapshot), telemetry::Exposition::kPlain);
  const auto shows = [&](const std::string& series) { return text.find(series + "\n") != std::string::npos; };
  EXPECT_TRUE(shows("perf_sentinel_receiver_errors_total{component_id=\"json_socket/main\",kind=\"panic\"} 32")) << text;
  EXPECT_TRUE(shows("perf_sentinel_component_restart_count_per_hour{component_id=\"json_socket/main\"} 0")) << text;
  EXPECT_TRUE(shows("perf_sentinel_component_restart_count_per_hour{component_id=\"engine/main\"} 0")) << text;
  socket.close();
  thread.stop();
}

}  // namespace
}  // namespace sentinel::daemon
