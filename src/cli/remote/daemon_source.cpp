#include "cli/remote/daemon_source.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/json_writer.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/remote/expires.h"
#include "cli/texts/concat.h"
#include "disclosure/instant.h"
#include "net/url.h"

namespace sentinel::cli {
namespace {

using disclosure::JsonNode;

constexpr std::string_view kFindings = "/api/findings?limit=1000&include_acked=true";
constexpr std::size_t kAtOnce = 16;          // requests
constexpr std::size_t kLongestReason = 200;  // bytes of what a daemon says

base::Error error(std::string what) { return {std::move(what), {}, {}}; }

base::Status refused(int status, std::string_view body) {
  struct Meaning {
    int status;
    std::string_view text;
  };
  constexpr Meaning kMeanings[] = {
      {400, "rejected: the daemon does not take this for a signature"},
      {401, "API key required: set PERF_SENTINEL_DAEMON_API_KEY, or start with --api-key-file"},
      {404, "not found: there is no active acknowledgment of this finding"},
      {409, "conflict: this finding is acknowledged already"},
      {503, "disabled: the daemon keeps no acknowledgments"},
      {507, "full: the daemon has no room for another acknowledgment"},
  };
  const auto known = std::ranges::find(kMeanings, status, &Meaning::status);
  if (known != std::end(kMeanings)) return error(std::string(known->text));
  std::string said = base::for_terminal(body.substr(0, kLongestReason));
  return error(concat({"the daemon answered with HTTP ", std::to_string(status), said.empty() ? "" : ": ", said}));
}

}  // namespace

DaemonSource::~DaemonSource() {
  wake_.call();
  for (Change& change : changes_) change.thread.join();
}

DaemonSource::Authors DaemonSource::authors_of(const DaemonFindings& rows) {
  Authors out;
  for (std::size_t i = 0; i < rows.findings.size(); ++i) {
    if (rows.accepted_by[i]) out.emplace(rows.findings[i].signature, *rows.accepted_by[i]);
  }
  return out;
}

base::Status DaemonSource::fetch() {
  net::HttpOutcome outcome = api_.call("GET", kFindings);
  if (!outcome.answered()) return error(concat({"cannot reach the daemon: ", outcome.error.text()}));
  if (outcome.answer.status / 100 != 2) {
    return error(concat({"the daemon at ", api_.url(), " answered with HTTP status ", std::to_string(outcome.answer.status)}));
  }
  findings_body_ = std::move(outcome.answer.body);
  const auto root = disclosure::parse_json(findings_body_, findings_arena_);
  if (!root || !root->is(JsonNode::Kind::kArray))
    return error(concat({"the answer of ", api_.url(), " is no list of findings"}));
  take_findings(*root);
  if (!saved_.report.findings.empty()) fetch_the_rest();
  return base::success();
}

void DaemonSource::take_findings(const JsonNode& root) {
  DaemonFindings rows = daemon_findings(root, findings_arena_);
  authors_ = authors_of(rows);
  unreadable_ = rows.unreadable;
  seen_counts_ = std::move(rows.seen_counts);
  saved_.report.findings = std::move(rows.findings);
  std::unordered_set<std::string_view> seen;
  for (const model::Finding& finding : saved_.report.findings) {
    if (seen.insert(finding.trace_id).second) traces_.push_back(finding.trace_id);
  }
}

void DaemonSource::fetch_the_rest() {
  std::vector<std::string> paths = {"/api/export/report", "/api/correlations"};
  const std::size_t first_tree = paths.size();
  for (const std::string_view trace : traces_) paths.push_back(concat({"/api/explain/", net::percent_encode(trace)}));
  std::vector<std::string> bodies(paths.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < paths.size(); i = next++) {
      net::HttpOutcome outcome = api_.call("GET", paths[i]);
      if (outcome.answered() && outcome.answer.status == 200) bodies[i] = std::move(outcome.answer.body);
    }
  };
  std::vector<std::thread> threads(std::min(kAtOnce, paths.size()));
  for (std::thread& thread : threads) thread = std::thread(work);
  for (std::thread& thread : threads) thread.join();
  take_summary(std::move(bodies[0]));
  take_correlations(std::move(bodies[1]));
  for (std::size_t i = first_tree; i < paths.size(); ++i) take_tree(traces_[i - first_tree], std::move(bodies[i]));
}

