// A loop that has failed: while it waits to be run again, and after it has been given up.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "net/client.h"
#include "net/echo.h"

namespace sentinel::net::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Keeps a loop that has failed waiting until it is told what to do with it, and with all that fail later.
class Undecided {
 public:
  [[nodiscard]] LoopRunner runner() {
    return [this](unsigned, const std::function<void()>& run) {
      do {
        try {
          return run();
        } catch (const std::runtime_error&) {
          ++failures;
        }
      } while (is_to_run_again());
    };
  }
  void run_again() { decide(true); }
  void give_up() { decide(false); }

  std::atomic<int> failures{0};

 private:
  bool is_to_run_again() {
    std::unique_lock lock(mutex_);
    decided_.wait(lock, [this] { return again_.has_value(); });
    return *again_;
  }
  void decide(bool again) {
    {
      const std::lock_guard lock(mutex_);
      again_ = again;
    }
    decided_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable decided_;
  std::optional<bool> again_;
};

// Two loops under that runner.
struct TwoLoops {
  TwoLoops() { EXPECT_TRUE(threads.start(fate.runner())); }
  ~TwoLoops() {
    fate.give_up();
    threads.stop();
  }
  TwoLoops(const TwoLoops&) = delete;
  TwoLoops& operator=(const TwoLoops&) = delete;

  void fail(unsigned loop) {
    const int before = fate.failures;
    threads[loop].post([] { throw std::runtime_error("work"); });
    EXPECT_TRUE(eventually([&] { return fate.failures > before; }));
  }
  // Holds the loop up; it fails when the promise is kept.
  void fail_after(unsigned loop, std::promise<void>& told) {
    std::promise<void> begun;
    threads[loop].post([&begun, wait = told.get_future()] {
      begun.set_value();
      wait.wait();
      throw std::runtime_error("work");
    });
    begun.get_future().wait();
  }
  // Whether work that is posted is done there, by the loop's own thread.
  bool does_work(unsigned loop) {
    auto done = std::make_shared<std::promise<bool>>();
    std::future<bool> own = done->get_future();
    threads[loop].post([this, loop, done] { done->set_value(threads[loop].is_current()); });
    return own.wait_for(seconds(5)) == std::future_status::ready && own.get();
  }

  Undecided fate;
  LoopThreads threads{2};
};

struct ServerOnTwo {
  explicit ServerOnTwo(TwoLoops& loops) : server(loops.threads, {}, handler) {
    EXPECT_TRUE(server.bind());
    EXPECT_TRUE(server.serve());
  }
  // Its next client, asked and answered: on the first loop, on the second, and so on.
  Client& client() {
    clients.emplace_back(server.port());
    ask(clients.back());
    return clients.back();
  }
  static void ask(Client& client) {
    client.send("GET /echo HTTP/1.1\r\n\r\n");
    EXPECT_EQ(status_of(client.response()), "200");
  }
  [[nodiscard]] std::uint64_t open() const { return server.counters().connections_open; }
  // With a time for requests in flight that nobody must need.
  void stop() {
    const auto begun = steady_clock::now();
    server.stop(seconds(30));
    EXPECT_LT(steady_clock::now() - begun, seconds(15));
    EXPECT_EQ(open(), 0U);
  }

