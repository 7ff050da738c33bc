#include <algorithm>

#include "base/number_format.h"
#include "report/statement_report.h"
#include "report/terminal.h"

namespace sentinel::report {
namespace {

using dbstat::Dialect;
using dbstat::Statement;

constexpr int kMillisDecimals = 2;
constexpr std::string_view kGap = "  ";

std::string_view title(Dialect dialect) {
  return dialect == Dialect::kPostgres ? "=== pg_stat_statements analysis ===" : "=== performance_schema digest analysis ===";
}

// A statement written over several lines on one: each run of white space with a line end in it becomes a blank.
std::string on_one_line(std::string_view statement) {
  std::string out;
  for (std::size_t i = 0; i < statement.size();) {
    const std::size_t end = std::min(statement.find_first_not_of(" \t\r\n", i), statement.size());
    if (end == i) {
      out += statement[i++];
      continue;
    }
    const std::string_view space = statement.substr(i, end - i);
    out += space.find('\n') == std::string_view::npos ? space : " ";
    i = end;
  }
  return out;
}

// Fields of one line: "    calls: 5  rows: 7".
class Fields {
 public:
  explicit Fields(TerminalText& text) : text_(text) { text_.add("    "); }
  ~Fields() { text_.line_end(); }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  Fields& count(std::string_view name, std::uint64_t value) {
    label(name).number(value);
    return *this;
  }
  Fields& millis(std::string_view name, double value) {
    label(name).add(base::text_fixed(value, kMillisDecimals)).add("ms");
    return *this;
  }

 private:
  TerminalText& label(std::string_view name) {
    if (!first_) text_.add(kGap);
    first_ = false;
    return text_.begin(style::kDim).add(name).add(":").end(style::kDim).add(" ");
  }

  TerminalText& text_;
  bool first_ = true;
};

void add_entry(TerminalText& text, std::size_t rank, const Statement& s, Dialect dialect) {
  text.add(kGap)
      .begin(style::kBold)
      .add("#")
      .number(rank)
      .end(style::kBold)
      .add(" ")
      .untrusted(on_one_line(s.normalized_template));
  if (s.seen_in_traces) text.add(" ").add("[seen in traces]", style::kYellow);
  for (const std::string_view type : s.findings)
    text.add(" ").begin(style::kYellow).add("[").add(type).add("]").end(style::kYellow);
  text.line_end();
  if (s.schema_name) {
    text.add("    ").add("schema:", style::kDim).add(" ").untrusted(*s.schema_name).line_end();
  }
  const bool postgres = dialect == Dialect::kPostgres;
  {
    Fields line(text);
    line.count("calls", s.calls).millis("total", s.total_exec_time_ms).millis("mean", s.mean_exec_time_ms);
    if (postgres) line.count("rows", s.rows);
  }
  if (postgres) {
    Fields(text).count("blks_hit", s.shared_blks_hit).count("blks_read", s.shared_blks_read);
  } else {
    Fields line(text);
    line.count("rows_sent", s.rows_sent).count("rows_examined", s.rows_examined);
    const dbstat::Fact* scans = s.fact("no_index_used");
    if (scans != nullptr) line.count("no_index_used", std::get<std::uint64_t>(scans->value));
  }
  text.line_end();
}

void add_heading(TerminalText& text, std::string_view label) {
  text.begin(style::kBoldCyan).add("--- ").add(label).add(" ---").end(style::kBoldCyan).line_end().line_end();
}

// Where the two views differ; lists cut to the length of the rankings.
void add_coverage(TerminalText& text, const StatementView& view) {
  const dbstat::TraceCoverage& coverage = *view.coverage;
  add_heading(text, "statements and traces");
  Fields(text)
      .count("in both", coverage.in_both)
      .count("database only", coverage.database_only.size())
      .count("traces only", coverage.traces_only.size());
  const std::size_t shown = std::min(coverage.database_only.size(), view.ranked.top_n);
  if (shown > 0) text.line_end().add("  Heaviest statements that no trace has:").line_end();
  for (std::size_t i = 0; i < shown; ++i) {
    const Statement& s = view.statements.entries[coverage.database_only[i]];
    text.add("    ")
        .add(base::text_fixed(s.total_exec_time_ms, kMillisDecimals))
        .add("ms  ")
        .untrusted(on_one_line(s.normalized_template));
    text.line_end();
  }
  const std::size_t listed = std::min(coverage.traces_only.size(), view.ranked.top_n);
  if (listed > 0) text.line_end().add("  Statements of the traces that the export lacks:").line_end();
  for (std::size_t i = 0; i < listed; ++i) text.add("    ").untrusted(on_one_line(coverage.traces_only[i])).line_end();
  text.line_end();
}

}  // namespace

std::string statement_text(const StatementView& view, bool colors) {
  const auto& [statements, ranked, coverage] = view;
  TerminalText text(colors);
  text.line_end().add(title(statements.dialect), style::kBoldCyan).line_end();
  text.begin(style::kDim).add("Total entries: ").number(statements.entries.size()).end(style::kDim).line_end().line_end();
  for (const dbstat::Ranking& ranking : ranked.rankings) {
    add_heading(text, ranking.label);
    for (std::size_t i = 0; i < ranking.entries.size(); ++i)
      add_entry(text, i + 1, statements.entries[ranking.entries[i]], statements.dialect);
  }
  if (coverage != nullptr) add_coverage(text, view);
  return text.take();
}

}  // namespace sentinel::report
