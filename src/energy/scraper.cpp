#include "energy/scraper.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sentinel::energy {
namespace {

using base::LogLevel;
using telemetry::ErrorKind;

constexpr unsigned kOutageTicks = 3;
constexpr double kSlowShare = 0.8;  // of the period

ErrorKind kind_of(ScrapeFailure reason) {
  switch (reason) {
    case ScrapeFailure::kTimeout:
    case ScrapeFailure::kUnreachable:
    case ScrapeFailure::kRequestError:
      return ErrorKind::kConnect;
    case ScrapeFailure::kHttpError:
    case ScrapeFailure::kBodyReadError:
      return ErrorKind::kRead;
    case ScrapeFailure::kInvalidUtf8:
    case ScrapeFailure::kInvalidJson:
    case ScrapeFailure::kInvalidValue:
    case ScrapeFailure::kPathMissing:
      return ErrorKind::kParse;
  }
  return ErrorKind::kRead;
}

double seconds_of(Millis ms) { return static_cast<double>(ms) / 1000.0; }

const Problem* first_problem(std::span<const Fetched> answers) {
  const auto found = std::ranges::find_if(answers, [](const Fetched& a) { return a.problem.has_value(); });
  return found == answers.end() ? nullptr : &*found->problem;
}

}  // namespace

Scraper::Scraper(Plan plan, const ScrapeSeries& series, const Surroundings& around)
    : plan_(std::move(plan)),
      urls_(plan_.source->urls()),
      series_(series),
      around_(around),
      component_("energy_scraper/" + std::string(slug(plan_.backend)), around.told.meter,
                 telemetry::Component::Role::kExporter),
      fetcher_(plan_.rules, plan_.headers, around.proxies, plan_.authorities, around.cancel),
      last_good_(around.now()),
      loop_(component_.id(), around.told) {
  component_.log(LogLevel::kInfo, "reading " + plan_.about + " every " + std::to_string(plan_.period.count()) + " s");
  if (!plan_.warning.empty()) component_.log(LogLevel::kWarn, plan_.warning);
}

Scraper::~Scraper() { join(); }

void Scraper::start() {
  if (!urls_.empty()) loop_.start([this] { run(); });
}

void Scraper::join() { loop_.stop(); }

// False when it is time to end.
bool Scraper::sleep_until(Millis when) const {
  while (true) {
    const Millis now = around_.now();
    pollfd cancel{around_.cancel, POLLIN, 0};
    constexpr Millis kLongest = 60'000;
    const int ready = ::poll(&cancel, 1, static_cast<int>(std::min(since(now, when), kLongest)));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return false;
    if (around_.now() >= when) return true;
  }
}

void Scraper::run() {
  const auto period = static_cast<Millis>(plan_.period.count()) * 1000;
  Millis next = around_.now() + (plan_.at_once ? 0 : period);
  while (sleep_until(next)) {
    const Millis begun = around_.now();
    const auto pause = static_cast<Millis>(tick().count()) * 1000;
    next = std::max({begun + period, begun + pause});
    if (seconds_of(since(begun, around_.now())) > kSlowShare * static_cast<double>(plan_.period.count()) &&
        !std::exchange(told_slow_, true)) {
      component_.log(LogLevel::kWarn, "a round took more than 80 % of its period: readings may come late");
    }
  }
}

Operations Scraper::operations() {
  Operations ops;
  ops.total = around_.operations();
  for (const auto& [service, total] : ops.total) {
    const auto old = before_.find(service);
    const std::uint64_t delta = total - std::min(total, old == before_.end() ? 0 : old->second);
    if (delta > 0) ops.delta.emplace(service, delta);
  }
  before_ = ops.total;
  return ops;
}

std::chrono::seconds Scraper::tick() {
  const auto begun = std::chrono::steady_clock::now();
  const Operations ops = operations();
  std::vector<Fetched> answers = fetcher_.fetch(urls_);
  pollfd cancel{around_.cancel, POLLIN, 0};
  if (around_.cancel >= 0 && ::poll(&cancel, 1, 0) > 0) return {};  // what was cut short says nothing about the server
  const std::size_t readings = plan_.source->observe(answers, ops, around_.now(), around_.board);
  count(answers, readings);
  component_.latency(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  std::chrono::seconds pause{0};
  for (const Fetched& answer : answers) pause = std::max(pause, answer.retry_after.value_or(pause));
  return pause;
}

void Scraper::count(std::span<const Fetched> answers, std::size_t readings) {
  bool all_failed = true;
  for (const Fetched& answer : answers) {
    if (!answer.problem) {
      all_failed = false;
      if (series_.ok != nullptr) series_.ok->add();
      component_.call_success();
      continue;
    }
    if (series_.failed != nullptr) series_.failed->add();
    if (telemetry::Counter* counter = series_.failures[static_cast<std::size_t>(answer.problem->reason)]; counter != nullptr) {
      counter->add();
    }
    component_.error(kind_of(answer.problem->reason));
    component_.call_failure(kind_of(answer.problem->reason));
  }
  component_.emissions(static_cast<std::int64_t>(readings));
  if (!all_failed) {
    component_.activity();
    last_good_ = around_.now();
  }
  tried_ = true;
  refresh_age();
  tell(answers, all_failed);
}

// A streak of failures is told about when it begins and once when it lasts.
void Scraper::tell(std::span<const Fetched> answers, bool all_failed) {
  const Problem* problem = first_problem(answers);
  const bool first = !std::exchange(troubled_, problem != nullptr);
  failures_ = all_failed ? failures_ + 1 : 0;
  component_.degraded(failures_ >= kOutageTicks);
  if (problem == nullptr) return;
  const bool warns = first && !plan_.quiet;
  component_.log(warns ? LogLevel::kWarn : LogLevel::kDebug, "could not be read: " + problem->text);
  if (failures_ != kOutageTicks || (!plan_.quiet && std::exchange(told_outage_, true))) return;
  component_.log(LogLevel::kWarn, "three rounds in a row failed (" + problem->text +
                                      "): check that it runs, that it can be reached from here and "
                                      "that it accepts the credentials; " +
                                      plan_.without);
}

void Scraper::refresh_age() const {
  if (series_.age == nullptr) return;
  series_.age->set(tried_.load() ? seconds_of(since(last_good_.load(), around_.now())) : 0.0);
}

}  // namespace sentinel::energy
