// Rows of the subcommands about the program itself.
#include "cli/runners.h"
#include "cli/table/common_flags.h"
#include "cli/table/subcommands.h"

namespace sentinel::cli {
namespace {

constexpr Flag kValidateFlags[] = {
    kConfigFlag,
    {.name = "explain",
     .help = "Print every key with its value and where it came from",
     .details = "Also lists the components that would start and their addresses. Secrets are not shown."}};

}  // namespace

constinit const Command kCompletions = {
    .name = "completions",
    .about = "Print a completion script for a shell",
    .examples =
        "  perf-sentinel completions bash > /etc/bash_completion.d/perf-sentinel\n"
        "  perf-sentinel completions zsh > \"${fpath[1]}/_perf-sentinel\"\n",
    .positional = {.name = "SHELL", .help = "Shell to write for", .choices = "bash zsh fish powershell elvish"},
    .run = run_completions};

constinit const Command kMan = {.name = "man",
                                .about = "Print the manual pages",
                                .details = "One page for the program and one a subcommand, as roff, one after the other.",
                                .examples = "  perf-sentinel man | man -l -\n",
                                .run = run_man};

constinit const Command kValidate = {
    .name = "validate",
    .about = "Check the configuration",
    .details = "Opens no port. Exits 0 with one line, or 75 with a line an error that names its key, file and line.",
    .examples =
        "  perf-sentinel validate --config deploy/perf-sentinel.toml\n"
        "  perf-sentinel validate --explain\n",
    .flags = kValidateFlags,
    .run = run_validate};

constinit const Command kVersion = {
    .name = "version", .about = "Print the version, how it was built and with which libraries", .run = run_version};

}  // namespace sentinel::cli
