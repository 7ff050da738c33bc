// What `tempo` and `jaeger-query` share: their flags checked in the order of chapter 02 §0.2, and the analysis of what came.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/run.h"
#include "cli/arguments.h"
#include "cli/emit.h"
#include "cli/exit_code.h"
#include "config/load.h"
#include "config/rules.h"

namespace sentinel::cli {

// Everything that is known before the first request. Exactly one of trace_id and service is set.
struct PullPlan {
  Targets targets;
  std::string endpoint;
  std::optional<std::string> trace_id;
  std::optional<std::string> service;
  std::uint64_t lookback_seconds = 0;
  std::uint64_t max_traces = 0;
  std::optional<config::Header> header;
  config::Loaded loaded;
};

// What standard error has been told when there is no plan.
struct Planned {
  std::optional<PullPlan> plan;
  ExitCode refusal = ExitCode::kCannotRun;
};
[[nodiscard]] Planned plan_pull(const Arguments& arguments);

// Traces of the answers that could not be had, for the report and for the verdict of --ci.
struct PullGaps {
  std::string summary;      // for people; empty: nothing is missing
  bool undermines = false;  // something failed that another attempt could bring: a gate that passes proves nothing
};

// Analyses, acknowledges, writes and judges as `analyze` does. `header` is what the text report names in its first line.
[[nodiscard]] ExitCode report_pulled(const Arguments& arguments, PullPlan& plan, std::unique_ptr<analysis::Run> run,
                                     const PullGaps& gaps, std::string_view header, std::uint64_t elapsed_ms);

// What to say when spans came but none of them is I/O.
[[nodiscard]] base::Error nothing_convertible(std::size_t traces);

}  // namespace sentinel::cli
