// One run of gRPC's own C++ client against a receiver: so many traces, some to a request, as the flags ask for. Prints each
// trace id; exits 1 if a call did not end with OK or spans were refused.

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <string_view>

#include "traces.grpc.pb.h"

namespace {

namespace otlp = opentelemetry::proto::collector::trace::v1;

constexpr int kTracesInRequest = 50;

struct Flags {
  std::string endpoint;          // HOST:PORT
  std::string ca;                // file; empty: no TLS
  std::string certificate, key;  // files, of the client itself
  bool gzip = false;
  int traces = 1;
  int queries = 5;
};

Flags read_flags(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    const auto value = std::string{flag.substr(flag.find('=') + 1)};
    if (flag.starts_with("--endpoint=")) flags.endpoint = value;
    if (flag.starts_with("--ca=")) flags.ca = value;
    if (flag.starts_with("--certificate=")) flags.certificate = value;
    if (flag.starts_with("--key=")) flags.key = value;
    if (flag.starts_with("--traces=")) flags.traces = std::stoi(value);
    if (flag.starts_with("--queries=")) flags.queries = std::stoi(value);
    if (flag == "--gzip") flags.gzip = true;
  }
  return flags;
}

std::string content(const std::string& file) {
  std::ostringstream text;
  if (!file.empty()) text << std::ifstream{file}.rdbuf();
  return text.str();
}

std::shared_ptr<grpc::ChannelCredentials> credentials(const Flags& flags) {
  if (flags.ca.empty()) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({.pem_root_certs = content(flags.ca),
                               .pem_private_key = content(flags.key),
                               .pem_cert_chain = content(flags.certificate)});
}

void set(otlp::KeyValue& attribute, const char* key, std::string value) {
  attribute.set_key(key);
  attribute.mutable_value()->set_string_value(std::move(value));
}

class Writer {
 public:
  // One request of a shop: a server span over database calls of one shape.
  void add_trace(otlp::ScopeSpans& into, int number, int queries) {
    const std::string trace_id = id(16), root_id = id(8);
    otlp::Span& root = add_span(into, trace_id, root_id, "GET /orders/{id}", 2);
    set(*root.add_attributes(), "http.request.method", "GET");
    set(*root.add_attributes(), "http.route", "/orders/{id}");
    for (int q = 0; q < queries; ++q) {
      otlp::Span& span = add_span(into, trace_id, id(8), "SELECT items", 3);
      span.set_parent_span_id(root_id);
      set(*span.add_attributes(), "db.system", "postgresql");
      set(*span.add_attributes(), "db.statement", "SELECT name FROM items WHERE id = " + std::to_string(number * queries + q));
    }
    for (const char byte : trace_id) std::printf("%02x", static_cast<unsigned char>(byte));
    std::puts("");
  }

 private:
  std::string id(int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(random_() % 255 + 1);
    return text;
  }

  static otlp::Span& add_span(otlp::ScopeSpans& into, const std::string& trace_id, const std::string& span_id, const char* name,
                              uint32_t kind) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto nanoseconds = static_cast<uint64_t>(std::chrono::nanoseconds{now}.count());
    otlp::Span& span = *into.add_spans();
    span.set_trace_id(trace_id);
    span.set_span_id(span_id);
    span.set_name(name);
    span.set_kind(kind);
    span.set_start_time_unix_nano(nanoseconds);
    span.set_end_time_unix_nano(nanoseconds + 1'000'000);
    return span;
  }

  std::mt19937_64 random_{std::random_device{}()};
};

bool send(otlp::TraceService::Stub& service, const otlp::ExportTraceServiceRequest& request, bool gzip) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{30});
  if (gzip) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  otlp::ExportTraceServiceResponse answer;
  const grpc::Status status = service.Export(&context, request, &answer);
  if (!status.ok()) std::fprintf(stderr, "status %d: %s\n", status.error_code(), status.error_message().c_str());
  if (answer.partial_success().rejected_spans() != 0)
    std::fprintf(stderr, "%s\n", answer.partial_success().error_message().c_str());
  return status.ok() && answer.partial_success().rejected_spans() == 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Flags flags = read_flags(argc, argv);
  const auto service = otlp::TraceService::NewStub(grpc::CreateChannel(flags.endpoint, credentials(flags)));
  Writer writer;
  bool ok = true;
  for (int sent = 0; sent < flags.traces; sent += kTracesInRequest) {
    otlp::ExportTraceServiceRequest request;
    otlp::ResourceSpans& resource = *request.add_resource_spans();
    set(*resource.mutable_resource()->add_attributes(), "service.name", "interop-grpc-cpp");
    otlp::ScopeSpans& scope = *resource.add_scope_spans();
    for (int n = sent; n < std::min(sent + kTracesInRequest, flags.traces); ++n) writer.add_trace(scope, n, flags.queries);
    ok = send(*service, request, flags.gzip) && ok;
  }
  return ok ? 0 : 1;
}
