// `demo`: the built-in data set through the normal pipeline (chapter 06 §5).
#include <string>

#include "analysis/run.h"
#include "cli/batch_input.h"
#include "cli/browse.h"
#include "cli/demo_data.h"
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

}  // namespace

ExitCode run_demo(const Invocation& invocation) {
  config::Config config = *invocation.config;
  if (!config.green.default_region) config.green.default_region = "eu-west-3";
  const Stopwatch watch;
  const std::string traces = demo_traces_json();
  const auto source = ingest::memory_source(traces, "demo data set");
  auto loaded = analysis::load_traces(*source, &ingest::kNative, 1, config);
  if (!loaded) {
    print_input_error(loaded.error());
    return ExitCode::kCannotRun;
  }
  analysis::Run& run = **loaded;
  analysis::analyze(run, config, confidence_of_this_run(), 1);
  run.report.analysis.duration_ms = watch.nanoseconds() / 1'000'000;
  illustrate_live_intensity(run.report.green_summary.regions);
  if (invocation.arguments.typed("tui")) return browse(run, {});
  const report::TextOptions options = {.label = "demo", .colors = wants_colors(), .informational_gate = true};
  if (const base::Status written = write_stdout(report::text_report(run.report, options)); !written) {
    print_error(written.error().text());
    return ExitCode::kCannotRun;
  }
  return ExitCode::kDone;
}

}  // namespace sentinel::cli
