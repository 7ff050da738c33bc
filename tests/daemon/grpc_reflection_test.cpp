#include "daemon/grpc_reflection.h"

#include <gtest/gtest.h>

#include <string>

#include "ingest/support/proto_writer.h"

namespace sentinel::daemon {
namespace {

using ingest::test::ProtoWriter;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string answer(unsigned field, std::string_view value) {
  const GrpcReflection reflection;
  const net::GrpcReply reply = reflection.respond(ProtoWriter().bytes(1, "host").bytes(field, value).str());
  EXPECT_EQ(reply.status, net::GrpcStatus::kOk);
  return reply.response;
}

TEST(GrpcReflection, lists_the_services_of_the_port) {
  ProtoWriter list;
  for (const char* name : {"grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                           "grpc.reflection.v1alpha.ServerReflection", "opentelemetry.proto.collector.trace.v1.TraceService"})
    list.message(1, ProtoWriter().bytes(1, name));
  const ProtoWriter request = ProtoWriter().bytes(1, "host").bytes(7, "*");
  EXPECT_EQ(answer(7, "*"), ProtoWriter().bytes(1, "host").message(2, request).message(6, list).str());
}

TEST(GrpcReflection, describes_a_symbol_by_its_file_and_what_that_needs) {
  for (const char* symbol :
       {"opentelemetry.proto.collector.trace.v1.TraceService", "opentelemetry.proto.collector.trace.v1.TraceService.Export",
        "opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest"}) {
    const std::string files = answer(4, symbol);
    for (const char* file :
         {"opentelemetry/proto/collector/trace/v1/trace_service.proto", "opentelemetry/proto/trace/v1/trace.proto",
          "opentelemetry/proto/common/v1/common.proto", "opentelemetry/proto/resource/v1/resource.proto"})
      EXPECT_TRUE(holds(files, file)) << symbol << " " << file;
    EXPECT_FALSE(holds(files, "grpc/health"));
  }
  EXPECT_TRUE(holds(answer(4, "opentelemetry.proto.trace.v1.Span.SpanKind"), "opentelemetry/proto/trace/v1/trace.proto"));
  EXPECT_TRUE(holds(answer(3, "grpc/health/v1/health.proto"), "HealthCheckRequest"));
}

TEST(GrpcReflection, says_what_is_not_there) {
  EXPECT_TRUE(holds(answer(4, "opentelemetry.proto.trace.v1.Nothing"),
                    "nothing is known by the name opentelemetry.proto.trace.v1.Nothing"));
  EXPECT_TRUE(holds(answer(3, "no.proto"), "no.proto"));
  EXPECT_TRUE(holds(answer(6, "opentelemetry.proto.trace.v1.Span"), "there are no extensions"));
}

TEST(GrpcReflection, refuses_a_request_cut_anywhere) {
  const std::string whole = ProtoWriter().bytes(1, "host").bytes(7, "*").str();
  const GrpcReflection reflection;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    if (size == ProtoWriter().bytes(1, "host").str().size()) continue;  // between two fields
    EXPECT_EQ(reflection.respond(whole.substr(0, size)).status, net::GrpcStatus::kInvalidArgument) << size;
  }
}

}  // namespace
}  // namespace sentinel::daemon
