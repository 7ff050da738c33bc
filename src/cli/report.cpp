// `report`: the result as one self-contained page (chapter 06 §1, chapter 07 §7).
#include <algorithm>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/text.h"
#include "cli/acknowledge.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/overwrite.h"
#include "cli/remote/daemon_api.h"
#include "cli/report_extras.h"
#include "cli/report_input.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "net/url.h"
#include "report/dashboard.h"

namespace sentinel::cli {
namespace {

// The name that the page bears: without the folders, "-" for standard input.
std::string_view label_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

void log_outcome(const std::string& path, const report::Dashboard& page) {
  base::log_info("report", concat({"wrote ", path}));
  if (page.findings.trimmed()) {
    base::log_info("report", concat({"Embedded ", std::to_string(page.findings.kept), " of ",
                                     std::to_string(page.findings.total), " findings, worst first; the JSON report has all"}));
  }
  if (page.traces.trimmed()) {
    base::log_info("report", concat({"Embedded ", std::to_string(page.traces.kept), " of ", std::to_string(page.traces.total),
                                     " traces; --max-traces-embedded sets their number"}));
  }
}

// A browser takes what a page over https asks of plain http only from the machine it runs on.
void warn_about_mixed_content(const std::string& daemon) {
  const auto url = net::parse_url(daemon);
  if (!url || url->tls || url->host == "localhost" || url->host == "127.0.0.1" || url->host == "::1") return;
  base::log_warn("report", concat({"the page talks to ", daemon,
                                   " over plain http: browsers refuse that of a page that was itself opened over https"}));
}

// The daemon of --daemon-url, empty without one. Its address stands in the page's content policy, where only characters of
// host names mean themselves.
base::Result<std::string> live_daemon(const Arguments& arguments) {
  const auto text = arguments.text("daemon-url");
  if (!text) return std::string();
  auto url = daemon_url(*text);
  if (!url) return url;
  const auto is_plain = [](char c) {
    return base::is_alnum(c) || std::string_view("-._~:/[]").find(c) != std::string_view::npos;
  };
  if (!std::ranges::all_of(*url, is_plain)) {
    return base::Error{concat({"Invalid daemon URL `", *text, "`: a content policy cannot hold this host"}),
                       {},
                       "write http://host:port with letters, digits, dots and hyphens"};
  }
  warn_about_mixed_content(*url);
  return url;
}

// The parts of the page that flags ask for, encoded.
struct Extras {
  std::string pg_stat;
  std::string mysql_stat;
  std::string diff;
};

base::Result<Extras> read_extras(const Invocation& invocation, const model::Report& report) {
  const Arguments& arguments = invocation.arguments;
  Extras extras;
  const auto take = [](base::Result<std::string> made, std::string& to) -> base::Status {
    if (!made) return made.error();
    to = std::move(*made);
    return base::success();
  };
  if (const auto path = arguments.text("pg-stat")) {
    const std::uint64_t top = arguments.number("pg-stat-top").value_or(kDefaultStatementRows);
    const base::Status done = take(read_statement_rankings(*path, dbstat::Dialect::kPostgres, top), extras.pg_stat);
    if (!done) return done.error();
  }
  if (const auto endpoint = arguments.text("pg-stat-prometheus")) {
    const std::uint64_t top = arguments.number("pg-stat-top").value_or(kDefaultStatementRows);
    const base::Status done = take(fetch_statement_rankings(arguments, *endpoint, top), extras.pg_stat);
    if (!done) return done.error();
  }
  if (const auto path = arguments.text("mysql-stat")) {
    const std::uint64_t top = arguments.number("mysql-stat-top").value_or(kDefaultStatementRows);
    const base::Status done = take(read_statement_rankings(*path, dbstat::Dialect::kMysql, top), extras.mysql_stat);
    if (!done) return done.error();
  }
  if (const auto path = arguments.text("before")) {
    const base::Status done = take(compare_with_saved(invocation, *path, report), extras.diff);
    if (!done) return done.error();
  }
  return extras;
}

}  // namespace

ExitCode run_report(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto daemon = live_daemon(arguments);
  if (!daemon) return refuse(ExitCode::kCannotRun, daemon.error());
  if (const base::Status kept = keeps_inputs(arguments, {"output"}, {"input", "before", "pg-stat", "mysql-stat"}); !kept) {
    return refuse(ExitCode::kUsage, kept.error());
  }
  const std::string_view path = arguments.text("input").value_or("-");
  base::log_info("report", concat({"reading ", path == "-" ? "standard input" : path}));
  // A value typed on the command line ends with a zero byte.
  auto input = read_report_input(path == "-" ? nullptr : path.data(), *invocation.config, thread_count(arguments));
  if (!input) return refuse(ExitCode::kCannotRun, input.error());
  if (const base::Status accepted = acknowledge(invocation, input->report(), input->origin()); !accepted) {
    return refuse(ExitCode::kCannotRun, accepted.error());
  }
  if (arguments.typed("pg-stat-top") && !arguments.typed("pg-stat") && !arguments.typed("pg-stat-prometheus")) {
    print_error("--pg-stat-top needs --pg-stat or --pg-stat-prometheus beside it");
    return ExitCode::kUsage;
  }
  const auto extras = read_extras(invocation, input->report());
  if (!extras) return refuse(ExitCode::kCannotRun, extras.error());
  report::DashboardInput page = {.report = input->report(), .label = label_of(path), .run = input->run.get()};
  page.saved_traces = input->saved.embedded_traces;
  page.max_traces = arguments.number("max-traces-embedded");
  page.show_acknowledged = arguments.typed("show-acknowledged");
  page.pg_stat = extras->pg_stat;
  page.mysql_stat = extras->mysql_stat;
  page.diff = extras->diff;
  page.daemon_url = *daemon;
  const report::Dashboard made = report::dashboard(page);

  const std::string output(arguments.text("output").value_or(""));
  if (const base::Status written = write_file(output, made.page); !written)
    return refuse(ExitCode::kCannotRun, written.error());
  log_outcome(output, made);
  return ExitCode::kDone;
}

}  // namespace sentinel::cli
