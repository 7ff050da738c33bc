#include "net/server.h"

#include <malloc.h>

#include <algorithm>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "net/arrival.h"
#include "net/connection.h"
#include "net/listener.h"
#include "net/server_shared.h"

namespace sentinel::net {
namespace {

// How often connections look at their deadlines: a quarter of the shortest, within bounds.
std::chrono::milliseconds tick_period(const Limits& limits) {
  auto shortest = std::min({limits.header_timeout, limits.first_byte_timeout, limits.idle_timeout, limits.request_timeout,
                            limits.write_timeout, limits.body_window, limits.handshake_timeout, limits.websocket_close});
  for (const auto optional : {limits.keepalive_ping, limits.keepalive_answer})
    if (optional.count() > 0) shortest = std::min(shortest, optional);
  return std::clamp(shortest / 4, std::chrono::milliseconds(10), std::chrono::milliseconds(250));
}

constexpr std::size_t kCrowd = 256;

// The connections of one server on one loop; touched by that loop's thread only.
class Share final : public Connection::Home, public Guest {
 public:
  Share(std::shared_ptr<ServerShared> server, Loop& loop, LiveCount& live)
      : server_(std::move(server)), loop_(loop), live_(live), period_(tick_period(server_->options.limits)) {}

  void begin() { loop_.core().add_guest(*this); }

  // `context` is null without TLS, and so is `token`.
  void add(Arrival arrival, std::shared_ptr<const TlsContext> context, std::optional<HandshakeToken> token) {
    if (closed_) return count(server_->counters.connections_refused);
    std::unique_ptr<TlsSession> tls;
    if (context != nullptr) {
      const auto offer = server_->grpc != nullptr ? TlsSession::Offer::kHttp2 : TlsSession::Offer::kHttp2AndHttp1;
      tls = TlsSession::accept(std::move(context), arrival.fd(), offer);
      if (tls == nullptr) return count(server_->counters.tls_handshakes_failed);
    }
    auto connection = std::make_unique<Connection>(server_, loop_, *this, arrival.fd(), std::move(tls), std::move(token));
    arrival.socket_is_owned();
    if (!connection->start()) return;
    connection->home_index = connections_.size();
    connections_.push_back(std::move(connection));
    arrival.count_is_owned();
    peak_ = std::max(peak_, connections_.size());
    if (ticker_ == 0) ticker_ = loop_.every(period_, [this] { tick(); });
    if (server_->draining.load(std::memory_order_relaxed)) connections_.back()->drain();
  }

  void remove(Connection& connection) override {
    const std::size_t index = connection.home_index;
    loop_.core().bury(std::move(connections_[index]));
    if (index + 1 != connections_.size()) {
      connections_[index] = std::move(connections_.back());
      connections_[index]->home_index = index;
    }
    connections_.pop_back();
    live_.remove();
  }

  void drain() {
    // From the back: a connection that goes at once is replaced by one already seen.
    for (std::size_t i = connections_.size(); i-- > 0;) connections_[i]->drain();
  }

  // The server stops.
  void cut() {
    loop_.core().remove_guest(*this);
    count(server_->counters.cut_at_stop, connections_.size());
    close_all();
  }

  void leave() override {
    if (!connections_.empty())
      base::log(base::LogLevel::kError, "net",
                server_->options.name +
                    " listener: one of its event loops has ended; connections closed: " + std::to_string(connections_.size()));
    close_all();
  }

 private:
  // What still comes, too.
  void close_all() {
    closed_ = true;
    while (!connections_.empty()) {
      const Connection::Round round(*connections_.back());
      connections_.back()->close_now();
    }
    if (ticker_ != 0) loop_.cancel(std::exchange(ticker_, 0));
  }

  void tick() {
    const Millis now = loop_.core().now();
    for (std::size_t i = connections_.size(); i-- > 0;) connections_[i]->on_tick(now);
    if (++ticks_ % 16 == 0 || connections_.empty()) loop_.core().give_back_idle_memory();
    // A crowd that has left: what its sessions held goes back to the system.
    if (peak_ >= kCrowd && connections_.size() < peak_ / 4) {
      malloc_trim(0);
      peak_ = connections_.size();
    }
    if (connections_.empty()) loop_.cancel(std::exchange(ticker_, 0));
  }

  const std::shared_ptr<ServerShared> server_;
  Loop& loop_;
  LiveCount& live_;
  const std::chrono::milliseconds period_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t peak_ = 0;
  TimerId ticker_ = 0;
  unsigned ticks_ = 0;
  bool closed_ = false;
};

}  // namespace

class Server::Core {
 public:
  Core(LoopThreads& loops, ServerOptions options) : loops_(loops), shared_(std::make_shared<ServerShared>()) {
    shared_->options = std::move(options);
    shared_->loops = loops.shared();
  }

