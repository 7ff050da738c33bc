#include "daemon/grpc_front.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/log.h"
#include "daemon/receiver_work.h"

namespace sentinel::daemon {
namespace {

using net::GrpcReply;
using net::GrpcStatus;

constexpr std::string_view kTraceService = "opentelemetry.proto.collector.trace.v1.TraceService";
constexpr std::size_t kMostReflectionBytes = 4096;  // of a request
constexpr std::string_view kExportPath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

GrpcReply reply(GrpcStatus status, std::string message) { return {status, std::move(message), {}, {}}; }

std::string_view text_of(Delivery::Refusal refusal) {
  switch (refusal) {
    case Delivery::Refusal::kQueueFull:
      return "ingest queue full, retry";
    case Delivery::Refusal::kStopping:
      return "the daemon is stopping, retry elsewhere";
    case Delivery::Refusal::kGivenUp:
      break;
  }
  return "engine/main is down until the daemon is restarted, retry elsewhere";
}

// An export on its way through the engine.
class GrpcDelivery final : public Delivery {
 public:
  GrpcDelivery(net::Call call, DaemonMetrics& metrics, telemetry::Component& receiver)
      : call_(std::move(call)), metrics_(metrics), work_(receiver) {}

  [[nodiscard]] Payload payload() const override { return Payload::kOtlpProtobuf; }
  [[nodiscard]] std::string_view bytes() const override { return call_.message(); }

  void taken(const base::Status& status, std::uint64_t spans) override {
    work_.finish(status.ok(), spans);
    if (status) return call_.finish({});
    base::log_debug("otlp", "export refused: " + status.error().text());
    call_.finish(reply(GrpcStatus::kInternal, "malformed request: " + status.error().what));
  }

  void refused(Refusal refusal) override {
    work_.refused();
    if (refusal == Refusal::kQueueFull) metrics_.otlp_rejected[RejectReason::kChannelFull].add();
    call_.finish(reply(GrpcStatus::kUnavailable, std::string(text_of(refusal))));
  }

 private:
  net::Call call_;
  DaemonMetrics& metrics_;
  ReceiverWork work_;
};

}  // namespace

std::variant<net::MessagePlan, GrpcReply> GrpcFront::on_call(const net::RequestHead& head) {
  if (head.path == net::kHealthCheckPath) return net::MessagePlan{};
  if (std::find(kReflectionPaths.begin(), kReflectionPaths.end(), head.path) != kReflectionPaths.end()) {
    net::MessagePlan plan;
    plan.max_wire = plan.max_decoded = kMostReflectionBytes;
    plan.each = &*reflection_;
    return plan;
  }
  if (head.path != kExportPath) return reply(GrpcStatus::kUnimplemented, "");
  if (parts_->guard != nullptr && parts_->guard->on()) {
    parts_->metrics.otlp_rejected[RejectReason::kMemoryPressure].add();
    return reply(GrpcStatus::kUnavailable, "ingest paused: memory high-water, retry");
  }
  net::MessagePlan plan;
  plan.max_wire = plan.max_decoded = static_cast<std::size_t>(parts_->config.daemon.max_payload_size);
  return plan;
}

void GrpcFront::on_message(net::Call call) {
  if (call.head().path == net::kHealthCheckPath) {
    return call.finish(net::health_reply(call.message(), {{"", true}, {kTraceService, true}}));
  }
  parts_->engine.offer(std::make_unique<GrpcDelivery>(std::move(call), parts_->metrics, parts_->receiver));
}

}  // namespace sentinel::daemon
