// `query inspect` and `query monitor`: the terminal views over a running daemon (chapter 06 §9, §10).
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "cli/browse.h"
#include "cli/output.h"
#include "cli/remote/daemon_api.h"
#include "cli/remote/daemon_source.h"
#include "cli/remote/monitor_feed.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "tui/browser.h"
#include "tui/monitor.h"

namespace sentinel::cli {
namespace {

constexpr std::string_view kAgent = "perf-sentinel-query";

std::string user_name() {
  const char* user = std::getenv("USER");
  return user != nullptr && !base::is_blank(user) ? user : "";
}

}  // namespace

ExitCode run_query_inspect(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto url = daemon_url(arguments.text("daemon").value_or(""));
  if (!url) return refuse(ExitCode::kVerdict, url.error());
  auto key = daemon_api_key(arguments);
  if (!key) return refuse(ExitCode::kVerdict, key.error());
  DaemonApi reads(*url, kAgent);
  DaemonApi writes(*url, kAgent);
  writes.use_key(std::move(*key));
  DaemonSource source(reads, writes);
  if (const base::Status fetched = source.fetch(); !fetched) {
    print_error(fetched.error().text());
    write_stderr("hint: is the daemon running? Start it with `perf-sentinel watch`, or name it with --daemon\n");
    return ExitCode::kVerdict;
  }
  if (source.unreadable() > 0) {
    write_stderr(concat({"Warning: ", std::to_string(source.unreadable()),
                         " rows are not what this version knows as findings and were left out\n"}));
  }
  if (source.report().findings.empty()) {
    write_stderr(concat({"The daemon at ", *url, " has no findings: there is nothing to inspect yet.\n"}));
    return ExitCode::kDone;
  }
  tui::Browser browser(source, {.place = tui::Place::kInspect, .trace = {}, .acknowledger = &source, .author = user_name()});
  return show_daemon_view(browser);
}

ExitCode run_query_monitor(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto url = daemon_url(arguments.text("daemon").value_or(""));
  if (!url) return refuse(ExitCode::kVerdict, url.error());
  const auto refresh = static_cast<unsigned>(arguments.number("refresh").value_or(1));
  DaemonApi daemon(*url, kAgent);
  MonitorFeed feed(daemon, std::chrono::seconds(refresh));
  tui::Monitor monitor(feed, *url, refresh);
  return show_daemon_view(monitor);
}

}  // namespace sentinel::cli
