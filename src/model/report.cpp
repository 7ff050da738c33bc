#include "model/report.h"

#include <algorithm>
#include <array>

namespace sentinel::model {

namespace {

constexpr std::array<std::string_view, 4> kIntensitySources = {"annual", "hourly", "monthly_hourly", "real_time"};
constexpr std::array<std::string_view, 4> kSanitizerModes = {"auto", "strict", "always", "never"};

std::optional<double> share(std::uint64_t retained, std::uint64_t missing) {
  const std::uint64_t all = retained + missing;
  if (all < kUsableSample) return std::nullopt;
  return static_cast<double>(retained) / static_cast<double>(all);
}

}  // namespace

void IngestTally::add(const IngestTally& other) {
  received += other.received;
  not_io += other.not_io;
  missing_db_statement += other.missing_db_statement;
  missing_http_url += other.missing_http_url;
  non_sql_datastore += other.non_sql_datastore;
  merged_db_span += other.merged_db_span;
  retained_sql += other.retained_sql;
  retained_http += other.retained_http;
}

std::optional<double> IngestTally::usable_ratio() const {
  if (stated) return stated->usable_ratio;
  const std::optional<double> sql = share(retained_sql, missing_db_statement);
  const std::optional<double> http = share(retained_http, missing_http_url);
  if (sql && http) return std::min(*sql, *http);
  return sql ? sql : http;
}

std::string_view slug(IntensitySource source) { return kIntensitySources[static_cast<std::size_t>(source)]; }

std::string_view slug(DetectionSettings::Sanitizer mode) { return kSanitizerModes[static_cast<std::size_t>(mode)]; }

}  // namespace sentinel::model