  EchoHandler handler;
  Server server;
  std::deque<Client> clients;
};

bool is_over(Client& client) {
  client.rest();
  return client.ended();
}

TEST(LoopDown, OneThatIsGivenUpClosesItsConnectionsAndTheOtherServesOn) {
  TwoLoops loops;
  ServerOnTwo served(loops);
  Client& first = served.client();
  Client& second = served.client();
  loops.fate.give_up();
  loops.fail(1);
  EXPECT_TRUE(is_over(second));
  EXPECT_TRUE(eventually([&] { return served.open() == 1; })) << "its socket is closed";
  for (int i = 0; i < 4; ++i) served.client();
  ServerOnTwo::ask(first);
  served.stop();
}

TEST(LoopDown, OneThatIsGivenUpDropsTimersAndDoesPostedWork) {
  TwoLoops loops;
  const auto token = std::make_shared<int>(0);
  loops.threads[1].after(std::chrono::hours(1), [token] {});
  ASSERT_TRUE(loops.does_work(1));
  loops.fate.give_up();
  loops.fail(1);
  EXPECT_TRUE(loops.does_work(1));
  EXPECT_EQ(token.use_count(), 1);
  loops.threads[1].every(milliseconds(1), [token] {});
  loops.threads[1].post([] { throw std::runtime_error("more work"); });
  EXPECT_TRUE(loops.does_work(1)) << "whatever becomes of the work before";
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_EQ(loops.fate.failures, 1);
}

TEST(LoopDown, OneThatWaitsToBeRunAgainIsGivenNoNewConnection) {
  TwoLoops loops;
  ServerOnTwo served(loops);
  served.client();
  Client& second = served.client();
  loops.fail(1);
  for (int i = 0; i < 4; ++i) served.client();
  EXPECT_EQ(served.open(), 6U) << "those it has stay open";
  loops.fate.run_again();
  ServerOnTwo::ask(second);
  served.stop();
}

TEST(LoopDown, AConnectionOnItsWayToOneThatIsGivenUpIsClosed) {
  TwoLoops loops;
  ServerOnTwo served(loops);
  served.client();
  std::promise<void> told;
  loops.fail_after(1, told);
  Client second(served.server.port());
  EXPECT_TRUE(eventually([&] { return served.server.counters().connections_accepted == 2; }));
  loops.fate.give_up();
  told.set_value();
  EXPECT_TRUE(is_over(second));
  EXPECT_EQ(served.server.counters().connections_refused, 1U);
  served.stop();
}

// Whether somebody listens there.
bool is_open(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool open = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return open;
}

TEST(LoopDown, TheFirstThatIsGivenUpTakesNoMoreClientsInsteadOfKeepingThemWaiting) {
  TwoLoops loops;
  ServerOnTwo served(loops);
  Client& first = served.client();
  Client& second = served.client();
  EXPECT_TRUE(is_open(served.server.port()));
  loops.fate.give_up();
  loops.fail(0);
  EXPECT_TRUE(is_over(first));
  EXPECT_TRUE(eventually([&] { return !is_open(served.server.port()); }));
  ServerOnTwo::ask(second);
  served.stop();
}

// As the daemon stops: nobody waits for a failed loop any more, and its two ports close at the same time.
TEST(LoopDown, ServersStopSideBySideWhileTheirLoopIsGivenUp) {
  TwoLoops loops;
  ServerOnTwo one(loops);
  ServerOnTwo other(loops);
  for (ServerOnTwo* server : {&one, &other})
    for (int i = 0; i < 32; ++i) server->client();
  loops.fail(1);
  loops.fate.give_up();
  std::thread beside([&] { one.stop(); });
  other.stop();
  beside.join();
  for (ServerOnTwo* server : {&one, &other})
    for (Client& client : server->clients) EXPECT_TRUE(is_over(client));
}

TEST(LoopDown, LoopsThatEndBeforeTheirServerCloseItsConnectionsThoseOnTheirWayToo) {
  TwoLoops loops;
  ServerOnTwo served(loops);
  Client& first = served.client();
  std::promise<void> told;
  loops.fail_after(1, told);
  Client second(served.server.port());
  EXPECT_TRUE(eventually([&] { return served.server.counters().connections_accepted == 2; }));
  loops.fate.give_up();
  std::thread beside([&] { loops.threads.stop(); });
  EXPECT_TRUE(is_over(first));  // the first loop has been told to end
  told.set_value();
  EXPECT_TRUE(is_over(second));
  beside.join();
  EXPECT_EQ(served.open(), 0U);
  served.stop();
}

}  // namespace
}  // namespace sentinel::net::testing
