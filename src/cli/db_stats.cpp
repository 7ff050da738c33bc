// `pg-stat` and `mysql-stat`: what the database says its statements cost (chapter 02 §5).
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "analysis/run.h"
#include "base/log.h"
#include "cli/batch_input.h"
#include "cli/load_config.h"
#include "cli/output.h"
#include "cli/remote/prometheus.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "dbstat/merge.h"
#include "dbstat/rankings.h"
#include "dbstat/read.h"
#include "dbstat/trace_match.h"
#include "ingest/byte_source.h"
#include "report/statement_report.h"

namespace sentinel::cli {
namespace {

// Findings whose pattern is a statement; others name an endpoint or a call.
bool is_sql(model::FindingType type) {
  return type == model::FindingType::kNPlusOneSql || type == model::FindingType::kRedundantSql ||
         type == model::FindingType::kSlowSql;
}

base::Result<std::string> read_file(std::string_view path) {
  const auto opened = ingest::open_source(std::string(path).c_str());
  if (!opened) return opened.error();
  return ingest::read_all(**opened);
}

// Each SQL template of the traces once, then those that findings are about.
std::vector<dbstat::TraceStatement> statements_of(const analysis::Run& run) {
  std::vector<dbstat::TraceStatement> out;
  std::unordered_set<model::TextId> met;
  for (const model::SpanRecord* span : run.traces.spans) {
    if (span->type() == model::EventType::kSql && met.insert(span->template_id).second)
      out.push_back({.sql_template = run.symbols.text(span->template_id), .finding = {}});
  }
  for (const model::Finding& finding : run.report.findings) {
    if (is_sql(finding.type))
      out.push_back({.sql_template = finding.pattern.template_text, .finding = model::slug(finding.type)});
  }
  return out;
}

// Analyses the traces and compares. Traces that do not parse are no reason to withhold the rankings: that is said, and nothing
// is marked.
base::Result<std::optional<dbstat::TraceCoverage>> match(const Invocation& invocation, std::string_view path,
                                                         dbstat::Statements& statements) {
  auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  const auto source = ingest::memory_source(*bytes, std::string(path));
  const unsigned threads = thread_count(invocation.arguments);
  auto loaded = analysis::load_traces(*source, nullptr, threads, *invocation.config);
  if (!loaded) {
    base::log_warn("db-stats", concat({"no statement is marked as seen in traces: ", loaded.error().text()}));
    return std::optional<dbstat::TraceCoverage>();
  }
  analysis::Run& run = **loaded;
  analysis::analyze(run, *invocation.config, confidence_of_this_run(), threads);
  return std::optional(dbstat::match_traces(statements, statements_of(run)));
}

std::string reading(dbstat::Dialect dialect) { return concat({"cannot read the ", dbstat::source_name(dialect)}); }

base::Result<dbstat::Statements> read_export(std::string_view path, dbstat::Dialect dialect) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  auto statements = dbstat::read_statements(*bytes, dialect);
  if (statements) return statements;
  base::Error error = statements.error();
  error.where = concat({path, error.where.empty() ? "" : ", ", error.where});
  return error;
}

// Matches, ranks and prints.
ExitCode rank_statements(const Invocation& invocation, dbstat::Statements&& read) {
  const Arguments& arguments = invocation.arguments;
  dbstat::Statements* const statements = &read;
  if (arguments.typed("merge-templates")) dbstat::merge_templates(*statements);
  std::optional<dbstat::TraceCoverage> coverage;
  if (const auto traces = arguments.text("traces")) {
    auto matched = match(invocation, *traces, *statements);
    if (!matched) return refuse(ExitCode::kCannotRun, "cannot read the traces", matched.error());
    coverage = std::move(*matched);
  }
  const dbstat::Ranked ranked = dbstat::rank(*statements, arguments.number("top-n").value_or(0));
  const bool json = arguments.text("format") == "json";
  const report::StatementView view{*statements, ranked, coverage ? &*coverage : nullptr};
  const base::Status written = write_stdout(json ? report::statement_json(view) : report::statement_text(view, wants_colors()));
  if (!written) return refuse(ExitCode::kCannotRun, "no output", written.error());
  return ExitCode::kDone;
}

}  // namespace

ExitCode run_pg_stat(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto prometheus = arguments.text("prometheus");
  const auto path = arguments.text("input");
  if (!path && !prometheus) {
    print_error("either `--input` or `--prometheus` is required");
    return ExitCode::kCannotRun;
  }
  // Asked before the configuration is read, so that a server that is away is not said after minutes of reading.
  std::optional<dbstat::Statements> statements;
  if (prometheus) {
    auto fetched = fetch_statements(arguments, *prometheus, "auth-header", arguments.number("top-n").value_or(0));
    if (!fetched) return refuse(ExitCode::kCannotRun, "cannot fetch from Prometheus", fetched.error());
    statements = std::move(*fetched);
  }
  const auto loaded = load_config(arguments);
  if (!loaded) {
    write_stderr(concat({loaded.error().text(), "\n"}));
    return ExitCode::kCannotRun;
  }
  if (!statements) {
    auto read = read_export(*path, dbstat::Dialect::kPostgres);
    if (!read) return refuse(ExitCode::kCannotRun, reading(dbstat::Dialect::kPostgres), read.error());
    statements = std::move(*read);
  }
  return rank_statements({.arguments = arguments, .config = &loaded->config}, std::move(*statements));
}

ExitCode run_mysql_stat(const Invocation& invocation) {
  auto read = read_export(invocation.arguments.text("input").value_or(""), dbstat::Dialect::kMysql);
  if (!read) return refuse(ExitCode::kCannotRun, reading(dbstat::Dialect::kMysql), read.error());
  return rank_statements(invocation, std::move(*read));
}

}  // namespace sentinel::cli
