// The two listeners of `capture`: OTLP traces over HTTP and over gRPC, handed to a TraceWriter (chapter 02 §1.3).
//
// Handlers are called by the loops of a server, many at once; the counters may be read from any thread.
#pragma once

#include <atomic>
#include <cstdint>

#include "cli/capture/trace_writer.h"
#include "net/grpc.h"
#include "net/http.h"

namespace sentinel::cli {

// Requests whose spans are not in the file.
struct CaptureRefusals {
  std::atomic<std::uint64_t> backpressure{0};  // the writer could not follow, or had ended
  std::atomic<std::uint64_t> unusable{0};      // over HTTP: another content type, or no trace request
};

class HttpDoor : public net::HttpHandler {
 public:
  HttpDoor(TraceWriter& writer, CaptureRefusals& refusals) : writer_(writer), refusals_(refusals), slots_(kAtOnce) {}

  std::variant<net::BodyPlan, net::Response> on_head(const net::RequestHead& head) override;
  void on_request(net::Exchange exchange) override;
  net::Response on_problem(const net::RequestHead& head, net::BodyProblem problem) override;

 private:
  static constexpr unsigned kAtOnce = 32;

  TraceWriter& writer_;
  CaptureRefusals& refusals_;
  net::Slots slots_;
};

class GrpcDoor : public net::GrpcHandler {
 public:
  GrpcDoor(TraceWriter& writer, CaptureRefusals& refusals) : writer_(writer), refusals_(refusals), slots_(kAtOnce) {}

  std::variant<net::MessagePlan, net::GrpcReply> on_call(const net::RequestHead& head) override;
  void on_message(net::Call call) override;

 private:
  static constexpr unsigned kAtOnce = 16;

  TraceWriter& writer_;
  CaptureRefusals& refusals_;
  net::Slots slots_;
};

}  // namespace sentinel::cli
