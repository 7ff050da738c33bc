#include "ingest/engines.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sentinel::ingest {

namespace {

struct Alias {
  std::string_view name;
  std::string_view canonical;
};

constexpr std::array kAliases = {
    Alias{"postgres", "postgresql"},        Alias{"sqlserver", "mssql"},       Alias{"sql server", "mssql"},
    Alias{"microsoft.sql_server", "mssql"}, Alias{"oracle.db", "oracle"},      Alias{"ibm.db2", "db2"},
    Alias{"gcp.spanner", "spanner"},        Alias{"aws.redshift", "redshift"}, Alias{"aws.dynamodb", "dynamodb"}};

constexpr std::array<std::string_view, 13> kNonSql = {"redis",     "memcached", "mongodb",       "cassandra",  "dynamodb",
                                                      "couchbase", "couchdb",   "elasticsearch", "opensearch", "neo4j",
                                                      "hbase",     "geode",     "influxdb"};

constexpr std::array<std::string_view, 21> kKnownSql = {
    "postgresql", "mysql",    "mariadb", "mssql",       "oracle",     "db2",      "sqlite",
    "h2",         "hsqldb",   "derby",   "cockroachdb", "clickhouse", "spanner",  "redshift",
    "snowflake",  "bigquery", "trino",   "presto",      "vertica",    "teradata", "hive"};

bool among(std::string_view name, auto& names) {
  return std::ranges::any_of(names, [&](std::string_view n) { return base::equals_ignoring_case(n, name); });
}

}  // namespace

std::string_view canonical_engine(std::string_view name) {
  if (name == "postgresql" || name == "mysql") return name;  // the most frequent ones
  for (const Alias& alias : kAliases) {
    if (base::equals_ignoring_case(alias.name, name)) return alias.canonical;
  }
  return name;
}

bool is_non_sql_engine(std::string_view canonical) {
  if (canonical == "postgresql" || canonical == "mysql") return false;
  return among(canonical, kNonSql);
}

bool is_known_sql_engine(std::string_view canonical) {
  return among(canonical, kKnownSql) || base::equals_ignoring_case(canonical, "sql");
}

}  // namespace sentinel::ingest
