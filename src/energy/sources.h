// All sources of a daemon together: started, read, asked for what they know, and stopped (chapter 04 §13, §14).
//
// take() and declares() are for the thread that scores, the rest for the one that starts and stops; refresh_ages() for any.
// stop() ends requests that are under way, so that a server which does not answer holds up nobody.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "config/config.h"
#include "energy/board.h"
#include "energy/scraper.h"

namespace sentinel::energy {

class Sources {
 public:
  struct Options {
    std::function<OpsByService()> operations;     // of each service since start
    std::function<ScrapeSeries(Backend)> series;  // metrics of a source
    std::function<Millis()> now = {};             // empty: the steady clock
    telemetry::Supervision told = {};
    net::ProxyRules proxies = {};
  };

  // nullptr when the configuration names no source at all.
  [[nodiscard]] static std::unique_ptr<Sources> make(const config::GreenConfig& config, Options options);
  Sources(const config::GreenConfig& config, Options options);
  ~Sources();  // stop()
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;

  void start();
  void stop();

  // What is known now; takes the energy of the workloads (Board::take).
  [[nodiscard]] const score::Readings& take() { return board_.take(options_.now()); }

  void refresh_ages() const;

 private:
  const Options options_;
  Board board_;
  const int cancel_;  // an eventfd
  std::vector<std::unique_ptr<Scraper>> scrapers_;
};

}  // namespace sentinel::energy
