// `demo`: the built-in data set through the normal pipeline (chapter 06 §5).
#include <algorithm>
#include <string>

#include "analysis/run.h"
#include "cli/batch_input.h"
#include "cli/browse.h"
#include "cli/demo_data.h"
#include "cli/demo_page.h"
#include "cli/output.h"
#include "cli/runners.h"
#include "ingest/format.h"
#include "report/text_report.h"

namespace sentinel::cli {
namespace {

// Shows what live grid data would look like: the busiest region measured, the quietest one estimated.
void illustrate_live_intensity(std::vector<model::RegionRow>& regions) {
  model::RegionRow* fewest = nullptr;
  model::RegionRow* most = nullptr;
  for (model::RegionRow& row : regions) {
    if (fewest == nullptr || row.io_ops < fewest->io_ops) fewest = &row;
    if (most == nullptr || row.io_ops >= most->io_ops) most = &row;
  }
  if (most == nullptr || most == fewest) return;
  fewest->source = model::IntensitySource::kRealTime;
  fewest->estimated = true;
  fewest->estimation_method = "time_slicer_average";
  most->source = model::IntensitySource::kRealTime;
  most->estimated = false;
}

// Pairs such as a daemon would have seen, so that the views for them have something to show.
struct SeenTogether {
  model::FindingType source;
  model::FindingType target;
  std::uint64_t times;
  std::uint64_t of;  // occurrences of the source
  double lag_ms;
};
constexpr SeenTogether kSeenTogether[] = {
    {model::FindingType::kSlowSql, model::FindingType::kPoolSaturation, 9, 10, 240.0},
    {model::FindingType::kExcessiveFanout, model::FindingType::kSlowMessaging, 7, 9, 85.0},
    {model::FindingType::kNPlusOneHttp, model::FindingType::kChattyService, 6, 8, 40.0},
};

model::CorrelationEnd end_of(const model::Finding& finding) {
  model::CorrelationEnd end;
  end.type = finding.type;
  end.service = finding.service;
  end.template_text = finding.pattern.template_text;
  if (!finding.grouping.empty()) {
    end.grouping_key = finding.grouping.front().key;
    end.grouping_value = finding.grouping.front().value;
  }
  return end;
}

void illustrate_correlations(model::Report& report) {
  const auto first_of = [&](model::FindingType type) {
    return std::ranges::find(report.findings, type, &model::Finding::type);
  };
  for (const SeenTogether& pair : kSeenTogether) {
    const auto source = first_of(pair.source);
    const auto target = first_of(pair.target);
    if (source == report.findings.end() || target == report.findings.end()) continue;
    model::Correlation& correlation = report.correlations.emplace_back();
    correlation.source = end_of(*source);
    correlation.target = end_of(*target);
    correlation.co_occurrence_count = pair.times;
    correlation.source_total_occurrences = pair.of;
    correlation.confidence = static_cast<double>(pair.times) / static_cast<double>(pair.of);
    correlation.median_lag_ms = pair.lag_ms;
    correlation.first_seen = source->first_timestamp;
    correlation.last_seen = target->last_timestamp;
    correlation.sample_trace_id = target->trace_id;
  }
}

}  // namespace

ExitCode run_demo(const Invocation& invocation) {
  config::Config config = *invocation.config;
  if (!config.green.default_region) config.green.default_region = "eu-west-3";
  const Stopwatch watch;
  const bool shows_impact = invocation.arguments.typed("tui") || invocation.arguments.typed("html");
  const std::string traces = demo_traces_json();
  const auto source = ingest::memory_source(traces, "demo data set");
  auto loaded = analysis::load_traces(*source, &ingest::kNative, 1, config, shows_impact);
  if (!loaded) {
    print_input_error(loaded.error());
    return ExitCode::kCannotRun;
  }
  analysis::Run& run = **loaded;
  analysis::analyze(run, config, confidence_of_this_run(), 1);
  run.report.analysis.duration_ms = watch.nanoseconds() / 1'000'000;
  illustrate_live_intensity(run.report.green_summary.regions);
  illustrate_correlations(run.report);
  if (shows_impact) analysis::assess_impact(run, config, 1);
  if (invocation.arguments.typed("tui")) return browse(run, {});
  if (const auto path = invocation.arguments.text("html")) {
    if (const base::Status written = write_demo_page(std::string(*path), run, config); !written) {
      print_error(written.error().text());
      return ExitCode::kCannotRun;
    }
  }
  const report::TextOptions options = {.label = "demo", .colors = wants_colors(), .informational_gate = true};
  if (const base::Status written = write_stdout(report::text_report(run.report, options)); !written) {
    print_error(written.error().text());
    return ExitCode::kCannotRun;
  }
  return ExitCode::kDone;
}

}  // namespace sentinel::cli
