// What each built subcommand does. The dispatcher calls them through the table; each is in a file of its own name.
//
// A runner writes its result, says on standard error what went wrong, and gives back the exit status.
#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "config/config.h"

namespace sentinel::cli {

struct Invocation {
  const Arguments& arguments;
  const config::Config* config = nullptr;  // for rows with Provide::kConfig
};

ExitCode run_analyze(const Invocation& invocation);
ExitCode run_demo(const Invocation& invocation);
ExitCode run_report(const Invocation& invocation);
ExitCode run_inspect(const Invocation& invocation);
ExitCode run_explain(const Invocation& invocation);
ExitCode run_rehearse(const Invocation& invocation);
ExitCode run_diff(const Invocation& invocation);
ExitCode run_bench(const Invocation& invocation);
ExitCode run_tempo(const Invocation& invocation);
ExitCode run_jaeger_query(const Invocation& invocation);
ExitCode run_calibrate(const Invocation& invocation);
ExitCode run_pg_stat(const Invocation& invocation);
ExitCode run_mysql_stat(const Invocation& invocation);
ExitCode run_capture(const Invocation& invocation);
ExitCode run_query_findings(const Invocation& invocation);
ExitCode run_query_explain(const Invocation& invocation);
ExitCode run_query_inspect(const Invocation& invocation);
ExitCode run_query_monitor(const Invocation& invocation);
ExitCode run_query_correlations(const Invocation& invocation);
ExitCode run_query_status(const Invocation& invocation);
ExitCode run_ack_create(const Invocation& invocation);
ExitCode run_ack_revoke(const Invocation& invocation);
ExitCode run_ack_list(const Invocation& invocation);
ExitCode run_completions(const Invocation& invocation);
ExitCode run_man(const Invocation& invocation);
ExitCode run_validate(const Invocation& invocation);
ExitCode run_disclose(const Invocation& invocation);
ExitCode run_verify_hash(const Invocation& invocation);
ExitCode run_hash_bake(const Invocation& invocation);
ExitCode run_watch(const Invocation& invocation);
ExitCode run_healthcheck(const Invocation& invocation);
ExitCode run_version(const Invocation& invocation);

}  // namespace sentinel::cli
