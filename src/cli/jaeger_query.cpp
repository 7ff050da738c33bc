// `jaeger-query`: traces from the query API of Jaeger or VictoriaTraces (chapter 02 §4).
#include <algorithm>
#include <chrono>
#include <string>

#include "analysis/run.h"
#include "base/json_reader.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/remote/outgoing.h"
#include "cli/remote/trace_pull.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "ingest/byte_source.h"
#include "ingest/format.h"
#include "net/url.h"

namespace sentinel::cli {
namespace {

constexpr std::size_t kMaxTraceId = 128;
constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
constexpr std::size_t kLargeBytes = std::size_t{16} << 20;
constexpr net::HttpBounds kJaegerQueryBounds = {
    .head = std::chrono::seconds(60), .total = std::chrono::seconds(60), .max_body = kMaxBytes};
constexpr std::string_view kWrongComponent = "--endpoint must lead to the query API, with its path prefix if it has one";

ExitCode jaeger_query_failed(const base::Error& error) {
  print_error("Jaeger query API: " + error.text());
  return ExitCode::kCannotRun;
}

// What is wrong with a trace id; empty when nothing is.
std::string id_problem(std::string_view id) {
  if (id.empty()) return "it is empty";
  if (id.size() > kMaxTraceId) {
    return concat({"it has ", std::to_string(id.size()), " characters, the limit is ", std::to_string(kMaxTraceId)});
  }
  const bool hex = std::ranges::all_of(id, [](char c) {
    const char lower = base::to_lower(c);
    return base::is_digit(c) || (lower >= 'a' && lower <= 'f');
  });
  return hex ? std::string() : "it has characters that are no hex digits";
}

std::string url_of(const PullPlan& plan) {
  if (plan.trace_id) return concat({plan.endpoint, "/api/traces/", *plan.trace_id});
  return concat({plan.endpoint, "/api/traces?service=", net::encode_query_value(*plan.service),
                 "&lookback=", std::to_string(plan.lookback_seconds), "s&limit=", std::to_string(plan.max_traces)});
}

// The number of elements of the root's "data"; 0 for what is no such document.
std::size_t traces_in(std::string_view body) {
  base::Arena scratch;
  base::JsonReader json(body, scratch, 1024);
  std::size_t traces = 0;
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    if (json.key() != "data") {
      json.skip();
      continue;
    }
    for (bool item = json.enter_array(); item; item = json.next_item()) {
      json.skip();
      ++traces;
    }
    return traces;
  }
  return traces;
}

}  // namespace

ExitCode run_jaeger_query(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  Planned planned = plan_pull(arguments);
  if (!planned.plan) return planned.refusal;
  PullPlan& plan = *planned.plan;
  if (plan.trace_id) {
    if (const std::string problem = id_problem(*plan.trace_id); !problem.empty()) {
      return jaeger_query_failed({concat({"invalid trace id: ", problem}), {}, {}});
    }
  }
  if (plan.header) base::log_info("jaeger-query", "sending the header " + base::ascii_lower(plan.header->name));

  const Stopwatch watch;
  net::HttpRequest request;
  request.url = url_of(plan);
  request.headers = {{"User-Agent", std::string(kUserAgent)}, {"Accept", "application/json"}};
  if (plan.header) request.headers.emplace_back(plan.header->name, plan.header->value);
  const auto client = make_client();
  net::HttpOutcome outcome = client->send(request, kJaegerQueryBounds);
  if (!outcome.answered()) {
    if (outcome.fault == net::HttpFault::kTooLarge) outcome.error.hint = "lower --max-traces";
    return jaeger_query_failed(outcome.error);
  }
  const std::string place = net::redacted_url(request.url);
  if (plan.trace_id && outcome.answer.status == 404) return jaeger_query_failed({"trace not found", place, {}});
  if (outcome.answer.status != 200)
    return jaeger_query_failed(status_error(outcome.answer.status, request.url, kWrongComponent));
  const std::string& body = outcome.answer.body;
  if (body.size() >= kLargeBytes)
    base::log_info("jaeger-query", concat({"large answer: ", std::to_string(body.size()), " bytes"}));

  const auto source = ingest::memory_source(body, place);
  auto run = analysis::load_traces(*source, &ingest::kJaeger, thread_count(arguments), plan.loaded.config, true);
  if (!run) return jaeger_query_failed(run.error());
  const std::size_t traces = traces_in(body);
  if (plan.service && traces == 0) {
    return jaeger_query_failed({concat({"no traces found for the service '", base::for_terminal(*plan.service), "'"}),
                                {},
                                "widen --lookback or check the service name"});
  }
  base::log_info("jaeger-query",
                 concat({"fetched ", std::to_string(traces), " traces, ", std::to_string((*run)->events()), " events"}));
  return report_pulled(arguments, plan, std::move(*run), {}, "jaeger-query", watch.nanoseconds() / 1'000'000);
}

}  // namespace sentinel::cli
