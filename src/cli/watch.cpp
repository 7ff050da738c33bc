// `watch`: the daemon (chapter 05 §1).
#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/number_parse.h"
#include "base/text.h"
#include "cli/build_info.h"
#include "cli/load_config.h"
#include "cli/output.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "daemon/daemon.h"

namespace sentinel::cli {
namespace {

std::optional<std::uint16_t> port(const Arguments& arguments, std::string_view flag) {
  if (!arguments.typed(flag)) return std::nullopt;
  return static_cast<std::uint16_t>(base::parse_count(arguments.text(flag).value_or("")).value_or(0));
}

}  // namespace

ExitCode run_watch(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  config::LoadOptions options = config_options(arguments);
  options.for_daemon = true;
  base::Result<config::Loaded> loaded = config::load(options);
  if (!loaded) {
    write_stderr(concat({loaded.error().text(), "\n"}));
    return ExitCode::kCannotRun;
  }
  config::ListenFlags flags;
  if (arguments.typed("listen-address")) flags.listen_address = std::string(arguments.text("listen-address").value_or(""));
  flags.listen_port_http = port(arguments, "listen-port-http");
  flags.listen_port_grpc = port(arguments, "listen-port-grpc");
  if (const base::Status finished = config::finish_for_daemon(*loaded, flags, options); !finished) {
    print_error(finished.error().text());
    return ExitCode::kVerdict;
  }
  const BuildInfo build = build_info();
  const daemon::Causes causes = daemon::run_daemon({.config = loaded->config,
                                                    .output = STDOUT_FILENO,
                                                    .revision = build.revision,
                                                    .compiler = build.compiler,
                                                    .build_type = build.build_type});
  if (causes.empty()) return ExitCode::kDone;
  std::string_view lead = "Daemon error: ";
  for (const std::string& cause : causes) {
    write_stderr(concat({lead, base::for_terminal(cause), "\n"}));
    lead = "  caused by: ";
  }
  return ExitCode::kVerdict;
}

}  // namespace sentinel::cli
