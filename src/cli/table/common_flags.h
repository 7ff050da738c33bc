// Flags that several subcommands share, written once.
#pragma once

#include "cli/table/command.h"

namespace sentinel::cli {

inline constexpr std::uint64_t kMaxThreads = 256;

inline constexpr Flag kConfigFlag = {
    .name = "config",
    .letter = 'c',
    .kind = ValueKind::kPath,
    .value_name = "PATH",
    .help = "Configuration file",
    .details =
        "Fragments named NN-slug.toml in the directory .perf-sentinel.d beside it are merged in first, by "
        "ascending number. A file named here must exist.",
    .fallback = ".perf-sentinel.toml, if there is one",
    .computed_fallback = true};

inline constexpr Flag kInputFlag = {
    .name = "input",
    .letter = 'i',
    .kind = ValueKind::kPath,
    .value_name = "PATH",
    .help = "Trace file to read",
    .details =
        "The format is recognised by content: native events, Jaeger, Zipkin v2, or OpenTelemetry as JSON or "
        "NDJSON; OpenTelemetry protobuf has to be named with --input-format. gzip and zstd are unpacked. At "
        "most 1 GiB.",
    .fallback = "standard input",
    .computed_fallback = true};

// Of commands that also take a saved report and tell by the first characters what they were given: no --input-format.
inline constexpr Flag kReportInputFlag = {
    .name = "input",
    .letter = 'i',
    .kind = ValueKind::kPath,
    .value_name = "PATH",
    .help = "Trace file or saved JSON report",
    .details =
        "The format is recognised by content: a report, native events, Jaeger, Zipkin "
        "v2, or OpenTelemetry as JSON or NDJSON. gzip and zstd are unpacked. At most 1 GiB.",
    .fallback = "standard input, as with -",
    .computed_fallback = true};

constexpr Flag required_file(Flag flag, std::string_view help) {
  flag.required = true;
  flag.fallback = {};
  flag.computed_fallback = false;
  if (!help.empty()) flag.help = help;
  return flag;
}

inline constexpr Flag kInputFormatFlag = {
    .name = "input-format",
    .kind = ValueKind::kChoice,
    .value_name = "FORMAT",
    .help = "Format of the input",
    .details = "Name it when recognition by content is wrong, or to refuse every other format.",
    .fallback = "auto",
    .choices = "auto native jaeger zipkin otlp-json otlp-ndjson otlp-protobuf"};

inline constexpr Flag kThreadsFlag = {.name = "threads",
                                      .kind = ValueKind::kInteger,
                                      .value_name = "N",
                                      .help = "Threads to work with",
                                      .details = "The result is the same for every number.",
                                      .fallback = "all cores",
                                      .computed_fallback = true,
                                      .min = 1,
                                      .max = kMaxThreads,
                                      .environment = "PERF_SENTINEL_THREADS"};

// `json_under_ci`: what the format is when it was not typed.
constexpr Flag format_flag(std::string_view choices, std::string_view pending, bool json_under_ci) {
  return {.name = "format",
          .kind = ValueKind::kChoice,
          .value_name = "FORMAT",
          .help = "Form of the output",
          .fallback = json_under_ci ? "text, or json with --ci" : "text",
          .computed_fallback = json_under_ci,
          .choices = choices,
          .pending_choices = pending};
}

inline constexpr std::string_view kReportFormats = "text json ndjson sarif html markdown junit gitlab-codequality";

inline constexpr Flag kSarifCompatFlag = {
    .name = "sarif-compat",
    .help = "Write SARIF in the shape of perf-sentinel 0.11",
    .details = "For tools that read that shape. It has no limit on results and is not valid against the schema of SARIF."};

inline constexpr Flag kSarifMaxFlag = {
    .name = "sarif-max",
    .kind = ValueKind::kInteger,
    .value_name = "N",
    .help = "Results in a SARIF file at most, worst severity first",
    .details = "GitHub shows 5000 results of a run and refuses a file with more than 25000. What was left out is counted.",
    .fallback = "5000",
    .min = 1,
    .max = 25'000,
    .conflicts = "sarif-compat"};

// Each of FORMATS to a file of its own, beside what goes to standard output.
constexpr Flag output_files_flag(std::string_view formats) {
  return {.name = "output",
          .kind = ValueKind::kNamedPath,
          .value_name = "FORMAT=FILE",
          .help = "Write the report to a file in this format as well",
          .details = "May be given for several formats; the analysis runs once. Standard output stays what --format says.",
          .choices = formats,
          .many = true};
}

inline constexpr Flag kFallbackFileFlag = {
    .name = "fallback-file",
    .kind = ValueKind::kPath,
    .value_name = "PATH",
    .help = "File that findings without a code location point to",
    .details = "For SARIF and GitLab Code Quality, which need a file for every result; relative to the repository's root.",
    .fallback = ".perf-sentinel.toml"};

inline constexpr Flag kCiFlag = {
    .name = "ci",
    .help = "Judge the quality gate by the exit status",
    .details =
        "Exit 1 when a rule of [thresholds] is broken. The report is written either way; it is JSON unless "
        "--format says otherwise."};

inline constexpr Flag kAcknowledgmentsFlag = {
    .name = "acknowledgments",
    .kind = ValueKind::kPath,
    .value_name = "PATH",
    .help = "File of accepted findings",
    .details = "Findings listed there leave the report and the quality gate until their date.",
    .fallback = ".perf-sentinel-acknowledgments.toml, if there is one",
    .computed_fallback = true};

inline constexpr Flag kNoAcknowledgmentsFlag = {
    .name = "no-acknowledgments", .help = "Ignore accepted findings", .details = "Shows and judges everything that was found."};

inline constexpr Flag kShowAcknowledgedFlag = {.name = "show-acknowledged", .help = "List the accepted findings too"};

inline constexpr Flag kDaemonFlag = {.name = "daemon",
                                     .kind = ValueKind::kText,
                                     .value_name = "URL",
                                     .help = "Daemon to talk to",
                                     .fallback = "http://localhost:4318"};

constexpr Flag port_flag(std::string_view name, std::string_view help, std::string_view fallback) {
  return {.name = name, .kind = ValueKind::kInteger, .value_name = "PORT", .help = help, .fallback = fallback, .max = 65'535};
}

constexpr Flag text_flag(std::string_view name, std::string_view value_name, std::string_view help,
                         std::string_view fallback = {}) {
  return {.name = name, .kind = ValueKind::kText, .value_name = value_name, .help = help, .fallback = fallback};
}

constexpr Flag path_flag(std::string_view name, std::string_view help) {
  return {.name = name, .kind = ValueKind::kPath, .value_name = "PATH", .help = help};
}

constexpr Flag count_flag(std::string_view name, std::string_view help, std::string_view fallback = {}) {
  return {.name = name, .kind = ValueKind::kInteger, .value_name = "N", .help = help, .fallback = fallback};
}

constexpr Flag within(Flag flag, std::uint64_t min, std::uint64_t max) {
  flag.min = min;
  flag.max = max;
  return flag;
}

}  // namespace sentinel::cli