  ServerShared& shared() { return *shared_; }
  Listener& listener() { return listener_; }

  base::Error named(base::Error error) const {
    const ServerOptions& options = shared_->options;
    error.where = options.name + " listener " + options.address + ":" + std::to_string(options.port);
    return error;
  }

  base::Status serve() {
    if (!loops_.running()) return named({"the loops have not been started", {}, {}});
    if (serving_ || stopped_) return named({"bug: it has been started before", {}, {}});
    for (unsigned i = 0; i < loops_.size(); ++i) {
      shares_.push_back(std::make_unique<Share>(shared_, loops_[i], live_));
      loops_[i].post([share = shares_.back().get()] { share->begin(); });
    }
    shared_->resume_accepting = [this] { loops_[0].post([this] { listener_.resume(); }); };
    serving_ = true;
    loops_[0].post([this] {
      const auto started = listener_.start(
          loops_[0], [this](int fd) { return take(fd); }, [this] { count(shared_->counters.connections_refused); });
      if (!started) count(shared_->counters.connections_refused);
    });
    return base::success();
  }

  void stop(std::chrono::milliseconds grace) {
    if (stopped_) return;
    stopped_ = true;
    shared_->draining.store(true);
    // Loops that have ended before the server have closed what was theirs.
    if (!serving_ || !loops_.running()) return listener_.stop();
    on_loop(0, [this] { listener_.stop(); });
    for (unsigned i = 0; i < loops_.size(); ++i) loops_[i].post([share = shares_[i].get()] { share->drain(); });
    live_.wait_for_none(grace);
    for (unsigned i = 0; i < loops_.size(); ++i) on_loop(i, [this, i] { shares_[i]->cut(); });
    // What was cut is destroyed at the end of that turn: once another has begun, all sockets are closed.
    for (unsigned i = 0; i < loops_.size(); ++i) on_loop(i, [] {});
  }

 private:
  // Runs on the loop's thread, also on one that has been given up, and waits until it has, or has thrown.
  void on_loop(unsigned i, const std::function<void()>& work) {
    std::promise<void> done;
    const std::future<void> over = done.get_future();
    loops_[i].post([&work, told = std::move(done)]() mutable {
      work();
      told.set_value();
    });
    over.wait();
  }

  // The next in turn that is not down.
  unsigned choose_loop() {
    for (unsigned tries = 0; tries < loops_.size(); ++tries) {
      const unsigned to = next_loop_++ % loops_.size();
      if (to == 0 || !loops_[to].core().down()) return to;
    }
    return 0;
  }

  // On the first loop's thread. Connections go round the loops.
  bool take(int fd) {
    Arrival arrival(fd, live_);
    if (live_.now() > shared_->options.limits.max_connections) {
      count(shared_->counters.connections_refused);
      return true;
    }
    count(shared_->counters.connections_accepted);
    auto context = shared_->tls();
    std::optional<HandshakeToken> token;
    if (context != nullptr) token.emplace(shared_);
    const bool go_on = !token || !token->at_bound();
    const unsigned to = choose_loop();
    if (to == 0) {
      shares_[0]->add(std::move(arrival), std::move(context), std::move(token));
    } else {
      loops_[to].post([share = shares_[to].get(), socket = std::move(arrival), tls = std::move(context),
                       held = std::move(token)]() mutable { share->add(std::move(socket), std::move(tls), std::move(held)); });
    }
    return go_on;
  }

  LoopThreads& loops_;
  const std::shared_ptr<ServerShared> shared_;
  Listener listener_;
  LiveCount live_;
  std::vector<std::unique_ptr<Share>> shares_;
  bool serving_ = false;
  bool stopped_ = false;
  unsigned next_loop_ = 0;
};

Server::Server(LoopThreads& loops, ServerOptions options, HttpHandler& handler)
    : core_(std::make_shared<Core>(loops, std::move(options))) {
  core_->shared().use(handler);
}
Server::Server(LoopThreads& loops, ServerOptions options, GrpcHandler& handler)
    : core_(std::make_shared<Core>(loops, std::move(options))) {
  core_->shared().use(handler);
}
Server::~Server() { stop(std::chrono::milliseconds(0)); }

base::Status Server::bind() {
  const ServerOptions& options = core_->shared().options;
  const auto bound = core_->listener().bind(options.address, options.port);
  if (!bound) return core_->named(bound.error());
  return base::success();
}

std::uint16_t Server::port() const { return core_->listener().port(); }

void Server::use_tls(std::shared_ptr<const TlsContext> context) {
  const std::lock_guard lock(core_->shared().tls_mutex);
  core_->shared().tls_context = std::move(context);
}

base::Status Server::serve() { return core_->serve(); }
void Server::stop(std::chrono::milliseconds grace) { core_->stop(grace); }
const Counters& Server::counters() const { return core_->shared().counters; }

}  // namespace sentinel::net
