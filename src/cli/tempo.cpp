// `tempo`: traces fetched from Grafana Tempo, analysed as a file would be (chapter 02 §3).
#include <array>
#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/parallel.h"
#include "base/text.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/remote/interrupt.h"
#include "cli/remote/outgoing.h"
#include "cli/remote/tempo_api.h"
#include "cli/remote/trace_pull.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "ingest/otlp/requests.h"
#include "net/url.h"

namespace sentinel::cli {
namespace {

constexpr unsigned kFetchesAtOnce = 16;

ExitCode tempo_failed(const base::Error& error) {
  print_error("Tempo: " + error.text());
  return ExitCode::kCannotRun;
}

// The traces of a search, fetched by several threads and decoded in the order of the search's answer.
class Fetching {
 public:
  Fetching(TempoApi& api, const std::vector<std::string>& ids, const ingest::IngestSettings& settings)
      : api_(api), ids_(ids), slots_(ids.size()), collector_(settings) {}

  void run(const Interrupt& interrupt) {
    base::parallel_for(kFetchesAtOnce, ids_.size(), [&](std::size_t i) {
      FetchedTrace fetched;
      if (interrupt.arrived()) {
        fetched.fault = FetchFault::kCancelled;
      } else {
        fetched = api_.fetch(ids_[i], interrupt.descriptor());
      }
      const std::lock_guard lock(mutex_);
      slots_[i] = {.trace = std::move(fetched), .done = true};
      while (next_ < slots_.size() && slots_[next_].done) take(next_++);
    });
  }

  [[nodiscard]] std::size_t attempted() const { return ids_.size(); }
  [[nodiscard]] std::size_t fetched() const { return fetched_; }
  [[nodiscard]] std::size_t cancelled() const { return cancelled_; }
  [[nodiscard]] std::size_t failures() const {
    std::size_t sum = 0;
    for (const std::size_t n : counts_) sum += n;
    return sum;
  }
  [[nodiscard]] bool only_missing() const { return failures() == count_of(FetchFault::kNotFound); }
  [[nodiscard]] std::uint64_t spans() const { return spans_; }
  [[nodiscard]] ingest::Ingested finish(unsigned threads) { return collector_.finish(threads); }

  // "http_status 1, not_found 2"; empty when nothing failed.
  [[nodiscard]] std::string counts() const {
    std::string out;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] == 0) continue;
      out += concat({out.empty() ? "" : ", ", kFetchFaultNames[i], " ", std::to_string(counts_[i])});
    }
    return out;
  }
  [[nodiscard]] const base::Error& first_error() const { return first_error_; }

 private:
  struct Slot {
    FetchedTrace trace;
    bool done = false;
  };

  [[nodiscard]] std::size_t count_of(FetchFault fault) const { return counts_[static_cast<std::size_t>(fault)]; }

  // Decodes trace i and lets its bytes go.
  void take(std::size_t i) {
    FetchedTrace trace = std::move(slots_[i].trace);
    if (!trace.fault) {
      const auto spans = collector_.add(trace.body);
      if (spans) {
        ++fetched_;
        spans_ += *spans;
        return;
      }
      trace.fault = FetchFault::kProtobufDecode;
      trace.error = spans.error();
    }
    if (trace.fault == FetchFault::kCancelled) {
      ++cancelled_;
      return;
    }
    base::log_debug("tempo", concat({"trace ", ids_[i], " left out: ", trace.error.text()}));
    if (failures() == 0) first_error_ = trace.error;
    ++counts_[static_cast<std::size_t>(*trace.fault)];
  }

  TempoApi& api_;
  const std::vector<std::string>& ids_;

  // Under the mutex while threads run.
  std::mutex mutex_;
  std::vector<Slot> slots_;
  std::size_t next_ = 0;
  ingest::RequestCollector collector_;
  std::array<std::size_t, kFetchFaultNames.size()> counts_{};
  std::size_t fetched_ = 0;
  std::size_t cancelled_ = 0;
  std::uint64_t spans_ = 0;
  base::Error first_error_;
};

std::uint64_t now_seconds() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<seconds>(system_clock::now().time_since_epoch()).count());
}

void log_outcome(const Fetching& fetching) {
  if (fetching.cancelled() > 0) {
    base::log_warn("tempo", concat({"interrupted: completed=", std::to_string(fetching.attempted() - fetching.cancelled()),
                                    " pending=", std::to_string(fetching.cancelled())}));
  }
  if (fetching.failures() == 0) return;
  base::log(fetching.only_missing() ? base::LogLevel::kWarn : base::LogLevel::kError, "tempo",
            concat({"some traces could not be fetched: total_failures=", std::to_string(fetching.failures()),
                    " total_attempted=", std::to_string(fetching.attempted()), " counts=[", fetching.counts(), "]"}));
}

