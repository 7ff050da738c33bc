// Rows of the subcommands that bring traces or statistics from elsewhere.
#include <array>

#include "cli/runners.h"
#include "cli/table/common_flags.h"
#include "cli/table/subcommands.h"

namespace sentinel::cli {
namespace {

constexpr Flag kEndpointFlag = {
    .name = "endpoint", .kind = ValueKind::kText, .value_name = "URL", .help = "Server to ask", .required = true};
constexpr Flag kAuthHeaderFlag = {
    .name = "auth-header",
    .kind = ValueKind::kText,
    .value_name = "HEADER",
    .help = "Header 'Name: Value' sent with each request",
    .details = "Others on this machine can see it in the process list; --auth-header-env hides it.",
    .conflicts = "auth-header-env"};
constexpr Flag kAuthHeaderEnvFlag = {.name = "auth-header-env",
                                     .kind = ValueKind::kText,
                                     .value_name = "VARIABLE",
                                     .help = "Environment variable that holds the header"};
constexpr Flag kLookbackFlag = {.name = "lookback",
                                .kind = ValueKind::kText,
                                .value_name = "DURATION",
                                .help = "How far back to search, in hours, minutes and seconds ('2h30m')",
                                .fallback = "1h"};
constexpr Flag kTopFlag = count_flag("top-n", "Rows a ranking", "10");
constexpr Flag kMarkFlag = path_flag("traces", "Trace file whose statements are marked in the ranking");
constexpr Flag kMergeFlag = {.name = "merge-templates",
                             .help = "Rank rows of the same template and schema as one",
                             .details = "Exports hold a row a user and database; their counts and times are then added up."};

// What traces are fetched, and what is made of them.
constexpr auto fetch_flags(const Flag& max_traces) {
  return std::array{kEndpointFlag,
                    text_flag("trace-id", "ID", "Fetch this trace"),
                    text_flag("service", "NAME", "Search the traces of this service"),
                    kLookbackFlag,
                    max_traces,
                    kAuthHeaderFlag,
                    kAuthHeaderEnvFlag,
                    kConfigFlag,
                    format_flag(kReportFormats, {}, true),
                    output_files_flag(kReportFormats),
                    kSarifCompatFlag,
                    kSarifMaxFlag,
                    kFallbackFileFlag,
                    kCiFlag,
                    kAcknowledgmentsFlag,
                    kNoAcknowledgmentsFlag,
                    kShowAcknowledgedFlag};
}

constexpr Flag kMaxTracesFlag = count_flag("max-traces", "Traces to fetch at most", "100");
constexpr auto kTempoFlags = fetch_flags(kMaxTracesFlag);
constexpr auto kJaegerFlags = fetch_flags(within(kMaxTracesFlag, 1, 10'000));

constexpr Flag kCalibrateFlags[] = {{.name = "traces",
                                     .kind = ValueKind::kPath,
                                     .value_name = "PATH",
                                     .help = "Trace file of the measured period",
                                     .required = true},
                                    {.name = "measured-energy",
                                     .kind = ValueKind::kPath,
                                     .value_name = "PATH",
                                     .help = "CSV of energy readings by service",
                                     .required = true},
                                    {.name = "output",
                                     .kind = ValueKind::kPath,
                                     .value_name = "PATH",
                                     .help = "File to write the factors to",
                                     .fallback = ".perf-sentinel-calibration.toml"},
                                    kConfigFlag};

constexpr Flag kPgStatFlags[] = {
    {.name = "input",
     .letter = 'i',
     .kind = ValueKind::kPath,
     .value_name = "PATH",
     .help = "Export of pg_stat_statements (CSV or JSON)"},
    {.name = "prometheus",
     .kind = ValueKind::kText,
     .value_name = "URL",
     .help = "Prometheus server to read it from instead",
     .details = "The export of postgres_exporter, up to the address before /api. Wins over --input."},
    {.name = "auth-header",
     .kind = ValueKind::kText,
     .value_name = "HEADER",
     .help = "Header 'Name: Value' sent to that server",
     .details = "The variable PERF_SENTINEL_PGSTAT_AUTH_HEADER wins over this flag."},
    kTopFlag,
    kMergeFlag,
    kMarkFlag,
    kConfigFlag,
    format_flag("text json", {}, false)};

constexpr Flag kMysqlStatFlags[] = {{.name = "input",
                                     .letter = 'i',
                                     .kind = ValueKind::kPath,
                                     .value_name = "PATH",
                                     .help = "Export of the performance schema's statement digests",
                                     .required = true},
                                    kTopFlag,
                                    kMergeFlag,
                                    kMarkFlag,
                                    kConfigFlag,
                                    format_flag("text json", {}, false)};

}  // namespace

constinit const Command kTempo = {
    .name = "tempo",
    .about = "Fetch traces from Grafana Tempo and analyse them",
    .details = "Give either --trace-id or --service.",
    .examples =
        "  perf-sentinel tempo --endpoint http://localhost:3200 --service cart --lookback 2h30m\n"
        "  perf-sentinel tempo --endpoint https://tempo.example --trace-id 4bf92f3577b34da6 --auth-header-env TEMPO_AUTH\n",
    .flags = kTempoFlags,
    .run = run_tempo};

constinit const Command kJaegerQuery = {
    .name = "jaeger-query",
    .about = "Fetch traces from a Jaeger query service and analyse them",
    .details = "Give either --trace-id or --service.",
    .examples =
        "  perf-sentinel jaeger-query --endpoint http://localhost:16686 --service cart\n"
        "  perf-sentinel jaeger-query --endpoint http://localhost:16686 --service cart --ci --max-traces 500\n",
    .flags = kJaegerFlags,
    .run = run_jaeger_query};

constinit const Command kCalibrate = {
    .name = "calibrate",
    .about = "Work out energy factors by service from measured energy",
    .details = "The result is a TOML file for the key calibration_file of [green].",
    .examples = "  perf-sentinel calibrate --traces load-test.json --measured-energy readings.csv\n",
    .flags = kCalibrateFlags,
    .provide = Provide::kConfig,
    .run = run_calibrate};

constinit const Command kPgStat = {.name = "pg-stat",
                                   .about = "Rank the statements of PostgreSQL's pg_stat_statements",
                                   .examples =
                                       "  perf-sentinel pg-stat --input pg_stat_statements.csv --top-n 20\n"
                                       "  perf-sentinel pg-stat --prometheus http://localhost:9090 --traces traces.json\n",
                                   .flags = kPgStatFlags,
                                   .run = run_pg_stat};

constinit const Command kMysqlStat = {.name = "mysql-stat",
                                      .about = "Rank the statement digests of MySQL's performance schema",
                                      .examples = "  perf-sentinel mysql-stat --input digests.json --traces traces.json\n",
                                      .flags = kMysqlStatFlags,
                                      .provide = Provide::kConfig,
                                      .run = run_mysql_stat};

}  // namespace sentinel::cli
