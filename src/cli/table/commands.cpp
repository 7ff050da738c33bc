// The program's row and the order of its subcommands (chapter 06 §1).
#include "cli/table/subcommands.h"

namespace sentinel::cli {
namespace {

constexpr const Command* kSubcommands[] = {
    &kAnalyze,   &kWatch,      &kCapture,   &kDemo,     &kExplain,  &kBench,       &kInspect, &kTempo,       &kJaegerQuery,
    &kCalibrate, &kPgStat,     &kMysqlStat, &kQuery,    &kAck,      &kReport,      &kDiff,    &kCompletions, &kMan,
    &kDisclose,  &kVerifyHash, &kHashBake,  &kRehearse, &kValidate, &kHealthcheck, &kVersion};

}  // namespace

constinit const Command kProgram = {
    .name = "perf-sentinel",
    .about = "Finds what makes services slow and wasteful in the telemetry they already emit",
    .details =
        "Reads traces and reports N+1 and redundant calls, slow queries, fan-out, chatty services, saturated pools and "
        "serialised "
        "calls, with their cost in time, energy and carbon.\n\n"
        "Limits and thresholds live in .perf-sentinel.toml in the working directory and in numbered fragments in "
        ".perf-sentinel.d "
        "beside it.",
    .actions = kSubcommands,
};

}  // namespace sentinel::cli
