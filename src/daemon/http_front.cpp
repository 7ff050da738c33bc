#include "daemon/http_front.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/json_writer.h"
#include "base/log.h"
#include "daemon/openapi.h"
#include "daemon/query_string.h"
#include "daemon/receiver_work.h"
#include "disclosure/instant.h"

namespace sentinel::daemon {
namespace {

using net::Method;
using net::RequestHead;
using net::Response;

// What a path is for.
enum class Purpose : unsigned char {
  kTraces,
  kMetrics,
  kHealth,
  kReady,
  kStatus,
  kConfig,
  kEnergy,
  kFindings,
  kFindingsOfTrace,
  kAck,
  kAcks,
  kExplain,
  kCorrelations,
  kExport,
  kOpenApi,
};

constexpr std::string_view kReadMethods = "GET,HEAD";
constexpr std::string_view kPathNotUtf8 = "invalid path: it is not UTF-8";

Response empty_answer(int status) { return {status, {}, {}}; }

Response not_allowed(std::string_view allowed) { return {405, {{"allow", std::string(allowed)}}, {}}; }

std::string error_json(std::string_view text) {
  std::string body;
  base::JsonWriter(body, base::JsonWriter::Style::kCompact).begin_object().field("error", text).end_object();
  return body;
}

Acknowledgments::Caller caller_of(const RequestHead& head) {
  Acknowledgments::Caller caller;
  caller.user = head.header("x-user-id");
  caller.api_key = head.header("x-api-key");
  return caller;
}

Response ack_response(AckAction action, AckOutcome outcome) {
  const AckAnswer verdict = answer(action, outcome);
  if (verdict.error.empty()) return empty_answer(verdict.status);
  Response response = json_answer(error_json(verdict.error));
  response.status = verdict.status;
  return response;
}

// A request of the OTLP door on its way through the engine.
class HttpDelivery final : public Delivery {
 public:
  HttpDelivery(net::Exchange exchange, Payload payload, DaemonMetrics& metrics, telemetry::Component& receiver)
      : exchange_(std::move(exchange)), payload_(payload), metrics_(metrics), work_(receiver) {}

  [[nodiscard]] Payload payload() const override { return payload_; }
  [[nodiscard]] std::string_view bytes() const override { return exchange_.body(); }

  void taken(const base::Status& status, std::uint64_t spans) override {
    work_.finish(status.ok(), spans);
    if (!status) {
      metrics_.otlp_rejected[RejectReason::kParseError].add();
      base::log_debug("otlp", "request refused: " + status.error().text());
      return exchange_.answer(empty_answer(400));
    }
    // An encoded ExportTraceServiceResponse without partial success is no byte at all.
    exchange_.answer(payload_ == Payload::kOtlpJson ? json_answer("{}") : empty_answer(200));
  }

  void refused(Refusal refusal) override {
    work_.refused();
    if (refusal == Refusal::kQueueFull) {
      metrics_.otlp_rejected[RejectReason::kChannelFull].add();
      base::log_warn("otlp", "ingest queue full: request refused with 503");
    }
    exchange_.answer({503, {{"retry-after", "1"}}, {}});
  }

