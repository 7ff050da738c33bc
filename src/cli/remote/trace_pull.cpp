#include "cli/remote/trace_pull.h"

#include "base/log.h"
#include "cli/acknowledge.h"
#include "cli/batch_input.h"
#include "cli/load_config.h"
#include "cli/output.h"
#include "cli/remote/lookback.h"
#include "cli/remote/outgoing.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "net/url.h"

namespace sentinel::cli {
namespace {

std::optional<std::string> copy_of(std::optional<std::string_view> text) {
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

// Which traces are wanted; the error says what is missing or too much.
base::Status check_selection(const PullPlan& plan) {
  if (!plan.trace_id && !plan.service) {
    return base::Error{.what = "nothing to fetch: give --trace-id or --service", .where = {}, .hint = {}};
  }
  if (plan.trace_id && plan.service) {
    return base::Error{.what = "--trace-id and --service exclude each other", .where = {}, .hint = "give one of them"};
  }
  return base::success();
}

Planned refuse(const base::Error& error, ExitCode code = ExitCode::kCannotRun) {
  print_error(error.text());
  return {.plan = std::nullopt, .refusal = code};
}

}  // namespace

Planned plan_pull(const Arguments& arguments) {
  PullPlan plan;
  auto targets = targets_of(arguments);
  if (!targets) return refuse(targets.error(), ExitCode::kUsage);
  plan.targets = std::move(*targets);
  const auto header_text = auth_header_text(arguments);
  if (!header_text) return refuse(header_text.error());
  plan.endpoint = arguments.text("endpoint").value_or("");
  plan.trace_id = copy_of(arguments.text("trace-id"));
  plan.service = copy_of(arguments.text("service"));
  if (const base::Status selected = check_selection(plan); !selected) return refuse(selected.error());
  const std::string_view lookback = arguments.text("lookback").value_or("");
  auto seconds = parse_lookback(lookback);
  if (!seconds) {
    base::Error error = seconds.error();
    error.what = concat({"cannot parse --lookback '", lookback, "': ", error.what});
    return refuse(error);
  }
  plan.lookback_seconds = *seconds;
  plan.max_traces = arguments.number("max-traces").value_or(0);
  auto loaded = load_config(arguments);
  if (!loaded) {
    write_stderr(concat({loaded.error().text(), "\n"}));
    return {};
  }
  plan.loaded = std::move(*loaded);
  if (const std::string problem = endpoint_problem(plan.endpoint); !problem.empty()) {
    return refuse(
        {.what = concat({"invalid endpoint ", net::redacted_url(plan.endpoint), ": ", problem}), .where = {}, .hint = {}});
  }
  auto header = auth_header(*header_text, plan.endpoint);
  if (!header) return refuse(header.error());
  plan.header = std::move(*header);
  plan.endpoint = without_trailing_slashes(plan.endpoint);
  return {.plan = std::move(plan)};
}

ExitCode report_pulled(const Arguments& arguments, PullPlan& plan, std::unique_ptr<analysis::Run> run, const PullGaps& gaps,
                       std::string_view header, std::uint64_t elapsed_ms) {
  plan.targets.options.header = header;
  plan.targets.options.label = header;
  run->tally.reset();
  const Stopwatch watch;
  analysis::analyze(*run, plan.loaded.config, confidence_of_this_run(), thread_count(arguments));
  if (run->assessable) analysis::assess_impact(*run, plan.loaded.config, thread_count(arguments));
  run->report.analysis.duration_ms = elapsed_ms + watch.nanoseconds() / 1'000'000;
  if (!gaps.summary.empty()) run->report.warning_details.push_back({"partial_fetch", gaps.summary});
  const Invocation invocation{.arguments = arguments, .config = &plan.loaded.config};
  if (const base::Status accepted = acknowledge(invocation, run->report, analysis::ReportOrigin::kFresh); !accepted) {
    print_error(accepted.error().text());
    return ExitCode::kCannotRun;
  }
  const ExitCode code = emit(arguments, plan.targets, *run);
  if (code == ExitCode::kDone && arguments.typed("ci") && gaps.undermines) {
    print_error("the quality gate passed, but not on all traces: " + gaps.summary);
    return ExitCode::kCannotRun;
  }
  return code;
}

base::Error nothing_convertible(std::size_t traces) {
  return {.what = concat(
              {"no span of the ", std::to_string(traces), traces == 1 ? " trace" : " traces", " fetched is outbound I/O"}),
          .where = {},
          .hint =
              "only calls to databases (db.system with db.statement), HTTP servers (a URL), RPC and messaging are kept; "
              "RPC spans of kind SERVER are dropped"};
}

}  // namespace sentinel::cli
