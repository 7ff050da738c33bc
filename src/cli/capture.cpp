// `capture`: what services send, recorded into a trace file (chapter 02 §1, chapter 06 §11).
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "cli/capture/child_group.h"
#include "cli/capture/doors.h"
#include "cli/capture/trace_writer.h"
#include "cli/output.h"
#include "cli/remote/interrupt.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "net/resolve.h"
#include "net/server.h"

namespace sentinel::cli {
namespace {

constexpr std::uint64_t kMebibyte = 1'048'576;
constexpr std::uint64_t kMaxMebibytes = 1024;  // what other commands read at most
constexpr std::chrono::seconds kEndOfCommand{5};
constexpr unsigned kLoops = 2;

void say(std::string_view text) { write_stderr(concat({"Capture: ", base::for_terminal(text), "\n"})); }

// An address that a listener can be bound to: literals as they are, names looked up. What cannot be resolved stays, and binding
// says so.
std::string bindable(std::string_view address) {
  if (address.starts_with('[') || address.find(':') == std::string_view::npos) {
    const net::Patience patience{std::chrono::steady_clock::now() + std::chrono::seconds(10), -1};
    const std::string name(address);
    if (!address.starts_with('[')) {
      const net::Resolved found = net::resolve(name, 0, patience);
      if (!found.addresses.empty()) return net::literal(found.addresses.front());
    }
    return name;
  }
  return concat({"[", address, "]"});
}

// Both listeners and what stands behind them. Members end in the reverse order: servers first, then handlers, then the file.
struct Station {
  TraceWriter writer;
  CaptureRefusals refusals;
  HttpDoor http_door{writer, refusals};
  GrpcDoor grpc_door{writer, refusals};
  net::LoopThreads loops{kLoops, "capture"};
  std::optional<net::Server> grpc;
  std::optional<net::Server> http;
  std::string grpc_address;  // as typed, with its port
  std::string http_address;

