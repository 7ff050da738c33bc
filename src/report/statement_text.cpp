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
  text.add(kGap).begin(style::kBold).add("#").number(rank).end(style::kBold).add(" ").untrusted(s.normalized_template);
  if (s.seen_in_traces) text.add(" ").add("[seen in traces]", style::kYellow);
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
    Fields(text).count("rows_sent", s.rows_sent).count("rows_examined", s.rows_examined);
  }
  text.line_end();
}

}  // namespace

std::string statement_text(const dbstat::Statements& statements, const dbstat::Ranked& ranked, bool colors) {
  TerminalText text(colors);
  text.line_end().add(title(statements.dialect), style::kBoldCyan).line_end();
  text.begin(style::kDim).add("Total entries: ").number(statements.entries.size()).end(style::kDim).line_end().line_end();
  for (const dbstat::Ranking& ranking : ranked.rankings) {
    text.begin(style::kBoldCyan).add("--- ").add(ranking.label).add(" ---").end(style::kBoldCyan).line_end().line_end();
    for (std::size_t i = 0; i < ranking.entries.size(); ++i)
      add_entry(text, i + 1, statements.entries[ranking.entries[i]], statements.dialect);
  }
  return text.take();
}

}  // namespace sentinel::report
