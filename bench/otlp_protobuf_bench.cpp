// Cost of an OTLP protobuf span: the walk over its bytes alone, and the way to a record.
//
// Requests hold 512 spans of about 500 bytes, in traces of eight with one statement in 64 new: the attributes are those that a
// JVM agent writes on a database call. Unfair: real requests mix kinds of spans, and every byte here is in the cache.
#include <benchmark/benchmark.h>

#include <string>

#include "../tests/ingest/support/proto_writer.h"
#include "ingest/otlp/protobuf.h"
#include "ingest/otlp/trace_schema.h"

namespace {

using namespace sentinel;
using namespace sentinel::ingest;
using test::ProtoWriter;

constexpr std::size_t kSpans = 512;

ProtoWriter pair(std::string_view key, std::string_view text) {
  return ProtoWriter().bytes(1, key).message(2, ProtoWriter().bytes(1, text));
}

std::string id_of(std::size_t i, std::size_t size) {
  std::string id(size, '\x5A');
  for (std::size_t b = 0; b < 8; ++b) id[b] = static_cast<char>((i * 0x9E3779B97F4A7C15ULL) >> (8 * b));
  return id;
}

ProtoWriter span(std::size_t i) {
  const std::uint64_t start = 1'772'439'300'250'000'000 + i * 1'000'000;
  return ProtoWriter()
      .bytes(1, id_of(i / 8, 16))
      .bytes(2, id_of(i, 8))
      .bytes(4, id_of(i / 8 * 8, 8))
      .bytes(5, "SELECT shop.lines")
      .number(6, 3)
      .fixed64(7, start)
      .fixed64(8, start + 1'830'000)
      .message(9, pair("db.system", "postgresql"))
      .message(9, pair("db.name", "shop"))
      .message(9, pair("db.user", "cart"))
      .message(9, pair("db.operation", "SELECT"))
      .message(9, pair("db.sql.table", "lines"))
      .message(9, pair("db.connection_string", "postgresql://db-primary:5432"))
      .message(9, pair("db.statement", "SELECT id, sku, quantity FROM lines WHERE cart_id = " + std::to_string(1000 + i / 64)))
      .message(9, pair("server.address", "db-primary"))
      .message(9, ProtoWriter().bytes(1, "server.port").message(2, ProtoWriter().number(3, 5432)))
      .message(9, ProtoWriter().bytes(1, "thread.id").message(2, ProtoWriter().number(3, 42)))
      .message(9, pair("thread.name", "http-nio-8080-exec-7"))
      .message(15, {})
      .fixed32(16, 257);
}

std::string request() {
  ProtoWriter scope = ProtoWriter().message(1, ProtoWriter().bytes(1, "io.opentelemetry.jdbc").bytes(2, "2.6.0"));
  for (std::size_t i = 0; i < kSpans; ++i) scope.message(2, span(i));
  const ProtoWriter resource = ProtoWriter().message(1, pair("service.name", "cart-svc"));
  return ProtoWriter().message(1, ProtoWriter().message(1, resource).message(2, scope)).str();
}

void report(benchmark::State& state, const std::string& bytes) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSpans));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

void otlp_protobuf_check(benchmark::State& state) {
  const std::string bytes = request();
  for (auto _ : state) {
    otlp::Wire wire(bytes);
    if (!check_message(wire, bytes, otlp::Message::kRequest, 0)) return state.SkipWithError("refused");
  }
  report(state, bytes);
}

void otlp_protobuf_decode(benchmark::State& state) {
  const std::string bytes = request();
  const IngestSettings settings{{"k8s.namespace.name", "service.namespace"}, {}};
  Worker worker(settings);
  Decoded out;
  for (auto _ : state) {
    out.records.clear();
    out.nodes.clear();
    out.marks.clear();
    out.resources.clear();
    if (!decode_otlp_protobuf(bytes, worker, out).ok() || out.records.size() != kSpans) {
      return state.SkipWithError("wrong answer");
    }
  }
  report(state, bytes);
}

BENCHMARK(otlp_protobuf_check);
BENCHMARK(otlp_protobuf_decode);

}  // namespace
