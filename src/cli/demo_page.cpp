#include "cli/demo_page.h"

#include "analysis/run.h"
#include "cli/batch_input.h"
#include "cli/demo_data.h"
#include "cli/output.h"
#include "cli/report_extras.h"
#include "ingest/format.h"
#include "report/dashboard.h"

namespace sentinel::cli {

base::Status write_demo_page(const std::string& path, const analysis::Run& run, const config::Config& config) {
  const std::string earlier = demo_baseline_json();
  const auto source = ingest::memory_source(earlier, "demo baseline");
  auto baseline = analysis::load_traces(*source, &ingest::kNative, 1, config);
  if (!baseline) return baseline.error();
  analysis::analyze(**baseline, config, confidence_of_this_run(), 1);

  const auto pg_stat = statement_rankings(demo_pg_stat_csv(), dbstat::Dialect::kPostgres, kDefaultStatementRows);
  if (!pg_stat) return pg_stat.error();
  const auto mysql_stat = statement_rankings(demo_mysql_stat_csv(), dbstat::Dialect::kMysql, kDefaultStatementRows);
  if (!mysql_stat) return mysql_stat.error();
  const std::string diff = comparison((*baseline)->report, run.report);

  report::DashboardInput page = {.report = run.report, .label = "demo dataset", .run = &run};
  page.pg_stat = *pg_stat;
  page.mysql_stat = *mysql_stat;
  page.diff = diff;
  return write_file(path, report::dashboard(page).page);
}

}  // namespace sentinel::cli
