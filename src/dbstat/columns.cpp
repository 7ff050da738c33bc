#include "dbstat/columns.h"

#include <iterator>

namespace sentinel::dbstat {
namespace {

constexpr double kPicoseconds = 1e9;  // in a millisecond

constexpr Column extra(std::string_view fact_name, FactKind kind, std::string_view names, double divisor = 1.0) {
  return {.names = names, .need = Need::kExtra, .target = kind, .divisor = divisor, .fact_name = fact_name};
}

// Servers up to 12 call the times total_time and mean_time; 17 renamed the block times.
constexpr Column kPostgresColumns[] = {
    {.names = "query", .target = &Statement::query},
    {.names = "calls", .target = &Statement::calls},
    {.names = "total_exec_time total_exec_time_ms total_time", .target = &Statement::total_exec_time_ms},
    {.names = "mean_exec_time mean_exec_time_ms mean_time", .need = Need::kMean, .target = &Statement::mean_exec_time_ms},
    {.names = "rows", .need = Need::kOptional, .target = &Statement::rows},
    {.names = "shared_blks_hit", .need = Need::kOptional, .target = &Statement::shared_blks_hit},
    {.names = "shared_blks_read", .need = Need::kOptional, .target = &Statement::shared_blks_read},
    extra("queryid", FactKind::kText, "queryid"),
    extra("database", FactKind::kText, "datname dbid"),
    extra("stddev_exec_time_ms", FactKind::kReal, "stddev_exec_time stddev_exec_time_ms stddev_time"),
    extra("block_read_time_ms", FactKind::kReal, "shared_blk_read_time blk_read_time"),
    extra("temp_blks_written", FactKind::kCount, "temp_blks_written"),
    extra("wal_bytes", FactKind::kCount, "wal_bytes"),
};

constexpr Column kMysqlColumns[] = {
    {.names = "digest_text", .need = Need::kNullable, .target = &Statement::query},
    {.names = "count_star", .target = &Statement::calls},
    {.names = "sum_timer_wait", .target = &Statement::total_exec_time_ms, .divisor = kPicoseconds},
    {.names = "avg_timer_wait", .target = &Statement::mean_exec_time_ms, .divisor = kPicoseconds},
    {.names = "schema_name", .need = Need::kSchema, .target = &Statement::schema_name},
    {.names = "sum_rows_sent", .need = Need::kOptional, .target = &Statement::rows_sent},
    {.names = "sum_rows_examined", .need = Need::kOptional, .target = &Statement::rows_examined},
    extra("sample", FactKind::kText, "query_sample_text"),
    extra("p95_exec_time_ms", FactKind::kReal, "quantile_95", kPicoseconds),
    extra("no_index_used", FactKind::kCount, "sum_no_index_used"),
    extra("tmp_disk_tables", FactKind::kCount, "sum_created_tmp_disk_tables"),
};

static_assert(std::size(kPostgresColumns) <= kMaxColumns && std::size(kMysqlColumns) <= kMaxColumns);

bool has_name(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const std::size_t end = names.find(' ');
    if (names.substr(0, end) == name) return true;
    if (end == std::string_view::npos) return false;
    names.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

std::span<const Column> columns_of(Dialect dialect) {
  if (dialect == Dialect::kPostgres) return kPostgresColumns;
  return kMysqlColumns;
}

int column_named(std::span<const Column> columns, std::string_view lower_name) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (has_name(columns[i].names, lower_name)) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace sentinel::dbstat
