// `explain`: one trace as a tree, from a trace file or a saved report (chapter 03 §13).
#include "analysis/explain.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report_reader.h"
#include "analysis/run.h"
#include "analysis/scoped_rules.h"
#include "analysis/why_not.h"
#include "cli/batch_input.h"
#include "cli/browse.h"
#include "cli/output.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "report/explain_report.h"
#include "report/why_not_report.h"

namespace sentinel::cli {
namespace {

constexpr std::size_t kListedIds = 20;

ExitCode emit(const Arguments& arguments, const analysis::ExplainTree& tree) {
  const bool json = arguments.text("format") == "json";
  const base::Status written = write_stdout(json ? report::explain_json(tree) : report::explain_text(tree, wants_colors()));
  if (written) return ExitCode::kDone;
  print_error(written.error().text());
  return ExitCode::kCannotRun;
}

// Two lines: the id asked for, and some of those there are.
ExitCode unknown_trace(std::string_view id, const std::vector<std::string_view>& available) {
  print_error(concat({"trace '", id, "' not found in the input"}));
  std::string list;
  for (std::size_t i = 0; i < available.size() && i < kListedIds; ++i) list += concat({i > 0 ? ", " : "", available[i]});
  if (available.size() > kListedIds) list += concat({" ... and ", std::to_string(available.size() - kListedIds), " more"});
  print_error(concat({"available traces: ", list}));
  return ExitCode::kCannotRun;
}

ExitCode explain_report(const Arguments& arguments, std::string_view document, std::string_view trace_id) {
  if (arguments.typed("why-not")) {
    return refuse(
        ExitCode::kCannotRun,
        {.what = "a report does not hold what detectors count", .where = {}, .hint = "--why-not needs the trace file itself"});
  }
  auto saved = analysis::read_saved_report(document);
  if (!saved) {
    base::Error error = saved.error();
    error.what = concat({"cannot read the report (a newer version may have written it): ", error.what});
    return refuse(ExitCode::kCannotRun, error);
  }
  if (saved->embedded_traces.empty()) {
    return refuse(
        ExitCode::kCannotRun,
        {.what = "the report holds no traces",
         .where = {},
         .hint = "reports of a daemon embed up to [daemon] max_retained_traces; otherwise give the trace file itself"});
  }
  std::vector<std::string_view> ids;
  for (analysis::EmbeddedTrace& trace : saved->embedded_traces) {
    ids.push_back(trace.trace_id);
    if (trace.trace_id != trace_id) continue;
    return emit(arguments, analysis::build_explain_tree(trace_id, std::move(trace.spans), saved->report.findings));
  }
  return unknown_trace(trace_id, ids);
}

// Two lines: the template asked for, and some of those that the trace has.
ExitCode unknown_template(std::string_view wanted, const model::TraceView& trace, const model::Symbols& symbols) {
  std::vector<model::TextId> ids;
  for (const model::SpanRecord* span : trace.spans) {
    if (std::ranges::find(ids, span->template_id) == ids.end() && ids.size() < kListedIds) ids.push_back(span->template_id);
  }
  std::string list;
  for (const model::TextId id : ids) list += concat({list.empty() ? "" : " | ", symbols.text(id)});
  print_error(concat({"no span of the trace has the template '", wanted, "'"}));
  print_error(concat({"templates of the trace: ", list}));
  return ExitCode::kCannotRun;
}

ExitCode explain_why_not(const Invocation& invocation, const model::TraceView& trace, const model::Symbols& symbols,
                         std::string_view wanted) {
  const auto why = analysis::why_not(trace, symbols, *invocation.config, wanted);
  if (!why) return unknown_template(wanted, trace, symbols);
  const bool json = invocation.arguments.text("format") == "json";
  const base::Status written = write_stdout(json ? report::why_not_json(*why) : report::why_not_text(*why, wants_colors()));
  return written ? ExitCode::kDone : refuse(ExitCode::kCannotRun, written.error());
}

ExitCode explain_traces(const Invocation& invocation, ingest::ByteSource& source, const analysis::InputOptions& input,
                        std::string_view trace_id) {
  auto loaded = analysis::load_traces(source, input.format, input.threads, *invocation.config, true);
  if (!loaded) {
    print_input_error(loaded.error());
    return ExitCode::kCannotRun;
  }
  analysis::Run& run = **loaded;
  std::vector<std::string_view> ids;
  for (std::size_t i = 0; i < run.traces.size(); ++i) {
    const model::TraceView trace = run.traces.view(i);
    ids.push_back(run.symbols.text(trace.trace));
    if (ids.back() != trace_id) continue;
    if (const auto wanted = invocation.arguments.text("why-not")) {
      return explain_why_not(invocation, trace, run.symbols, *wanted);
    }
    base::Arena texts;
    run.report.findings = analysis::detect_trace_under_rules(trace, run.symbols, *invocation.config, texts);
    analysis::assess_impact(run, *invocation.config, 1);
    return emit(invocation.arguments, analysis::build_explain_tree(trace_id, analysis::explain_spans(trace, run.symbols, texts),
                                                                   run.report.findings));
  }
  return unknown_trace(trace_id, ids);
}

// The browser, opened on one trace: everything is analysed, as the other views show it.
ExitCode explain_view(const Invocation& invocation, std::string_view trace_id) {
  const auto input = read_browser_input(invocation);
  if (!input) return refuse(ExitCode::kCannotRun, input.error());
  std::vector<std::string_view> ids;
  bool known = false;
  if (input->run != nullptr) {
    const analysis::Run& run = *input->run;
    for (const model::TraceSet::Entry& trace : run.traces.traces) ids.push_back(run.symbols.text(trace.trace));
  } else {
    for (const analysis::EmbeddedTrace& trace : input->saved.embedded_traces) known |= trace.trace_id == trace_id;
    for (const model::Finding& finding : input->saved.report.findings) ids.push_back(finding.trace_id);
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  if (!known && std::ranges::find(ids, trace_id) == ids.end()) return unknown_trace(trace_id, ids);
  return browse(*input, {.place = tui::Place::kExplain, .order = tui::TraceOrder::kId, .trace = trace_id});
}

}  // namespace

ExitCode run_explain(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::string_view trace_id = arguments.text("trace-id").value_or("");
  if (arguments.typed("tui")) return explain_view(invocation, trace_id);
  const analysis::InputOptions input = input_options(arguments);
  const auto opened = ingest::open_source(input.path);
  if (!opened) {
    print_input_error(opened.error());
    return ExitCode::kCannotRun;
  }
  const auto bytes = ingest::read_all(**opened);
  if (!bytes) {
    print_input_error(bytes.error());
    return ExitCode::kCannotRun;
  }
  if (input.format == nullptr && analysis::looks_like_report(*bytes)) return explain_report(arguments, *bytes, trace_id);
  const auto source = ingest::memory_source(*bytes, (*opened)->name());
  return explain_traces(invocation, *source, input, trace_id);
}

}  // namespace sentinel::cli
