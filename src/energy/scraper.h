// Reads one source again and again: fetches what it asks for, counts how that went, says so once and not on every tick
// (chapter 04 §13.1, chapter 11 §1).
//
// start() gives it a thread, under supervision: a round that throws is a bug that is counted, and the rounds go on after a
// pause; tick() is one round, on that thread or a test's. A late tick delays the following ones, there are no bursts. The
// thread ends as soon as the cancel descriptor can be read, also in the middle of a request; join() waits for it.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "energy/plan.h"
#include "energy/scrape_series.h"
#include "telemetry/component.h"
#include "telemetry/supervised.h"

namespace sentinel::energy {

// What the sources are given. Everything outlives them.
struct Surroundings {
  Board& board;
  std::function<OpsByService()> operations;  // taken in since start; called from any thread
  std::function<Millis()> now;
  telemetry::Supervision told;  // of restarts, and the meter that counts
  net::ProxyRules proxies;
  int cancel = -1;
};

class Scraper {
 public:
  Scraper(Plan plan, const ScrapeSeries& series, const Surroundings& around);
  ~Scraper();  // join()
  Scraper(const Scraper&) = delete;
  Scraper& operator=(const Scraper&) = delete;

  void start();
  void join();

  // One round. Gives how long to leave the server alone at least.
  std::chrono::seconds tick();

  // Sets the age gauge to what it is now: 0 until the first tick is over.
  void refresh_age() const;

  [[nodiscard]] Backend backend() const { return plan_.backend; }

 private:
  void run();
  [[nodiscard]] bool sleep_until(Millis when) const;
  Operations operations();
  void count(std::span<const Fetched> answers, std::size_t readings);
  void tell(std::span<const Fetched> answers, bool all_failed);

  // Fixed at construction.
  const Plan plan_;
  const std::vector<std::string> urls_;
  const ScrapeSeries series_;
  const Surroundings around_;

  // The thread's.
  telemetry::Component component_;
  Fetcher fetcher_;
  OpsByService before_;
  bool troubled_ = false;  // something went wrong on the last tick
  unsigned failures_ = 0;  // ticks in a row on which everything did
  bool told_outage_ = false;
  bool told_slow_ = false;

  // Shared with scrapes.
  std::atomic<Millis> last_good_;  // or the start
  std::atomic<bool> tried_{false};

  telemetry::Supervised loop_;  // last: it ends before what its thread uses
};

}  // namespace sentinel::energy
