// Rows of the subcommands that run once over files.
#include "cli/runners.h"
#include "cli/table/common_flags.h"
#include "cli/table/subcommands.h"

namespace sentinel::cli {
namespace {

constexpr Flag tui_flag(std::string_view conflicts) {
  return {.name = "tui", .help = "Browse the result in the terminal", .conflicts = conflicts};
}

constexpr Flag kSortFlag = {
    .name = "sort",
    .kind = ValueKind::kChoice,
    .value_name = "ORDER",
    .help = "Order of the findings",
    .details =
        "severity: worst first, then by avoidable calls of the whole problem; impact: the other way round; saving: by the time "
        "that the fix would save in the finding's trace.",
    .fallback = "by type",
    .computed_fallback = true,
    .choices = "severity impact saving"};

constexpr Flag kMinSavingFlag = {
    .name = "min-saving",
    .kind = ValueKind::kText,
    .value_name = "TIME",
    .help = "Leave out findings whose fix would save less",
    .details = "Such as 20ms, 1.5s or 800us, of the finding's trace. The quality gate judges all."};

constexpr Flag kAnalyzeFlags[] = {kInputFlag,
                                  kInputFormatFlag,
                                  kConfigFlag,
                                  kCiFlag,
                                  format_flag(kReportFormats, {}, true),
                                  output_files_flag(kReportFormats),
                                  kSarifCompatFlag,
                                  kSarifMaxFlag,
                                  kFallbackFileFlag,
                                  kAcknowledgmentsFlag,
                                  kNoAcknowledgmentsFlag,
                                  kShowAcknowledgedFlag,
                                  kSortFlag,
                                  kMinSavingFlag,
                                  kThreadsFlag,
                                  tui_flag("ci format output show-acknowledged")};

constexpr Flag kDemoFlags[] = {
    kConfigFlag,
    {.name = "html", .kind = ValueKind::kPath, .value_name = "PATH", .help = "Write the result as a page to this file"},
    tui_flag("html")};

constexpr Flag kExplainFlags[] = {
    required_file(kInputFlag, "Trace file, or a saved JSON report that holds the trace"),
    kInputFormatFlag,
    {.name = "trace-id", .kind = ValueKind::kText, .value_name = "ID", .help = "Trace to show", .required = true},
    {.name = "why-not",
     .kind = ValueKind::kText,
     .value_name = "TEMPLATE",
     .help = "Say of each detector why this template made no finding",
     .details =
         "TEMPLATE as the tree shows it. Prints each rule with what was counted and what was wanted, and the threshold that "
         "would make it fire. Needs a trace file.",
     .conflicts = "tui"},
    kConfigFlag,
    format_flag("text json", {}, false),
    kThreadsFlag,
    tui_flag("format")};

constexpr std::uint64_t kMaxSyntheticEvents = 100'000'000;  // all are held in memory

constexpr Flag with_conflict(Flag flag, std::string_view conflicts) {
  flag.conflicts = conflicts;
  return flag;
}

constexpr Flag kBenchFlags[] = {with_conflict(kInputFlag, "synthetic-events"),
                                kInputFormatFlag,
                                {.name = "iterations",
                                 .kind = ValueKind::kInteger,
                                 .value_name = "N",
                                 .help = "Timed runs",
                                 .fallback = "10",
                                 .min = 1,
                                 .max = 4'294'967'295},
                                {.name = "synthetic-events",
                                 .kind = ValueKind::kInteger,
                                 .value_name = "N",
                                 .help = "Make up this many events instead of reading a file",
                                 .details = "The same numbers give the same events on every machine.",
                                 .min = 1,
                                 .max = kMaxSyntheticEvents},
                                {.name = "services",
                                 .kind = ValueKind::kInteger,
                                 .value_name = "N",
                                 .help = "Services to make events for",
                                 .fallback = "16",
                                 .needs = "synthetic-events",
                                 .needs_unless = "input"},
                                {.name = "seed",
                                 .kind = ValueKind::kInteger,
                                 .value_name = "N",
                                 .help = "Seed of the made events",
                                 .fallback = "42",
                                 .needs = "synthetic-events",
                                 .needs_unless = "input"},
                                {.name = "pattern",
                                 .kind = ValueKind::kChoice,
                                 .value_name = "PATTERN",
                                 .help = "What the made SQL texts look like",
                                 .details = "mixed: few statements, many values; repeated: one text only; distinct: every "
                                            "statement has a text and a shape of its own.",
                                 .fallback = "mixed",
                                 .choices = "mixed repeated distinct",
                                 .needs = "synthetic-events",
                                 .needs_unless = "input"},
                                kThreadsFlag};

constexpr Flag kInspectFlags[] = {required_file(kReportInputFlag, {}), kConfigFlag, kAcknowledgmentsFlag,
                                  kNoAcknowledgmentsFlag};

constexpr Flag kReportFlags[] = {kReportInputFlag,
                                 kConfigFlag,
                                 {.name = "output",
                                  .letter = 'o',
                                  .kind = ValueKind::kPath,
                                  .value_name = "PATH",
                                  .help = "Page to write",
                                  .required = true},
                                 count_flag("max-traces-embedded", "Traces to put into the page, worst first"),
                                 path_flag("pg-stat", "Export of pg_stat_statements (CSV or JSON)"),
                                 {.name = "pg-stat-prometheus",
                                  .kind = ValueKind::kText,
                                  .value_name = "URL",
                                  .help = "Prometheus server to read pg_stat_statements from",
                                  .conflicts = "pg-stat"},
                                 {.name = "pg-stat-auth-header",
                                  .kind = ValueKind::kText,
                                  .value_name = "HEADER",
                                  .help = "Header 'Name: Value' sent to that server",
                                  .needs = "pg-stat-prometheus",
                                  .needs_unless = "pg-stat"},
                                 {.name = "pg-stat-top",
                                  .kind = ValueKind::kInteger,
                                  .value_name = "N",
                                  .help = "Rows a PostgreSQL ranking",
                                  .min = 1,
                                  .max = 10'000},
                                 path_flag("before", "Saved report of an earlier run to compare with"),
                                 path_flag("mysql-stat", "Export of the performance schema's statement digests"),
                                 {.name = "mysql-stat-top",
                                  .kind = ValueKind::kInteger,
                                  .value_name = "N",
                                  .help = "Rows a MySQL ranking",
                                  .min = 1,
                                  .max = 10'000,
                                  .needs = "mysql-stat"},
                                 kAcknowledgmentsFlag,
                                 kNoAcknowledgmentsFlag,
                                 kShowAcknowledgedFlag,
                                 kThreadsFlag,
                                 text_flag("daemon-url", "URL", "Daemon that the page talks to when opened")};

constexpr Flag band_flag(std::string_view name, std::string_view help, std::string_view details) {
  return {.name = name, .kind = ValueKind::kText, .value_name = "RULE", .help = help, .details = details, .many = true};
}

constexpr Flag kDiffFlags[] = {
    {.name = "before",
     .kind = ValueKind::kPath,
     .value_name = "PATH",
     .help = "Trace file or saved JSON report of the earlier run",
     .required = true},
    {.name = "after",
     .kind = ValueKind::kPath,
     .value_name = "PATH",
     .help = "Trace file or saved JSON report of the later run",
     .required = true},
    kInputFormatFlag,
    kConfigFlag,
    format_flag("text json sarif markdown", {}, false),
    {.name = "output",
     .letter = 'o',
     .kind = ValueKind::kPath,
     .value_name = "PATH",
     .help = "File to write",
     .fallback = "standard output",
     .computed_fallback = true},
    kSarifCompatFlag,
    kSarifMaxFlag,
    kFallbackFileFlag,
    band_flag(
        "fail-on", "Exit 1 when the comparison shows this",
        "WHAT[:SEVERITY[:TYPE]], several separated by commas or by repeating the flag. WHAT is new (findings that were not "
        "there before), regression (known ones that got worse) or any; SEVERITY is the least that counts: critical, "
        "warning or info; TYPE is a finding type such as n_plus_one_sql."),
    band_flag("comment-on", "Exit 3 when the comparison shows this and no reason to fail",
              "The same rules as --fail-on. For changes that deserve a comment and not a broken build."),
    kAcknowledgmentsFlag,
    kNoAcknowledgmentsFlag,
    kThreadsFlag};

constexpr Flag kRehearseFlags[] = {
    kInputFlag,
    {.name = "key",
     .kind = ValueKind::kText,
     .value_name = "KEY=VALUES",
     .help = "Threshold of [detection] and the values to try",
     .details =
         "VALUES are numbers and ranges separated by commas: 3..20, or 100..1000/50 in steps of 50. Several keys are tried one "
         "after the other, the others staying as configured.",
     .required = true,
     .many = true},
    kInputFormatFlag,
    kConfigFlag,
    format_flag("text json", {}, false),
    kAcknowledgmentsFlag,
    kNoAcknowledgmentsFlag,
    kThreadsFlag};

}  // namespace

constinit const Command kAnalyze = {
    .name = "analyze",
    .about = "Analyse a trace file and report what is slow or wasteful",
    .details =
        "Reads all traces at once, detects, scores, applies acknowledgments and judges the quality gate.\n\n"
        "Correlations across traces need time to pass between them: only the daemon ('watch') computes them, never this "
        "command.",
    .examples =
        "  perf-sentinel analyze --input traces.json\n"
        "  perf-sentinel analyze --ci < traces.json > report.json\n"
        "  perf-sentinel analyze -i traces.json --ci --output sarif=perf.sarif\n"
        "  perf-sentinel analyze -i traces.ndjson.gz --sort impact\n",
    .flags = kAnalyzeFlags,
    .reads_and_ends = true,
    .provide = Provide::kConfig,
    .run = run_analyze};

constinit const Command kDemo = {
    .name = "demo",
    .about = "Analyse a built-in data set that shows every kind of finding",
    .details = "Needs no input. The quality gate of the demo fails on purpose and does not change the exit status.",
    .flags = kDemoFlags,
    .provide = Provide::kConfig,
    .run = run_demo};

constinit const Command kExplain = {
    .name = "explain",
    .about = "Show one trace as a tree with its findings where they belong",
    .details = "Runs the detectors that look at one trace. For a saved report the tree comes from the traces embedded in it.",
    .examples =
        "  perf-sentinel explain --input traces.json --trace-id 4bf92f3577b34da6a3ce929d0e0e4736\n"
        "  perf-sentinel explain -i report.json --trace-id t-81 --format json\n"
        "  perf-sentinel explain -i traces.json --trace-id t-81 --why-not 'SELECT * FROM item WHERE id = ?'\n",
    .flags = kExplainFlags,
    .reads_and_ends = true,
    .provide = Provide::kConfig,
    .run = run_explain};

constinit const Command kBench = {
    .name = "bench",
    .about = "Measure how fast this machine analyses",
    .details =
        "Reads or makes the events once, then times the pipeline over them in memory and prints the figures as JSON. "
        "The configuration file is not read.",
    .flags = kBenchFlags,
    .reads_and_ends = true,
    .run = run_bench};

constinit const Command kInspect = {
    .name = "inspect",
    .about = "Browse findings and their traces in the terminal",
    .details = "Takes a trace file or a saved Report JSON, such as the one that a daemon gives out under /api/export/report.",
    .flags = kInspectFlags,
    .terminal_view = true,
    .provide = Provide::kConfig,
    .run = run_inspect};

constinit const Command kReport = {.name = "report",
                                   .about = "Write the result as one self-contained page",
                                   .details = "Takes a trace file or a saved Report JSON; '-' stands for standard input.",
                                   .examples =
                                       "  perf-sentinel report --input traces.json --output report.html\n"
                                       "  perf-sentinel report -i after.json --before before.json -o report.html\n",
                                   .flags = kReportFlags,
                                   .reads_and_ends = true,
                                   .provide = Provide::kConfig,
                                   .run = run_report};

constinit const Command kDiff = {
    .name = "diff",
    .about = "Compare the findings of two runs",
    .details =
        "Both sides are analysed with the same configuration and acknowledgments; a saved JSON report is taken as it is. Exits "
        "0 "
        "whatever the comparison finds, unless --fail-on (exit 1) or --comment-on (exit 3) say what matters.",
    .examples =
        "  perf-sentinel diff --before main.json --after branch.json\n"
        "  perf-sentinel diff --before a.json --after b.json --format json -o diff.json\n"
        "  perf-sentinel diff --before baseline-report.json --after traces.json --fail-on new:warning --comment-on new\n",
    .flags = kDiffFlags,
    .reads_and_ends = true,
    .provide = Provide::kConfig,
    .run = run_diff};

constinit const Command kRehearse = {
    .name = "rehearse",
    .about = "Show how many findings other thresholds would give",
    .details = "Reads the traces once and analyses them with each value; every row is what 'analyze' would say with it.",
    .examples =
        "  perf-sentinel rehearse --input traces.json --key n_plus_one_min_occurrences=3..20\n"
        "  perf-sentinel rehearse -i traces.json --key slow_query_threshold_ms=100..1000/100 --format json\n",
    .flags = kRehearseFlags,
    .reads_and_ends = true,
    .provide = Provide::kConfig,
    .run = run_rehearse};

}  // namespace sentinel::cli