 private:
  net::Exchange exchange_;
  Payload payload_;
  DaemonMetrics& metrics_;
  ReceiverWork work_;
};

// The media type of a request, without parameters, in lower case.
std::string media_type(const RequestHead& head) {
  std::string_view type = head.header("content-type").value_or("");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
  std::string lower(type);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

std::optional<Payload> payload_of(const RequestHead& head) {
  const std::string type = media_type(head);
  if (type == "application/x-protobuf") return Payload::kOtlpProtobuf;
  if (type == "application/json") return Payload::kOtlpJson;
  return std::nullopt;
}

}  // namespace

// `parameter` stands between `before` and `after` where a path has one.
struct HttpFront::Route {
  std::string_view before;
  std::string_view after;
  bool parameter;
  Purpose purpose;
  std::string_view methods;
};

struct HttpFront::Match {
  const Route* route = nullptr;  // null: no such path
  std::string_view parameter;    // as sent
};

namespace {

bool is_read(Method method) { return method == Method::kGet || method == Method::kHead; }

// Paths that never carry CORS headers: they are for programs, not for pages.
bool outside_cors(std::string_view path) {
  return path == "/v1/traces" || path == "/metrics" || path == "/health" || path == "/readyz";
}

bool allows(std::string_view methods, Method method) {
  if (methods == kReadMethods) return is_read(method);
  if (methods == "POST") return method == Method::kPost;
  return method == Method::kPost || method == Method::kDelete;
}

}  // namespace

HttpFront::Match HttpFront::find_route(std::string_view path) const {
  static constexpr std::array<Route, 15> kRoutes = {{
      {"/v1/traces", "", false, Purpose::kTraces, "POST"},
      {"/metrics", "", false, Purpose::kMetrics, kReadMethods},
      {"/health", "", false, Purpose::kHealth, kReadMethods},
      {"/readyz", "", false, Purpose::kReady, kReadMethods},
      {"/api/status", "", false, Purpose::kStatus, kReadMethods},
      {"/api/config", "", false, Purpose::kConfig, kReadMethods},
      {"/api/energy", "", false, Purpose::kEnergy, kReadMethods},
      {"/api/findings", "", false, Purpose::kFindings, kReadMethods},
      {"/api/findings/", "/ack", true, Purpose::kAck, "POST,DELETE"},
      {"/api/findings/", "", true, Purpose::kFindingsOfTrace, kReadMethods},
      {"/api/acks", "", false, Purpose::kAcks, kReadMethods},
      {"/api/explain/", "", true, Purpose::kExplain, kReadMethods},
      {"/api/correlations", "", false, Purpose::kCorrelations, kReadMethods},
      {"/api/export/report", "", false, Purpose::kExport, kReadMethods},
      {"/api/openapi.json", "", false, Purpose::kOpenApi, kReadMethods},
  }};
  const bool api = path.starts_with("/api/");
  if (api && !parts_->config.daemon.api_enabled) return {};
  for (const Route& route : kRoutes) {
    if (!route.parameter) {
      if (path == route.before) return {&route, {}};
      continue;
    }
    if (!path.starts_with(route.before) || !path.ends_with(route.after)) continue;
    if (path.size() <= route.before.size() + route.after.size()) continue;
    const std::string_view parameter = path.substr(route.before.size(), path.size() - route.before.size() - route.after.size());
    if (parameter.find('/') == std::string_view::npos) return {&route, parameter};
  }
  return {};
}

Response HttpFront::with_cors(const RequestHead& head, Response response) const {
  const std::vector<std::string>& origins = parts_->config.daemon.cors.allowed_origins;
  if (origins.empty() || outside_cors(head.path)) return response;
  if (origins.size() == 1 && origins.front() == "*") {
    response.headers.push_back({"access-control-allow-origin", "*"});
    return response;
  }
  response.headers.push_back({"vary", "origin"});
  const std::optional<std::string_view> origin = head.header("origin");
  if (!origin) return response;
  if (std::ranges::find(origins, *origin) != origins.end()) {  // an entry may stand there twice, the header may not
    response.headers.push_back({"access-control-allow-origin", std::string(*origin)});
  }
  return response;
}

std::variant<net::BodyPlan, Response> HttpFront::traces_head(const RequestHead& head) const {
  const auto refuse = [&](Response response) {
    if (head.method != Method::kPost) response.headers.push_back({"allow", "POST"});
    return response;
  };
  if (parts_->guard != nullptr && parts_->guard->on()) {
    parts_->metrics.otlp_rejected[RejectReason::kMemoryPressure].add();
    return refuse({503, {{"retry-after", "1"}}, {}});
  }
  net::BodyPlan plan;
  plan.max_wire = plan.max_decoded = static_cast<std::size_t>(parts_->config.daemon.max_payload_size);
  if (head.content_length.value_or(0) > plan.max_wire) {
    return refuse(text_answer(413, "the body is larger than [daemon] max_payload_size"));
  }
  if (const std::optional<std::string_view> name = head.header("content-encoding")) {
    const std::optional<net::Encoding> encoding = net::encoding_named(*name);
    if (!encoding) return refuse({415, {{"accept-encoding", "gzip,deflate"}}, {}});  // and zstd, for who knows
    plan.encoding = *encoding;
  }
  if (head.method != Method::kPost) return not_allowed("POST");
  return plan;
}

std::variant<net::BodyPlan, Response> HttpFront::on_head(const RequestHead& head) {
  const Match match = find_route(head.path);
  if (match.route != nullptr && match.route->purpose == Purpose::kTraces) return traces_head(head);
  const bool cors = !parts_->config.daemon.cors.allowed_origins.empty() && !outside_cors(head.path);
  if (cors && head.method == Method::kOptions) {
    Response response = empty_answer(200);
    response.headers = {{"access-control-allow-methods", "GET,POST,DELETE,OPTIONS"},
                        {"access-control-allow-headers", "content-type,x-api-key"},
                        {"access-control-max-age", "120"}};
    if (match.route != nullptr) response.headers.push_back({"allow", std::string(match.route->methods)});
    return with_cors(head, std::move(response));
  }
  if (match.route == nullptr) return with_cors(head, empty_answer(404));
  if (!allows(match.route->methods, head.method)) return with_cors(head, not_allowed(match.route->methods));
  net::BodyPlan plan;
  plan.max_wire = plan.max_decoded = kMaxApiBodyBytes;
  return plan;
}

// The signature and the type come before the body: a body that could not be read changes nothing about them.
std::optional<Response> HttpFront::ack_head_fault(const RequestHead& head) const {
  const Match match = find_route(head.path);
  if (match.route == nullptr || match.route->purpose != Purpose::kAck || head.method != Method::kPost) return std::nullopt;
  if (!decode_segment(match.parameter)) return text_answer(400, std::string(kPathNotUtf8));
  AckRequestAnswer answer = parse_ack_request(head.header("content-type"), {});
  if (answer.status != 415) return std::nullopt;
  return text_answer(answer.status, std::move(answer.text));
}

Response HttpFront::on_problem(const RequestHead& head, net::BodyProblem problem) {
  const bool too_large = problem == net::BodyProblem::kTooLargeDeclared || problem == net::BodyProblem::kTooLargeDecoded;
  const bool otlp = head.path == "/v1/traces";
  if (problem == net::BodyProblem::kNoSlot) return {503, {{"retry-after", "1"}}, {}};
  if (std::optional<Response> fault = ack_head_fault(head)) return with_cors(head, *std::move(fault));
  if (too_large || (!otlp && problem == net::BodyProblem::kTooLargeOnWire)) {
    return with_cors(head,
                     text_answer(413, otlp ? "the body is larger than [daemon] max_payload_size" : "the body is too large"));
  }
  if (problem == net::BodyProblem::kTooLargeOnWire) {
    return text_answer(400, "the body is larger than [daemon] max_payload_size");
  }
  return with_cors(head, text_answer(400, "the body cannot be read as its headers describe it"));
}

void HttpFront::traces(net::Exchange exchange) {
  if (parts_->guard != nullptr && parts_->guard->on()) {
    parts_->metrics.otlp_rejected[RejectReason::kMemoryPressure].add();
    return exchange.answer({503, {{"retry-after", "1"}}, {}});
  }
  const std::optional<Payload> payload = payload_of(exchange.head());
  if (!payload) {
    parts_->metrics.otlp_rejected[RejectReason::kUnsupportedMediaType].add();
    return exchange.answer(empty_answer(415));
  }
  parts_->engine.offer(std::make_unique<HttpDelivery>(std::move(exchange), *payload, parts_->metrics, parts_->receiver));
}

void HttpFront::answer_scrape(net::Exchange exchange) {
  parts_->engine.ask(
      [this, exchange = std::move(exchange)]() mutable { exchange.answer(scrape(parts_->scrape, exchange.head())); });
}

void HttpFront::ask(net::Exchange exchange, Response (*answer)(const Api&, const RequestHead&, const std::string&),
                    std::string parameter) {
  parts_->engine.ask([this, answer, exchange = std::move(exchange), parameter = std::move(parameter)]() mutable {
    Response response = answer(parts_->api, exchange.head(), parameter);
    response = with_cors(exchange.head(), std::move(response));
    exchange.answer(std::move(response));
  });
}

void HttpFront::write_ack(net::Exchange exchange, std::string signature) {
  const auto finish = [this](net::Exchange& to, Response response) {
    response = with_cors(to.head(), std::move(response));
    to.answer(std::move(response));
  };
  const bool add = exchange.head().method == Method::kPost;
  AckRequestAnswer request;
  if (add) {
    request = parse_ack_request(exchange.head().header("content-type"), exchange.body());
    if (request.status != 0) return finish(exchange, text_answer(request.status, std::move(request.text)));
  }
  parts_->writes.post([this, add, finish, exchange = std::move(exchange), signature = std::move(signature),
                       request = std::move(request.request)]() mutable {
    const Acknowledgments::Caller caller = caller_of(exchange.head());
    Acknowledgments& acks = *parts_->acknowledgments;
    const AckOutcome outcome = add ? acks.add(signature, request, caller, disclosure::wall_now())
                                   : acks.revoke(signature, caller, disclosure::wall_now());
    finish(exchange, ack_response(add ? AckAction::kAck : AckAction::kUnack, outcome));
  });
}

void HttpFront::on_request(net::Exchange exchange) {
  const RequestHead& head = exchange.head();
  const Match match = find_route(head.path);
  std::string parameter;
  if (match.route->parameter) {
    std::optional<std::string> decoded = decode_segment(match.parameter);
    if (!decoded) {
      Response response = with_cors(head, text_answer(400, std::string(kPathNotUtf8)));
      return exchange.answer(std::move(response));
    }
    parameter = std::move(*decoded);
  }
  const auto query = [&](Response (*answer)(const Api&, const RequestHead&, const std::string&)) {
    ask(std::move(exchange), answer, std::move(parameter));
  };
  const auto now = [&](Response answer) {
    answer = with_cors(head, std::move(answer));
    exchange.answer(std::move(answer));
  };
  switch (match.route->purpose) {
    case Purpose::kTraces:
      return traces(std::move(exchange));
    case Purpose::kMetrics:
      return answer_scrape(std::move(exchange));
    case Purpose::kHealth:
      return now(json_answer("{\"status\":\"ok\",\"version\":\"" SENTINEL_VERSION "\"}"));
    case Purpose::kReady:
      return now(readiness(parts_->phase.load(), parts_->health, head));
    case Purpose::kStatus:
      return query([](const Api& api, const RequestHead&, const std::string&) { return api.status(); });
    case Purpose::kConfig:
      return now(parts_->api.configuration());
    case Purpose::kEnergy:
      return now(parts_->api.energy());
    case Purpose::kFindings:
      return query([](const Api& api, const RequestHead& h, const std::string&) { return api.findings(h.query); });
    case Purpose::kFindingsOfTrace:
      return query([](const Api& api, const RequestHead&, const std::string& id) { return api.findings_of_trace(id); });
    case Purpose::kExplain:
      return query([](const Api& api, const RequestHead&, const std::string& id) { return api.explain(id); });
    case Purpose::kCorrelations:
      return query([](const Api& api, const RequestHead&, const std::string&) { return api.correlations(); });
    case Purpose::kExport:
      return query([](const Api& api, const RequestHead&, const std::string&) { return api.export_report(); });
    case Purpose::kOpenApi:
      return now(json_answer(std::string(openapi_document())));
    case Purpose::kAck:
      return write_ack(std::move(exchange), std::move(parameter));
    case Purpose::kAcks:
      if (!parts_->acknowledgments->authorized(caller_of(head))) {
        return now(ack_response(AckAction::kAck, AckOutcome::kUnauthorized));
      }
      return now(json_answer(parts_->acknowledgments->list_json(disclosure::wall_now())));
  }
}

}  // namespace sentinel::daemon
