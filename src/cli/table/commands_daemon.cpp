// Rows of the daemon, its recorder and its clients.
#include "cli/runners.h"
#include "cli/table/common_flags.h"
#include "cli/table/subcommands.h"

namespace sentinel::cli {
namespace {

constexpr Flag from_environment(Flag flag, std::string_view variable) {
  flag.environment = variable;
  return flag;
}

constexpr Flag kWatchFlags[] = {
    kConfigFlag, text_flag("listen-address", "ADDRESS", "Address to listen on, over the configuration"),
    port_flag("listen-port-http", "Port of OTLP over HTTP and of the API, over the configuration", {}),
    port_flag("listen-port-grpc", "Port of OTLP over gRPC, over the configuration", {})};

constexpr Flag kHealthcheckFlags[] = {text_flag("url", "URL", "Address to ask", "http://127.0.0.1:4318/health")};

constexpr Flag kCaptureFlags[] = {{.name = "output",
                                   .letter = 'o',
                                   .kind = ValueKind::kPath,
                                   .value_name = "PATH",
                                   .help = "Trace file to write",
                                   .required = true},
                                  text_flag("listen-address", "ADDRESS", "Address to listen on", "127.0.0.1"),
                                  port_flag("listen-port-grpc", "Port of OTLP over gRPC", "4317"),
                                  port_flag("listen-port-http", "Port of OTLP over HTTP", "4318"),
                                  count_flag("max-file-size", "Largest trace file in MiB", "512"),
                                  count_flag("grace-ms", "Milliseconds to go on listening after the end", "2000")};

constexpr Flag kJsonFormat = format_flag("text json", {}, false);
constexpr Flag kApiKeyFileFlag = path_flag("api-key-file", "File that holds the API key");

constexpr Flag kQueryFindingsFlags[] = {text_flag("service", "NAME", "Only this service"),
                                        text_flag("finding-type", "TYPE", "Only this type, e.g. n_plus_one_sql"),
                                        text_flag("severity", "SEVERITY", "Only this severity"),
                                        count_flag("limit", "Findings to show at most", "50"),
                                        kJsonFormat,
                                        {.name = "sort",
                                         .kind = ValueKind::kChoice,
                                         .value_name = "ORDER",
                                         .help = "Order of the findings",
                                         .choices = "severity impact"}};
constexpr Flag kQueryExplainFlags[] = {
    {.name = "trace-id", .kind = ValueKind::kText, .value_name = "ID", .help = "Trace to show", .required = true}, kJsonFormat};
constexpr Flag kQueryInspectFlags[] = {kApiKeyFileFlag};
constexpr Flag kQueryMonitorFlags[] = {{.name = "refresh",
                                        .kind = ValueKind::kInteger,
                                        .value_name = "SECONDS",
                                        .help = "Seconds between two looks at the daemon",
                                        .fallback = "5",
                                        .min = 1,
                                        .max = 3600}};
constexpr Flag kFormatOnly[] = {kJsonFormat};

constexpr Command kQueryFindings = {
    .name = "findings", .about = "List the daemon's findings", .flags = kQueryFindingsFlags, .run = run_query_findings};
constexpr Command kQueryExplain = {.name = "explain",
                                   .about = "Show a trace that is still in the daemon's window",
                                   .flags = kQueryExplainFlags,
                                   .run = run_query_explain};
constexpr Command kQueryInspect = {.name = "inspect",
                                   .about = "Browse the daemon's findings in the terminal",
                                   .flags = kQueryInspectFlags,
                                   .run = run_query_inspect};
constexpr Command kQueryMonitor = {.name = "monitor",
                                   .about = "Watch the daemon's figures in the terminal",
                                   .flags = kQueryMonitorFlags,
                                   .run = run_query_monitor};
constexpr Command kQueryCorrelations = {.name = "correlations",
                                        .about = "List findings that occur together across traces",
                                        .flags = kFormatOnly,
                                        .run = run_query_correlations};
constexpr Command kQueryStatus = {
    .name = "status", .about = "Say what the daemon is doing", .flags = kFormatOnly, .run = run_query_status};
constexpr const Command* kQueryActions[] = {&kQueryFindings, &kQueryExplain,      &kQueryInspect,
                                            &kQueryMonitor,  &kQueryCorrelations, &kQueryStatus};
constexpr Flag kQueryFlags[] = {from_environment(kDaemonFlag, "PERF_SENTINEL_DAEMON_URL")};

constexpr Flag kSignatureFlag = {.name = "signature",
                                 .letter = 's',
                                 .kind = ValueKind::kText,
                                 .value_name = "SIGNATURE",
                                 .help = "Signature of the finding",
                                 .fallback = "standard input",
                                 .computed_fallback = true};
constexpr Flag kAckCreateFlags[] = {kSignatureFlag,
                                    {.name = "reason",
                                     .letter = 'r',
                                     .kind = ValueKind::kText,
                                     .value_name = "TEXT",
                                     .help = "Why it is accepted",
                                     .required = true},
                                    text_flag("expires", "WHEN", "RFC 3339 date and time, or a duration such as '7d'"),
                                    text_flag("by", "NAME", "Who accepts it"),
                                    kApiKeyFileFlag};
constexpr Flag kAckRevokeFlags[] = {kSignatureFlag, kApiKeyFileFlag};
constexpr Flag kAckListFlags[] = {{.name = "output",
                                   .kind = ValueKind::kChoice,
                                   .value_name = "FORMAT",
                                   .help = "Form of the list",
                                   .fallback = "text",
                                   .choices = "text json"},
                                  kApiKeyFileFlag};

constexpr Command kAckCreate = {.name = "create", .about = "Accept a finding", .flags = kAckCreateFlags, .run = run_ack_create};
constexpr Command kAckRevoke = {
    .name = "revoke", .about = "Take an acceptance back", .flags = kAckRevokeFlags, .run = run_ack_revoke};
constexpr Command kAckList = {.name = "list", .about = "List accepted findings", .flags = kAckListFlags, .run = run_ack_list};
constexpr const Command* kAckActions[] = {&kAckCreate, &kAckRevoke, &kAckList};

constexpr Flag kAckFlags[] = {from_environment(kDaemonFlag, "PERF_SENTINEL_DAEMON_URL")};

}  // namespace

constinit const Command kWatch = {
    .name = "watch",
    .about = "Run as a daemon that analyses traces as they arrive",
    .details =
        "Listens for OTLP over gRPC and HTTP and for trace documents, one a line, on a local socket, and writes each finding "
        "to "
        "standard output as one JSON line.\n\n"
        "Under load, tune in [daemon]: ingest_queue_capacity and analysis_queue_capacity (batches waiting), max_active_traces "
        "and max_events_per_trace (memory), trace_ttl_ms (how long a trace stays open), sampling_rate, memory_high_water_pct.",
    .examples =
        "  perf-sentinel watch\n"
        "  perf-sentinel watch --config /etc/perf-sentinel.toml --listen-address 0.0.0.0 --listen-port-http 14318\n",
    .flags = kWatchFlags,
    .run = run_watch};

constinit const Command kHealthcheck = {.name = "healthcheck",
                                        .about = "Ask a daemon whether it is alive: exit 0 or 1",
                                        .details = "For health checks of containers that have no shell.",
                                        .examples =
                                            "  perf-sentinel healthcheck\n"
                                            "  perf-sentinel healthcheck --url http://10.0.0.5:4318/health\n",
                                        .flags = kHealthcheckFlags,
                                        .run = run_healthcheck};

constinit const Command kCapture = {
    .name = "capture",
    .about = "Record what services send into a trace file",
    .details = "Listens for OTLP until it is stopped or, with a command after '--', until that command ends.",
    .examples =
        "  perf-sentinel capture --output traces.json -- ./run-integration-tests.sh\n"
        "  perf-sentinel capture -o traces.json --grace-ms 5000\n",
    .flags = kCaptureFlags,
    .rest_name = "COMMAND",
    .run = run_capture};

constinit const Command kQuery = {.name = "query",
                                  .about = "Ask a running daemon",
                                  .examples =
                                      "  perf-sentinel query findings --severity critical\n"
                                      "  perf-sentinel query --daemon http://10.0.0.5:4318 status --format json\n",
                                  .flags = kQueryFlags,
                                  .actions = kQueryActions};

constinit const Command kAck = {
    .name = "ack",
    .about = "Accept findings in a running daemon",
    .examples =
        "  perf-sentinel ack create --signature n_plus_one_sql:cart:9f2c --reason 'fixed in the next release' --expires 14d\n"
        "  perf-sentinel ack list\n",
    .flags = kAckFlags,
    .actions = kAckActions};

}  // namespace sentinel::cli
