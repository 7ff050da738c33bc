// `query`: what a running daemon knows (chapter 06 §7).
#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "base/text.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/remote/daemon_api.h"
#include "cli/remote/daemon_rows.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "disclosure/json_tree.h"
#include "net/url.h"
#include "report/daemon_text.h"
#include "report/explain_report.h"

namespace sentinel::cli {
namespace {

using disclosure::JsonNode;

// An answer as a tree; its texts live here.
struct Answer {
  std::string body;
  base::Arena arena;
  JsonNode root;
  std::string source;  // the daemon's address
};

ExitCode fail(std::string_view text, std::string_view hint) {
  print_error(text);
  write_stderr(concat({"hint: ", hint, "\n"}));
  return ExitCode::kVerdict;
}

constexpr std::string_view kStartDaemon =
    "is the daemon running? Start it with `perf-sentinel watch`, or name it with --daemon";

// Asks and shows what came: pretty JSON, or what `show` makes of it.
template <class Show>
ExitCode ask(const Invocation& invocation, const std::string& path, Show show) {
  const Arguments& arguments = invocation.arguments;
  const auto url = daemon_url(arguments.text("daemon").value_or(""));
  if (!url) {
    print_error(url.error().text());
    return ExitCode::kVerdict;
  }
  DaemonApi daemon(*url, "perf-sentinel-query");
  net::HttpOutcome outcome = daemon.call("GET", path);
  if (!outcome.answered()) return fail(concat({"cannot reach the daemon: ", outcome.error.text()}), kStartDaemon);
  if (outcome.answer.status / 100 != 2) {
    return fail(concat({"the daemon at ", *url, " answered with HTTP status ", std::to_string(outcome.answer.status)}),
                kStartDaemon);
  }
  Answer answer{.body = std::move(outcome.answer.body), .arena = {}, .root = {}, .source = *url};
  const auto root = disclosure::parse_json(answer.body, answer.arena);
  if (!root) {
    return fail(concat({"the answer of ", *url, path, " is no JSON: ", root.error().text()}),
                "check that --daemon leads to perf-sentinel and not to another server");
  }
  answer.root = *root;
  const bool json = arguments.text("format") == "json";
  const base::Result<std::string> shown = json ? disclosure::pretty_json(answer.root) : show(answer);
  if (!shown) {
    print_error(shown.error().text());
    return ExitCode::kVerdict;
  }
  const base::Status written = write_stdout(*shown);
  if (!written) print_error(written.error().text());
  return written ? ExitCode::kDone : ExitCode::kVerdict;
}

// Rows worst first, or those first that cost most: both over the other, then as the daemon gave them.
void sort_rows(DaemonFindings& rows, std::string_view order) {
  const auto impact = [&](std::size_t i) {
    const auto& green = rows.findings[i].green_impact;
    std::uint64_t product = 0;
    const bool over = __builtin_mul_overflow(green ? green->extra_io_ops : 0, rows.seen_counts[i], &product);
    return over ? UINT64_MAX : product;
  };
  const auto severity = [&](std::size_t i) { return static_cast<int>(rows.findings[i].severity); };
  std::vector<std::size_t> places(rows.findings.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
    if (order == "impact" && impact(a) != impact(b)) return impact(a) > impact(b);
    if (severity(a) != severity(b)) return severity(a) < severity(b);
    return impact(a) > impact(b);
  });
  DaemonFindings sorted;
  for (const std::size_t i : places) {
    sorted.findings.push_back(rows.findings[i]);
    sorted.seen_counts.push_back(rows.seen_counts[i]);
  }
  rows.findings = std::move(sorted.findings);
  rows.seen_counts = std::move(sorted.seen_counts);
}

std::string findings_path(const Arguments& arguments) {
  std::string path = concat({"/api/findings?limit=", std::to_string(arguments.number("limit").value_or(0))});
  constexpr std::pair<std::string_view, std::string_view> kFilters[] = {
      {"service", "&service="}, {"finding-type", "&type="}, {"severity", "&severity="}};
  for (const auto& [flag, parameter] : kFilters) {
    if (const auto value = arguments.text(flag)) path += concat({parameter, net::percent_encode(*value, ":")});
  }
  return path;
}

}  // namespace

ExitCode run_query_findings(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  return ask(invocation, findings_path(arguments), [&](Answer& answer) -> base::Result<std::string> {
    DaemonFindings rows = daemon_findings(answer.root, answer.arena);
    if (rows.unreadable > 0) {
      write_stderr(concat({"Warning: ", std::to_string(rows.unreadable),
                           " rows are not what this version knows as findings and were left out; --format json shows them\n"}));
    }
    if (rows.findings.empty()) return std::string("No findings from daemon.\n");
    if (const auto order = arguments.text("sort")) sort_rows(rows, *order);
    return report::daemon_findings_text(rows.findings, rows.seen_counts, answer.source, wants_colors());
  });
}

ExitCode run_query_explain(const Invocation& invocation) {
  const std::string id(invocation.arguments.text("trace-id").value_or(""));
  const std::string path = concat({"/api/explain/", net::percent_encode(id, ":")});
  return ask(invocation, path, [](Answer& answer) -> base::Result<std::string> {
    if (const JsonNode* error = answer.root.find("error"); error != nullptr && error->is(JsonNode::Kind::kString)) {
      return base::Error{std::string(error->text()), {}, "the daemon explains traces that are still in its window"};
    }
    if (answer.root.find("roots") == nullptr) return disclosure::pretty_json(answer.root);
    // As every block of `query`, the tree ends with a blank line.
    return report::explain_text(daemon_tree(answer.root).tree, wants_colors()) + "\n";
  });
}

ExitCode run_query_correlations(const Invocation& invocation) {
  return ask(invocation, "/api/correlations", [](Answer& answer) -> base::Result<std::string> {
    const std::vector<model::Correlation> correlations = daemon_correlations(answer.root);
    if (correlations.empty()) return std::string("No active cross-trace correlations.\n");
    return report::correlations_text(correlations, wants_colors());
  });
}

ExitCode run_query_status(const Invocation& invocation) {
  return ask(invocation, "/api/status", [](Answer& answer) -> base::Result<std::string> {
    return report::daemon_status_text(daemon_status(answer.root), wants_colors());
  });
}

}  // namespace sentinel::cli
