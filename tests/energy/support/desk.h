// A source at work in a test: a real HTTP server that answers as the test says, the scraper of one backend with counters of its
// own, a clock and operation counts that the test moves.
#pragma once

#include <atomic>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "energy/scraper.h"
#include "net/support/raw_server.h"
#include "support/files.h"
#include "support/json.h"

namespace sentinel::energy::test {

inline nlohmann::json read_vectors(const std::string& key) {
  std::ifstream file(test_data("04_scraper_vectors.json"));
  return parsed_json<nlohmann::json>(file).at(key);
}

class Desk {
 public:
  Desk() = default;

  // -- the server
  void answer(std::string body, int status = 200, std::string headers = "") {
    reply([body = std::move(body), status, headers = std::move(headers)](net::Peer& peer, const std::string&) {
      peer.send("HTTP/1.1 " + std::to_string(status) + " Some Text\r\n" + headers +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    });
  }
  void reply(std::function<void(net::Peer&, const std::string& request)> how) {
    const std::lock_guard lock(mutex_);
    reply_ = std::move(how);
  }
  [[nodiscard]] std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  [[nodiscard]] std::string url(std::string_view path = "/metrics") const { return server_.url(path); }

  // -- the source
  config::GreenConfig green;
  OpsByService ops;
  std::atomic<Millis> now{1'000'000};
  std::chrono::milliseconds deadline{2'000};

  // The scraper of the one backend that the configuration has.
  Scraper& scraper() {
    if (scraper_ != nullptr) return *scraper_;
    board_ = std::make_unique<Board>(green, now.load());
    std::vector<Plan> plans = plans_of(green);
    plans.at(0).rules.deadline = deadline;
    scraper_ =
        std::make_unique<Scraper>(std::move(plans.at(0)), series(),
                                  Surroundings{*board_, [this] { return ops; }, [this] { return now.load(); }, {}, {}, -1});
    return *scraper_;
  }
  std::chrono::seconds tick() { return scraper().tick(); }
  Board& board() { return (void)scraper(), *board_; }

  // kWh of an operation of a service as scoring would take it; -1: none.
  double coefficient(const std::string& service) {
    const auto& services = board().take(now).services;
    const auto found = services.find(service);
    return found == services.end() ? -1 : found->second.kwh_per_op;
  }

  // -- its counters
  std::uint64_t good() { return ok_.value(); }
  std::uint64_t bad() { return failed_.value(); }
  std::uint64_t bad(ScrapeFailure reason) { return failures_[static_cast<std::size_t>(reason)].value(); }
  double age() { return age_.value(); }

 private:
  ScrapeSeries series() {
    ScrapeSeries out{&age_, &ok_, &failed_, {}};
    for (std::size_t i = 0; i < kScrapeFailures; ++i) out.failures[i] = &failures_[i];
    return out;
  }
  void serve(net::Peer& peer) {
    while (true) {
      const std::string request = peer.read_request();
      if (request.empty()) return;
      std::function<void(net::Peer&, const std::string&)> how;
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        how = reply_;
      }
      if (how) how(peer, request);
    }
  }

  std::mutex mutex_;
  std::function<void(net::Peer&, const std::string&)> reply_;
  std::vector<std::string> requests_;
  telemetry::Gauge age_;
  telemetry::Counter ok_;
  telemetry::Counter failed_;
  std::array<telemetry::Counter, kScrapeFailures> failures_;
  net::RawServer server_{[this](net::Peer& peer) { serve(peer); }};
  std::unique_ptr<Board> board_;
  std::unique_ptr<Scraper> scraper_;  // gone before the server, which waits for its connections to close
};

}  // namespace sentinel::energy::test