PullGaps gaps_of(const Fetching& fetching) {
  if (fetching.failures() + fetching.cancelled() == 0) return {};
  PullGaps gaps;
  gaps.summary = concat({std::to_string(fetching.fetched()), " of ", std::to_string(fetching.attempted()),
                         " traces that the search found are in this report; missing: ", fetching.counts()});
  if (fetching.cancelled() > 0) {
    gaps.summary += concat({fetching.failures() > 0 ? ", " : "", "interrupted ", std::to_string(fetching.cancelled())});
  }
  gaps.undermines = fetching.cancelled() > 0 || !fetching.only_missing();
  return gaps;
}

// Why there is nothing to analyse.
base::Error nothing_found(const Fetching& fetching) {
  if (fetching.cancelled() > 0) return {"interrupted before any trace completed", {}, {}};
  if (fetching.spans() > 0) return nothing_convertible(fetching.fetched());
  if (fetching.fetched() == 0 && fetching.failures() > 0) {
    return {
        concat({"no trace could be fetched (", fetching.counts(), "); the first: ", fetching.first_error().text()}), {}, {}};
  }
  return {"no traces found: those that the search names hold no spans", {}, "widen --lookback or check the service name"};
}

ingest::IngestSettings settings_of(const PullPlan& plan) {
  ingest::IngestSettings settings = ingest::IngestSettings::from(plan.loaded.config);
  settings.keep_context = true;
  return settings;
}

ExitCode run_search(const Arguments& arguments, PullPlan& plan, TempoApi& api) {
  const Stopwatch watch;
  const std::uint64_t end = now_seconds();
  const std::uint64_t start = end > plan.lookback_seconds ? end - plan.lookback_seconds : 0;
  const auto ids = api.search(*plan.service, start, end, plan.max_traces);
  if (!ids) return tempo_failed(ids.error());
  if (ids->empty()) {
    return tempo_failed({concat({"no traces found for the service '", base::for_terminal(*plan.service), "'"}),
                         {},
                         "widen --lookback or check the service name"});
  }
  const ingest::IngestSettings settings = settings_of(plan);
  Fetching fetching(api, *ids, settings);
  {
    const Interrupt interrupt;
    fetching.run(interrupt);
  }
  log_outcome(fetching);
  const unsigned threads = thread_count(arguments);
  std::unique_ptr<analysis::Run> run = analysis::correlated(fetching.finish(threads), threads);
  run->assessable = settings.keep_context;
  if (run->events() == 0) return tempo_failed(nothing_found(fetching));
  if (fetching.cancelled() > 0) base::log_warn("tempo", "results are partial: only the traces that completed are analysed");
  base::log_info(
      "tempo", concat({"fetched ", std::to_string(fetching.fetched()), " traces, ", std::to_string(run->events()), " events"}));
  const std::uint64_t elapsed_ms = watch.nanoseconds() / 1'000'000;
  return report_pulled(arguments, plan, std::move(run), gaps_of(fetching), "tempo", elapsed_ms);
}

ExitCode run_single(const Arguments& arguments, PullPlan& plan, TempoApi& api) {
  const Stopwatch watch;
  const FetchedTrace trace = api.fetch(*plan.trace_id);
  if (trace.fault) return tempo_failed(trace.error);
  const ingest::IngestSettings settings = settings_of(plan);
  ingest::RequestCollector collector(settings);
  const auto spans = collector.add(trace.body);
  if (!spans) {
    base::Error error = spans.error();
    error.what = "the answer is no trace in protobuf: " + error.what;
    error.where = concat({net::redacted_url(plan.endpoint), ", ", error.where});
    return tempo_failed(error);
  }
  const unsigned threads = thread_count(arguments);
  std::unique_ptr<analysis::Run> run = analysis::correlated(collector.finish(threads), threads);
  run->assessable = settings.keep_context;
  if (run->events() == 0 && *spans > 0) return tempo_failed(nothing_convertible(1));
  if (run->events() == 0) return tempo_failed({"no traces found: the trace holds no spans", {}, {}});
  base::log_info("tempo", concat({"fetched 1 trace, ", std::to_string(run->events()), " events"}));
  return report_pulled(arguments, plan, std::move(run), {}, "tempo", watch.nanoseconds() / 1'000'000);
}

}  // namespace

ExitCode run_tempo(const Invocation& invocation) {
  Planned planned = plan_pull(invocation.arguments);
  if (!planned.plan) return planned.refusal;
  PullPlan& plan = *planned.plan;
  const auto client = make_client();
  TempoApi api(*client, plan.endpoint, plan.header);
  if (plan.header) base::log_info("tempo", "sending the header " + base::ascii_lower(plan.header->name));
  return plan.trace_id ? run_single(invocation.arguments, plan, api) : run_search(invocation.arguments, plan, api);
}

}  // namespace sentinel::cli
