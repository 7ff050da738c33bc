// `bench`: the pipeline over events in memory, timed (chapter 06 §4).
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/replay.h"
#include "analysis/run.h"
#include "analysis/synthetic.h"
#include "base/json_writer.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/runners.h"
#include "ingest/byte_source.h"

namespace sentinel::cli {
namespace {

// The events that are analysed again and again: made up, or read from a file once.
struct Workload {
  std::optional<analysis::SyntheticDataset> made;
  std::optional<analysis::Replay> read;
  unsigned threads = 1;

  [[nodiscard]] std::span<const ingest::RawEvent> events() const { return made ? made->events() : read->events(); }
};

base::Result<Workload> prepare(const Arguments& arguments, const config::Config& config) {
  Workload work;
  const analysis::InputOptions input = input_options(arguments);
  work.threads = input.threads;
  if (const auto events = arguments.number("synthetic-events")) {
    const auto pattern = analysis::parse_synthetic_pattern(*arguments.text("pattern"));
    work.made.emplace(analysis::SyntheticOptions{.events = *events,
                                                 .services = *arguments.number("services"),
                                                 .seed = *arguments.number("seed"),
                                                 .pattern = pattern.value_or(analysis::SyntheticPattern::kMixed)});
    return work;
  }
  const auto source = ingest::open_source(input.path);
  if (!source) return source.error();
  auto read = analysis::Replay::read(**source, input.format, input.threads, config);
  if (!read) return read.error();
  work.read.emplace(std::move(*read));
  if (work.events().empty()) return base::Error{.what = "there are no events to measure with", .where = {}, .hint = {}};
  return work;
}

// A figure of /proc/self/status in bytes; nullopt where the system does not tell.
std::optional<std::uint64_t> memory_figure(std::string_view key) {
  const auto source = ingest::open_source("/proc/self/status");
  if (!source) return std::nullopt;
  const auto text = ingest::read_all(**source);
  if (!text) return std::nullopt;
  const std::size_t at = text->find(key);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t digits = text->find_first_of("0123456789", at);
  std::uint64_t kib = 0;
  if (digits == std::string::npos ||
      std::from_chars(text->data() + digits, text->data() + text->size(), kib).ec != std::errc{}) {
    return std::nullopt;
  }
  return kib * 1024;
}

struct Measured {
  std::size_t events = 0;
  std::optional<std::uint64_t> rss_before;
  std::optional<std::uint64_t> rss_peak;
  std::vector<std::uint64_t> nanoseconds;  // by iteration
};

// One iteration: from event texts to the finished report. The events are only read, so there is nothing to copy before.
Measured measure(const Workload& work, std::uint64_t iterations, const config::Config& config) {
  Measured out;
  const model::Confidence confidence = confidence_of_this_run();
  out.events = work.events().size();
  out.rss_before = memory_figure("VmRSS:");
  for (std::uint64_t i = 0; i < iterations; ++i) {
    const Stopwatch watch;
    const auto run = analysis::load_events(work.events(), config);
    analysis::analyze(*run, config, confidence, work.threads);
    out.nanoseconds.push_back(watch.nanoseconds());
  }
  out.rss_peak = memory_figure("VmHWM:");
  return out;
}

// Microseconds an event at quantile `q` of the iterations.
double latency_us(const Measured& m, double q) {
  std::vector<double> sorted;
  for (const std::uint64_t ns : m.nanoseconds) sorted.push_back(static_cast<double>(ns) / static_cast<double>(m.events));
  std::sort(sorted.begin(), sorted.end());
  const double rank = std::ceil(static_cast<double>(sorted.size()) * q) - 1.0;
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::clamp(rank, 0.0, last))] / 1000.0;
}

std::string figures_json(const Measured& m) {
  std::uint64_t total_ns = 0;
  for (const std::uint64_t ns : m.nanoseconds) total_ns += ns;
  const double seconds = static_cast<double>(total_ns) / 1e9;
  const double all_events = static_cast<double>(m.events) * static_cast<double>(m.nanoseconds.size());
  std::string out;
  base::JsonWriter json(out, base::JsonWriter::Style::kPretty);
  const auto bytes = [&](std::string_view name, std::optional<std::uint64_t> value) {
    json.key(name);
    value ? json.number(*value) : json.null();
  };
  json.begin_object().field("iterations", m.nanoseconds.size()).field("events_per_iteration", m.events);
  json.field_real("throughput_events_per_sec", total_ns > 0 ? all_events / seconds : 0.0);
  json.key("latency_per_event_us").begin_object();
  json.field_real("p50", latency_us(m, 0.50)).field_real("p99", latency_us(m, 0.99)).end_object();
  bytes("rss_before_bytes", m.rss_before);
  bytes("rss_peak_bytes", m.rss_peak);
  json.field("total_elapsed_ms", total_ns / 1'000'000);
  json.key("durations_ns").begin_array();
  for (const std::uint64_t ns : m.nanoseconds) json.number(ns);
  json.end_array().end_object();
  out += '\n';
  return out;
}

}  // namespace

ExitCode run_bench(const Invocation& invocation) {
  const config::Config config;
  const auto work = prepare(invocation.arguments, config);
  if (!work) {
    print_input_error(work.error());
    return ExitCode::kCannotRun;
  }
  const Measured measured = measure(*work, *invocation.arguments.number("iterations"), config);
  if (const base::Status written = write_stdout(figures_json(measured)); !written) {
    print_error(written.error().text());
    return ExitCode::kCannotRun;
  }
  return ExitCode::kDone;
}

}  // namespace sentinel::cli