  Station(std::string path, std::uint64_t max_bytes) : writer(std::move(path), max_bytes) {}
};

std::uint64_t file_limit(const Arguments& arguments) {
  const std::uint64_t asked = arguments.number("max-file-size").value_or(0);
  if (asked > kMaxMebibytes) {
    say(concat({"--max-file-size ", std::to_string(asked), " is lowered to ", std::to_string(kMaxMebibytes),
                " MiB, the most that other commands read"}));
  }
  return std::min(asked, kMaxMebibytes) * kMebibyte;
}

base::Status bind_port(std::optional<net::Server>& server, const std::string& shown) {
  const base::Status bound = server->bind();
  if (bound) return bound;
  return base::Error{
      concat({"cannot bind ", shown, ": ", bound.error().what}), {}, "is another collector running? Name other ports"};
}

base::Status open(Station& station, const Arguments& arguments) {
  const std::string_view address = arguments.text("listen-address").value_or("");
  const auto options = [&](std::string_view name, std::uint64_t port) {
    net::ServerOptions out;
    out.name = name;
    out.address = bindable(address);
    out.port = static_cast<std::uint16_t>(port);
    out.limits.max_streams = 64;
    return out;
  };
  const std::uint64_t grpc_port = arguments.number("listen-port-grpc").value_or(0);
  const std::uint64_t http_port = arguments.number("listen-port-http").value_or(0);
  station.grpc.emplace(station.loops, options("gRPC", grpc_port), station.grpc_door);
  station.http.emplace(station.loops, options("HTTP", http_port), station.http_door);
  station.grpc_address = concat({address, ":", std::to_string(grpc_port)});
  station.http_address = concat({address, ":", std::to_string(http_port)});
  if (base::Status bound = bind_port(station.grpc, station.grpc_address); !bound) return bound;
  if (base::Status bound = bind_port(station.http, station.http_address); !bound) return bound;
  if (base::Status opened = station.writer.open(); !opened) return opened;
  if (base::Status started = station.loops.start(); !started) return started;
  if (base::Status serving = station.grpc->serve(); !serving) return serving;
  return station.http->serve();
}

// How the recording ended, apart from the file.
struct Ending {
  std::optional<int> command;  // its exit status, when there was one and it ended by itself
  bool failed = false;         // it could not be started, or a signal ended it
};

// Until a signal arrives, or the command, if there is one, has ended. True: a signal.
bool wait_for_signal(ChildGroup* command, const Interrupt& interrupt) {
  constexpr int kLookAgain = 100;  // ms, where the system has no descriptors of processes
  constexpr int kLetGo = 1000;     // ms until adopted processes that have ended are let go of
  for (;;) {
    pollfd watched[2] = {{interrupt.descriptor(), POLLIN, 0}, {command == nullptr ? -1 : command->descriptor(), POLLIN, 0}};
    const int again = command == nullptr ? -1 : command->descriptor() < 0 ? kLookAgain : kLetGo;
    if (::poll(watched, 2, again) < 0 && errno != EINTR) return false;
    if (watched[0].revents != 0) return true;
    if (command != nullptr && command->ended()) return false;
  }
}

Ending run_command(const std::vector<std::string_view>& words, const Interrupt& interrupt) {
  auto command = ChildGroup::start(words);
  if (!command) {
    print_error(command.error().text());
    return {.command = std::nullopt, .failed = true};
  }
  if (!wait_for_signal(&*command, interrupt)) return {.command = command->exit_code(), .failed = false};
  say("a signal arrived: ending the command and all that it started");
  command->end(kEndOfCommand, [] { say("the command did not end within 5 s: it is killed"); });
  return {.command = std::nullopt, .failed = true};
}

// One line each; true when something is missing in the file.
bool report(const CaptureOutcome& outcome, const Station& station, const std::string& path) {
  const std::uint64_t backpressure = station.refusals.backpressure;
  const std::uint64_t unusable = station.refusals.unusable;
  const bool incomplete = outcome.truncated || backpressure > 0 || unusable > 0;
  if (incomplete) {
    base::log_warn("capture", concat({"the trace file is incomplete: refused_full=", std::to_string(backpressure),
                                      " refused_unusable=", std::to_string(unusable)}));
  }
  if (outcome.requests == 0 && !incomplete) {
    say(concat({"no traces received. Does the application export to ", station.grpc_address, " (gRPC) or ",
                station.http_address, " (HTTP)?"}));
    return false;
  }
  say(concat({std::to_string(outcome.spans), " spans in ", std::to_string(outcome.requests), " requests written to ", path}));
  if (outcome.truncated) {
    say(concat({"the size limit was reached: ", path, " is incomplete. Raise --max-file-size or narrow the tests"}));
  }
  if (backpressure > 0) {
    say(concat({std::to_string(backpressure), " requests were refused because the exporter was faster than the file: ", path,
                " is incomplete"}));
  }
  if (unusable > 0) {
    say(concat({std::to_string(unusable), " requests were refused as unusable: ", path,
                " is incomplete. Set OTEL_EXPORTER_OTLP_PROTOCOL to grpc (", station.grpc_address, ") or http/protobuf (",
                station.http_address, ")"}));
  }
  return incomplete;
}

}  // namespace

ExitCode run_capture(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::string path(arguments.text("output").value_or(""));
  // Before any thread: all of them leave the signals to the main one.
  const Interrupt interrupt;
  const auto station = std::make_unique<Station>(path, file_limit(arguments));
  if (const base::Status opened = open(*station, arguments); !opened) {
    print_error(opened.error().text());
    return ExitCode::kVerdict;
  }
  base::log_info("capture", concat({"capture listening on ", station->grpc_address, " (gRPC) and ", station->http_address,
                                    " (HTTP), writing to ", path}));
  Ending ending;
  if (arguments.rest.empty()) {
    (void)wait_for_signal(nullptr, interrupt);
  } else {
    ending = run_command(arguments.rest, interrupt);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(arguments.number("grace-ms").value_or(0)));

  const CaptureOutcome outcome = station->writer.close();
  station->grpc->stop(std::chrono::milliseconds(0));
  station->http->stop(std::chrono::milliseconds(0));
  station->loops.stop();
  bool incomplete = false;
  if (outcome.failure) {
    print_error(outcome.failure->text());
  } else {
    incomplete = report(outcome, *station, path);
  }
  if (ending.command && *ending.command != 0) return static_cast<ExitCode>(*ending.command);
  if (ending.failed || outcome.failure) return ExitCode::kVerdict;
  return incomplete ? ExitCode::kPartial : ExitCode::kDone;
}

}  // namespace sentinel::cli
