#include "cli/capture/doors.h"

#include <memory>
#include <string>
#include <utility>

#include "base/text.h"
#include "ingest/otlp/json_line.h"

namespace sentinel::cli {
namespace {

using net::GrpcReply;
using net::GrpcStatus;
using net::Response;

constexpr std::size_t kMaxRequest = std::size_t{16} << 20;
constexpr std::string_view kHttpPath = "/v1/traces";
constexpr std::string_view kGrpcPath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

Response plain(int status) { return {.status = status, .headers = {}, .body = {}}; }

Response explained(int status, std::string text) {
  return {.status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(text) + "\n"};
}

GrpcReply reply(GrpcStatus status, std::string message = {}) {
  return {.status = status, .message = std::move(message), .response = {}, .trailers = {}};
}

bool is_protobuf(const net::RequestHead& head) {
  const std::string_view type = head.header("content-type").value_or("");
  return base::equals_ignoring_case(base::trim(type.substr(0, type.find(';'))), "application/x-protobuf");
}

// The encodings of this listener, by their exact names.
std::optional<net::Encoding> encoding_of(const net::RequestHead& head) {
  const auto name = head.header("content-encoding");
  if (!name || *name == "identity") return net::Encoding::kIdentity;
  if (*name == "gzip") return net::Encoding::kGzip;
  if (*name == "deflate") return net::Encoding::kDeflate;
  return std::nullopt;
}

}  // namespace

std::variant<net::BodyPlan, Response> HttpDoor::on_head(const net::RequestHead& head) {
  if (head.path != kHttpPath) return plain(404);
  if (head.method != net::Method::kPost) return Response{.status = 405, .headers = {{"Allow", "POST"}}, .body = {}};
  if (writer_.full()) {
    ++refusals_.backpressure;
    return plain(503);
  }
  const auto encoding = encoding_of(head);
  if (!encoding) return Response{.status = 415, .headers = {{"Accept-Encoding", "gzip,deflate"}}, .body = {}};
  return net::BodyPlan{.max_wire = kMaxRequest, .max_decoded = kMaxRequest, .encoding = *encoding, .slots = &slots_};
}

void HttpDoor::on_request(net::Exchange exchange) {
  const bool usable_type = is_protobuf(exchange.head());
  if (!usable_type || !ingest::otlp::check_request(exchange.body())) {
    ++refusals_.unusable;
    exchange.answer(plain(usable_type ? 400 : 415));
    return;
  }
  std::string message(exchange.body());
  exchange.release_body();
  const auto waiting = std::make_shared<net::Exchange>(std::move(exchange));
  writer_.submit(std::move(message), [this, waiting](Intake verdict) {
    if (verdict != Intake::kAccepted) ++refusals_.backpressure;
    waiting->answer(plain(verdict == Intake::kAccepted ? 200 : 503));
  });
}

Response HttpDoor::on_problem(const net::RequestHead&, net::BodyProblem problem) {
  switch (problem) {
    case net::BodyProblem::kTooLargeDeclared:
    case net::BodyProblem::kTooLargeDecoded:
      return explained(413, "the request is larger than 16 MiB");
    case net::BodyProblem::kTooLargeOnWire:
      return explained(400, "the body is larger than 16 MiB");
    case net::BodyProblem::kUndecodable:
      return explained(400, "the body is not what its Content-Encoding says");
    case net::BodyProblem::kUnreadable:
      return explained(400, "the body's chunks are malformed");
    case net::BodyProblem::kNoSlot:
      break;
  }
  ++refusals_.backpressure;
  return plain(503);
}

std::variant<net::MessagePlan, GrpcReply> GrpcDoor::on_call(const net::RequestHead& head) {
  if (head.path != kGrpcPath) return reply(GrpcStatus::kUnimplemented, "only TraceService/Export is served");
  if (writer_.full()) {
    ++refusals_.backpressure;
    return reply(GrpcStatus::kUnavailable, "the queue of the trace file is full, retry");
  }
  return net::MessagePlan{.max_wire = kMaxRequest, .max_decoded = kMaxRequest, .slots = &slots_};
}

void GrpcDoor::on_message(net::Call call) {
  if (const base::Status valid = ingest::otlp::check_request(call.message()); !valid) {
    call.finish(reply(GrpcStatus::kInternal, valid.error().text()));
    return;
  }
  std::string message(call.message());
  call.release_message();
  const auto waiting = std::make_shared<net::Call>(std::move(call));
  writer_.submit(std::move(message), [this, waiting](Intake verdict) {
    if (verdict == Intake::kAccepted) return waiting->finish(reply(GrpcStatus::kOk));
    ++refusals_.backpressure;
    const bool full = verdict == Intake::kFull;
    waiting->finish(reply(full ? GrpcStatus::kUnavailable : GrpcStatus::kInternal,
                          full ? "the queue of the trace file is full, retry" : "the trace file is closed"));
  });
}

}  // namespace sentinel::cli
