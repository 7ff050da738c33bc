// `ack`: accepting findings in a running daemon (chapter 06 §8).
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/remote/daemon_api.h"
#include "cli/remote/expires.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "disclosure/instant.h"
#include "disclosure/json_tree.h"
#include "net/url.h"
#include "report/daemon_text.h"

namespace sentinel::cli {
namespace {

using disclosure::Instant;
using disclosure::JsonNode;

constexpr std::size_t kMaxSignature = 1024;
constexpr std::size_t kMaxKey = 1024;
constexpr std::uint32_t kLeap = 1'000'000'000;  // nanoseconds from which an Instant is in a leap second

constexpr std::size_t kMostInput = 64 << 10;  // more than a signature and blanks around it

// Standard input, at most kMostInput bytes of it.
std::string read_stdin() {
  std::string text(kMostInput, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < text.size() && (got = ::read(STDIN_FILENO, text.data() + size, text.size() - size)) > 0) {
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

// --signature, else standard input unless a person sits there.
base::Result<std::string> signature_of(const Arguments& arguments) {
  if (const auto text = arguments.text("signature")) {
    const std::string_view signature = base::trim(*text);
    if (signature.empty()) return base::Error{"--signature is empty", {}, {}};
    return std::string(signature);
  }
  if (::isatty(STDIN_FILENO) == 1) {
    return base::Error{"no signature: give --signature, or write it to standard input", {}, "reports show it as \"signature\""};
  }
  const std::string text = read_stdin();
  if (!base::is_valid_utf8(text)) return base::Error{"standard input does not hold UTF-8 text", {}, {}};
  const std::string_view signature = base::trim(text);
  if (signature.empty()) return base::Error{"standard input holds no signature", {}, {}};
  if (signature.size() > kMaxSignature || text.size() == kMostInput)
    return base::Error{"standard input holds more than a signature of 1024 bytes", {}, {}};
  return std::string(signature);
}

// A line without echo; empty when nothing was typed.
std::string ask_key() {
  write_stderr("API key of the daemon: ");
  termios before{};
  const bool silent = ::tcgetattr(STDIN_FILENO, &before) == 0;
  termios quiet = before;
  quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  if (silent) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  std::string key;
  char c = 0;
  while (key.size() < kMaxKey && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') key += c;
  if (silent) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  write_stderr("\n");
  return std::string(base::trim(key));
}

// The three things that are asked of a daemon: how, what a good answer is, and what each other one means.
struct Action {
  std::string_view method;
  int expected;
  std::string_view name;
};
constexpr Action kCreate = {"POST", 201, "create"};
constexpr Action kRevoke = {"DELETE", 204, "revoke"};
constexpr Action kList = {"GET", 200, "list"};

struct Refusal {
  int status;
  std::string_view action;  // empty: any
  std::string_view what;
  std::string_view hints;  // lines
};
constexpr Refusal kRefusals[] = {
    {400, {}, "the daemon does not take this for a signature", "copy it from a report: type:service:endpoint:32 hex digits\n"},
    {401,
     {},
     "the daemon wants an API key",
     "set PERF_SENTINEL_DAEMON_API_KEY\nor name a file that holds it with --api-key-file\n"},
    {404, "revoke", "there is no such acknowledgment in the daemon", "`perf-sentinel ack list` shows those that there are\n"},
    {409, "create", "this finding is acknowledged already", ""},
    {503, {}, "the daemon keeps no acknowledgments", "its log says why; [daemon.ack] enabled and storage_path decide\n"},
    {507, "create", "the daemon's store of acknowledgments is full", "revoke some that are no longer needed\n"},
};

ExitCode refused(const Action& action, int status, std::string_view url, std::string_view signature) {
  const Refusal* known = nullptr;
  for (const Refusal& r : kRefusals) {
    if (r.status == status && (r.action.empty() || r.action == action.name)) known = &r;
  }
  print_error(known != nullptr ? std::string(known->what)
                               : concat({"HTTP ", std::to_string(status), " on ", action.name, " at ", url}));
  std::string_view hints = known != nullptr ? known->hints : std::string_view();
  while (!hints.empty()) {
    const std::size_t end = hints.find('\n');
    write_stderr(concat({"hint: ", hints.substr(0, end), "\n"}));
    hints.remove_prefix(end + 1);
  }
  if (status == 409 && known != nullptr) {
    write_stderr(
        concat({"hint: to replace it, first: perf-sentinel ack revoke --signature '", base::for_terminal(signature), "'\n"}));
  }
  if (status / 100 == 4) return ExitCode::kUsage;
  return status / 100 == 5 ? ExitCode::kComment : ExitCode::kVerdict;
}

// The daemon's answer if it is the expected one; else nullopt, and *code and standard error say why.
std::optional<std::string> call(const Arguments& arguments, const Action& action, std::string_view signature,
                                const std::string& body, ExitCode* code) {
  *code = ExitCode::kVerdict;
  const auto url = daemon_url(arguments.text("daemon").value_or(""));
  if (!url) {
    print_error(url.error().text());
    return std::nullopt;
  }
  auto key = daemon_api_key(arguments);
  if (!key) {
    print_error(key.error().text());
    return std::nullopt;
  }
  DaemonApi daemon(*url, "perf-sentinel-ack");
  daemon.use_key(std::move(*key));
  const std::string path =
      signature.empty() ? "/api/acks" : concat({"/api/findings/", net::percent_encode(signature, ":"), "/ack"});
  net::HttpOutcome outcome = daemon.call(action.method, path, body);
  if (outcome.answered() && outcome.answer.status == 401 && !daemon.has_key() && ::isatty(STDIN_FILENO) == 1) {
    if (std::string typed = ask_key(); !typed.empty()) {
      daemon.use_key(std::move(typed));
      outcome = daemon.call(action.method, path, body);
    }
  }
  if (!outcome.answered()) {
    print_error(concat({"cannot reach daemon at ", *url}));
    write_stderr(concat({"caused by: ", base::for_terminal(outcome.error.text()), "\n"}));
    write_stderr("hint: start it with `perf-sentinel watch`, or name it with --daemon\n");
    return std::nullopt;
  }
  if (outcome.answer.status == action.expected) return std::move(outcome.answer.body);
  *code = refused(action, outcome.answer.status, *url, signature);
  return std::nullopt;
}

ExitCode print_answer(const std::string& text) {
  const base::Status written = write_stdout(text);
  if (!written) return refuse(ExitCode::kVerdict, written.error());
  return ExitCode::kDone;
}

// --by, else the user's name, else "anonymous"; blank ones do not count.
std::string author(const Arguments& arguments) {
  if (const auto by = arguments.text("by"); by && !base::is_blank(*by)) return std::string(*by);
  const char* user = std::getenv("USER");
  return user != nullptr && !base::is_blank(user) ? user : "anonymous";
}

}  // namespace

ExitCode run_ack_create(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto signature = signature_of(arguments);
  if (!signature) return refuse(ExitCode::kVerdict, signature.error());
  std::optional<Instant> expires;
  if (const auto text = arguments.text("expires")) {
    const auto parsed = parse_expires(*text, disclosure::wall_now());
    if (!parsed) return refuse(ExitCode::kVerdict, parsed.error());
    expires = *parsed;
  }
  const std::string by = author(arguments);
  const std::string reason(arguments.text("reason").value_or(""));
  std::string body;
  base::JsonWriter json(body, base::JsonWriter::Style::kCompact);
  json.begin_object().field("by", by).field("reason", reason);
  if (expires) json.field("expires_at", disclosure::instant_text(*expires));
  json.end_object();

  ExitCode code = ExitCode::kDone;
  if (!call(arguments, kCreate, *signature, body, &code)) return code;
  std::string until = "never";
  if (expires) {
    const std::uint32_t leap_second = expires->nanoseconds < kLeap ? 0 : kLeap;  // a 60th second is shown as one
    until = concat(
        {disclosure::instant_text({expires->seconds, leap_second}), " (", time_left(*expires, disclosure::wall_now()), ")"});
  }
  return print_answer(concat({"Acknowledgment created\n  Signature:  ", base::for_terminal(*signature),
                              "\n  By:         ", base::for_terminal(by), "\n  Reason:     ", base::for_terminal(reason),
                              "\n  Expires:    ", until, "\n"}));
}

ExitCode run_ack_revoke(const Invocation& invocation) {
  const auto signature = signature_of(invocation.arguments);
  if (!signature) return refuse(ExitCode::kVerdict, signature.error());
  ExitCode code = ExitCode::kDone;
  if (!call(invocation.arguments, kRevoke, *signature, {}, &code)) return code;
  return print_answer(concat({"Acknowledgment revoked\n  Signature:  ", base::for_terminal(*signature), "\n"}));
}

ExitCode run_ack_list(const Invocation& invocation) {
  ExitCode code = ExitCode::kDone;
  const auto body = call(invocation.arguments, kList, {}, {}, &code);
  if (!body) return code;
  base::Arena arena;
  const auto root = disclosure::parse_json(*body, arena);
  if (!root || !root->is(JsonNode::Kind::kArray))
    return refuse(ExitCode::kVerdict, "the daemon's answer is not a list of acknowledgments");
  if (invocation.arguments.text("output") == "json") return print_answer(disclosure::pretty_json(*root));

  constexpr std::string_view kNote =
      "Those of an acknowledgments file (TOML) are not listed here: the file itself shows them.\n";
  if (root->items().empty()) return print_answer(concat({"No acknowledgments in the daemon.\n", kNote}));
  std::vector<report::DaemonAck> acks;
  for (const JsonNode& item : root->items()) {
    const auto text = [&](std::string_view key) {
      const JsonNode* value = item.find(key);
      return value != nullptr && value->is(JsonNode::Kind::kString) ? std::optional(value->text()) : std::nullopt;
    };
    if (!text("signature") || !text("by") || !text("at")) {
      return refuse(ExitCode::kVerdict,
                    "the daemon's answer is not a list of acknowledgments: one lacks its signature, author or time");
    }
    acks.push_back({.signature = *text("signature"),
                    .by = *text("by"),
                    .at = *text("at"),
                    .expires_at = text("expires_at").value_or(""),
                    .reason = text("reason").value_or("")});
  }
  return print_answer(concat({report::acknowledgments_text(acks), kNote}));
}

}  // namespace sentinel::cli
