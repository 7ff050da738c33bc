#include "cli/report_extras.h"

#include <algorithm>

#include "analysis/diff.h"
#include "analysis/report_order.h"
#include "analysis/report_reader.h"
#include "cli/acknowledge.h"
#include "cli/remote/prometheus.h"
#include "cli/texts/concat.h"
#include "dbstat/rankings.h"
#include "dbstat/read.h"
#include "ingest/byte_source.h"
#include "report/diff_report.h"
#include "report/statement_report.h"

namespace sentinel::cli {
namespace {

using base::JsonWriter;
using base::Result;

Result<std::string> read_source(std::string_view path) {
  const auto opened = ingest::open_source(std::string(path).c_str());
  if (!opened) return opened.error();
  return ingest::read_all(**opened);
}

// Asked of a server at least: rankings by other things than time need more than they show.
constexpr std::uint64_t kFetchedRows = 200;

std::string encoded(const dbstat::Statements& statements, std::uint64_t top) {
  const dbstat::Ranked ranked = dbstat::rank(statements, top);
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  report::write_statements(json, {.statements = statements, .ranked = ranked});
  return out;
}

// Names the flag before the place: "--pg-stat rows.csv, line 2". Errors of reading name the file themselves.
base::Error in_flag(std::string_view flag, std::string_view path, base::Error error) {
  const std::string_view place = std::string_view(error.where).starts_with(path)
                                     ? std::string_view(error.where).substr(path.size())
                                     : std::string_view(error.where);
  const std::string_view gap = place.empty() || place.size() < error.where.size() ? "" : ", ";
  error.where = concat({flag, " ", path, gap, place});
  return error;
}

// What a comparison reads of a report, findings in canonical order.
model::Report comparable(const model::Report& report) {
  model::Report out;
  out.findings = report.findings;
  analysis::sort_canonical(out.findings);
  out.per_endpoint_io_ops = report.per_endpoint_io_ops;
  return out;
}

}  // namespace

Result<std::string> statement_rankings(std::string_view bytes, dbstat::Dialect dialect, std::uint64_t top) {
  const auto statements = dbstat::read_statements(bytes, dialect);
  if (!statements) return statements.error();
  return encoded(*statements, top);
}

Result<std::string> fetch_statement_rankings(const Arguments& arguments, std::string_view endpoint, std::uint64_t top) {
  const auto statements = fetch_statements(arguments, endpoint, "pg-stat-auth-header", std::max(top, kFetchedRows));
  if (!statements) {
    base::Error error = statements.error();
    error.what = concat({"--pg-stat-prometheus: ", error.what});
    return error;
  }
  return encoded(*statements, top);
}

Result<std::string> read_statement_rankings(std::string_view path, dbstat::Dialect dialect, std::uint64_t top) {
  const std::string_view flag = dialect == dbstat::Dialect::kPostgres ? "--pg-stat" : "--mysql-stat";
  const auto bytes = read_source(path);
  if (!bytes) return in_flag(flag, path, bytes.error());
  auto rankings = statement_rankings(*bytes, dialect, top);
  if (!rankings) return in_flag(flag, path, rankings.error());
  return rankings;
}

Result<std::string> compare_with_saved(const Invocation& invocation, std::string_view path, const model::Report& after) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const auto bytes = read_source(path);
  if (!bytes) return in_flag("--before", path, bytes.error());
  std::string_view document = *bytes;
  if (document.starts_with(kByteOrderMark)) document.remove_prefix(kByteOrderMark.size());
  auto before = analysis::read_saved_report(document, analysis::kMaxInputNesting);
  if (!before) {
    base::Error error = in_flag("--before", path, before.error());
    error.hint = "the baseline has to be a saved report: analyze --format json";
    return error;
  }
  const base::Status accepted = acknowledge(invocation, before->report, analysis::ReportOrigin::kLoaded);
  if (!accepted) return accepted.error();
  return comparison(before->report, after);
}

std::string comparison(const model::Report& before, const model::Report& after) {
  const model::Report sorted_before = comparable(before);
  const model::Report sorted_after = comparable(after);
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  report::write_diff(json, analysis::compare(sorted_before, sorted_after), after.warning_details);
  return out;
}

}  // namespace sentinel::cli
