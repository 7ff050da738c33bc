#include "cli/remote/monitor_feed.h"

#include <array>
#include <string_view>
#include <utility>

#include "cli/remote/monitor_rows.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

using disclosure::JsonNode;

enum Part : std::size_t { kReport, kEnergy, kStatus, kConfig, kParts };
constexpr std::array<std::string_view, kParts> kPaths = {"/api/export/report", "/api/energy", "/api/status", "/api/config"};

// A document with its tree; null where there is none.
struct Document {
  std::string body;
  base::Arena arena;
  JsonNode root;
};

void read(net::HttpOutcome& outcome, Document& into) {
  if (!outcome.answered() || outcome.answer.status != 200) return;
  into.body = std::move(outcome.answer.body);
  if (const auto root = disclosure::parse_json(into.body, into.arena)) into.root = *root;
}

std::string problem_of(const net::HttpOutcome& outcome, const std::string& url) {
  if (!outcome.answered()) return concat({"No answer: ", outcome.error.text()});
  if (outcome.answer.status != 200) return concat({"No report from ", url, ": HTTP ", std::to_string(outcome.answer.status)});
  return concat({"What ", url, " answers is no report: is it perf-sentinel?"});
}

}  // namespace

MonitorFeed::MonitorFeed(DaemonApi& api, std::chrono::seconds refresh)
    : api_(api), refresh_(refresh), thread_([this] { run(); }) {}

MonitorFeed::~MonitorFeed() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ending_changed_.notify_all();
  wake_.call();
  thread_.join();
}

std::vector<tui::MonitorPoll> MonitorFeed::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(polls_, {});
}

std::int64_t MonitorFeed::now_ms() const {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

void MonitorFeed::run() {
  for (auto due = std::chrono::steady_clock::now();; due += refresh_) {
    tui::MonitorPoll poll = look();
    std::unique_lock lock(mutex_);
    if (!ending_) polls_.push_back(std::move(poll));
    due = std::max(due, std::chrono::steady_clock::now() - refresh_);  // looks that were missed are not made up for
    if (ending_changed_.wait_until(lock, due + refresh_, [&] { return ending_; })) return;
  }
}

tui::MonitorPoll MonitorFeed::look() {
  std::array<net::HttpOutcome, kParts> outcomes;
  std::array<std::thread, kParts> threads;
  for (std::size_t i = 0; i < kParts; ++i) {
    threads[i] = std::thread([&, i] { outcomes[i] = api_.call("GET", kPaths[i], {}, wake_.fd()); });
  }
  for (std::thread& thread : threads) thread.join();
  std::array<Document, kParts> documents;
  const std::string problem = problem_of(outcomes[kReport], api_.url());
  for (std::size_t i = 0; i < kParts; ++i) read(outcomes[i], documents[i]);
  tui::MonitorPoll poll{.at_ms = now_ms(), .snapshot = std::nullopt, .problem = {}};
  if (!documents[kReport].root.is(JsonNode::Kind::kObject)) {
    poll.problem = problem;
    return poll;
  }
  poll.snapshot = tui::MonitorSnapshot{.hints = daemon_hints(documents[kReport].root),
                                       .green = daemon_green(documents[kReport].root),
                                       .scrapers = daemon_scrapers(documents[kEnergy].root),
                                       .load = daemon_load(documents[kStatus].root),
                                       .settings = daemon_settings(documents[kConfig].root)};
  return poll;
}

}  // namespace sentinel::cli