void DaemonSource::take_tree(std::string_view trace_id, std::string body) {
  if (body.empty()) return;
  auto parsed = std::make_unique<Parsed>();
  parsed->body = std::move(body);
  const auto root = disclosure::parse_json(parsed->body, parsed->arena);
  if (!root || root->find("roots") == nullptr) return;
  parsed->tree = daemon_tree(*root);
  parsed->tree.tree.trace_id = trace_id;
  trees_.emplace(trace_id, std::move(parsed));
}

void DaemonSource::take_correlations(std::string body) {
  base::Arena arena;
  const auto root = disclosure::parse_json(body, arena);
  if (root) saved_.report.correlations = daemon_correlations(*root);
}

void DaemonSource::take_summary(std::string body) {
  report_body_ = std::move(body);
  if (report_body_.empty()) return;
  auto saved = analysis::read_saved_report(report_body_);
  if (!saved) return;
  saved->report.findings = std::move(saved_.report.findings);
  saved_ = std::move(*saved);
  has_summary_ = true;
}

std::optional<std::string_view> DaemonSource::accepted_by(const model::Finding& finding) const {
  const auto at = authors_.find(std::string(finding.signature));
  if (at == authors_.end()) return std::nullopt;
  return at->second;
}

const analysis::ExplainTree* DaemonSource::tree(std::string_view trace_id) {
  if (const auto at = trees_.find(trace_id); at != trees_.end()) return &at->second->tree.tree;
  if (embedded_ && embedded_->trace_id == trace_id) return &*embedded_;
  const auto at = std::ranges::find(saved_.embedded_traces, trace_id, &analysis::EmbeddedTrace::trace_id);
  if (at == saved_.embedded_traces.end()) return nullptr;
  embedded_ = analysis::build_explain_tree(at->trace_id, at->spans, saved_.report.findings);
  return &*embedded_;
}

base::Status DaemonSource::start(const tui::AckChange& wanted) {
  std::string body;
  if (!wanted.revoke) {
    base::JsonWriter json(body, base::JsonWriter::Style::kCompact);
    json.begin_object().field("by", wanted.by).field("reason", wanted.reason);
    if (!base::is_blank(wanted.expires)) {
      const auto expires = parse_expires(base::trim(wanted.expires), disclosure::wall_now());
      if (!expires) return error(concat({"expires: ", expires.error().text()}));
      json.field("expires_at", disclosure::instant_text(*expires));
    }
    json.end_object();
  }
  Change& change = changes_.emplace_back();
  current_ = &change;
  const std::string path = concat({"/api/findings/", net::percent_encode(wanted.signature, ":"), "/ack"});
  change.thread = std::thread([this, &change, path, body = std::move(body), revoke = wanted.revoke] {
    const net::HttpOutcome outcome = writes_.call(revoke ? "DELETE" : "POST", path, body, wake_.fd());
    if (!outcome.answered()) {
      change.result = error(concat({"cannot reach the daemon: ", outcome.error.text()}));
    } else if (outcome.answer.status != (revoke ? 204 : 201)) {
      change.result = refused(outcome.answer.status, outcome.answer.body);
    } else {
      const net::HttpOutcome list = api_.call("GET", kFindings, {}, wake_.fd());
      base::Arena arena;
      const auto root = disclosure::parse_json(list.answer.body, arena);
      if (list.answered() && list.answer.status == 200 && root) change.authors = authors_of(daemon_findings(*root, arena));
    }
    if (!change.result) base::log_info("inspect", change.result.error().text());
    change.done.store(true, std::memory_order_release);
  });
  return base::success();
}

std::optional<base::Status> DaemonSource::poll() {
  if (current_ == nullptr || !current_->done.load(std::memory_order_acquire)) return std::nullopt;
  Change& change = *std::exchange(current_, nullptr);
  if (change.authors) authors_ = std::move(*change.authors);
  return change.result;
}

}  // namespace sentinel::cli
