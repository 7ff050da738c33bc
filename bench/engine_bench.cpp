// The daemon between socket and answer: an OTLP request is decoded, its spans join the window, traces that leave are analysed.
//
// Requests look like those of a Java web shop: nine spans a trace, one entry and eight calls, every tenth trace with an N+1,
// four services, trace ids that never come again. The window is full, so that each request pushes as many traces out as it
// brings. Unfair: no socket, no TLS, one service mix; every body is in the cache.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "daemon/engine.h"
#include "ingest/support/proto_writer.h"

namespace {

using namespace sentinel;
using ingest::test::ProtoWriter;

constexpr std::uint64_t kStartNs = 1'772'439'300'250'000'000;
constexpr std::uint64_t kMs = 1'000'000;
constexpr std::size_t kSpansPerTrace = 9;
constexpr std::size_t kServices = 4;

ProtoWriter pair(std::string_view key, std::string_view text) {
  return ProtoWriter().bytes(1, key).message(2, ProtoWriter().bytes(1, text));
}

ProtoWriter pair(std::string_view key, std::uint64_t number) {
  return ProtoWriter().bytes(1, key).message(2, ProtoWriter().number(3, number));
}

std::string id_of(std::uint64_t number, std::size_t size, char fill) {
  std::string id(size, fill);
  std::memcpy(id.data(), &number, sizeof number);
  return id;
}

constexpr char kTraceFill = '\x5A';

ProtoWriter span(std::size_t trace, std::size_t i) {
  const bool repeats = trace % 10 == 0;
  const std::uint64_t start = kStartNs + (repeats ? i * 3 * kMs : i * kMs / 5);
  ProtoWriter s = ProtoWriter().bytes(1, id_of(trace, 16, kTraceFill)).bytes(2, id_of(trace << 16 | (i + 1), 8, 0));
  const std::string route = "/api/orders/{id}/lines-" + std::to_string(trace % 16);
  if (i == 0) {
    return s.bytes(5, "GET " + route)
        .number(6, 2)
        .fixed64(7, kStartNs)
        .fixed64(8, kStartNs + 60 * kMs)
        .message(9, pair("http.request.method", "GET"))
        .message(9, pair("http.route", route))
        .message(9, pair("url.path", "/api/orders/" + std::to_string(1000 + trace)))
        .message(9, pair("http.response.status_code", 200));
  }
  s.bytes(4, id_of(trace << 16 | 1, 8, 0));
  if (i == 6) {
    return s.bytes(5, "GET")
        .number(6, 3)
        .fixed64(7, start)
        .fixed64(8, start + 4 * kMs)
        .message(9, pair("http.request.method", "GET"))
        .message(9, pair("url.full", "http://inventory:8080/api/stock/" + std::to_string(5000 + trace * 7) + "?warehouse=1"))
        .message(9, pair("server.address", "inventory"))
        .message(9, pair("server.port", 8080))
        .message(9, pair("http.response.status_code", 200));
  }
  if (i == 7) {
    return s.bytes(5, "OrderService.assemble")
        .number(6, 1)
        .fixed64(7, start)
        .fixed64(8, start + kMs)
        .message(9, pair("code.namespace", "com.example.orders.OrderService"))
        .message(9, pair("code.function", "assemble"));
  }
  const std::string table = repeats ? "order_line" : "order_line_" + std::to_string(i);
  return s.bytes(5, "SELECT " + table)
      .number(6, 3)
      .fixed64(7, start)
      .fixed64(8, start + 2 * kMs)
      .message(9, pair("db.system", "postgresql"))
      .message(9, pair("db.name", "orders"))
      .message(9, pair("db.statement",
                       "SELECT l.id, l.sku, l.quantity, l.price FROM " + table +
                           " l JOIN orders o ON o.id = l.order_id WHERE l.order_id = " + std::to_string(trace * 1000 + i)))
      .message(9, pair("db.operation", "SELECT"))
      .message(9, pair("server.address", "pg-main"))
      .message(9, pair("code.namespace", "com.example.orders.OrderLineRepository"))
      .message(9, pair("code.function", "findByOrderId"));
}

// A request whose trace ids can be made new.
class Request {
 public:
  explicit Request(std::size_t traces) {
    ProtoWriter root;
    for (std::size_t s = 0; s < kServices; ++s) {
      ProtoWriter scope = ProtoWriter().message(1, ProtoWriter().bytes(1, "io.opentelemetry.spring-webmvc-6.0"));
      bool any = false;
      for (std::size_t t = s; t < traces; t += kServices) {
        for (std::size_t i = 0; i < kSpansPerTrace; ++i) scope.message(2, span(t, i));
        any = true;
      }
      if (!any) continue;
      const ProtoWriter resource = ProtoWriter()
                                       .message(1, pair("service.name", "load-svc-" + std::to_string(s)))
                                       .message(1, pair("k8s.namespace.name", "load"));
      root.message(1, ProtoWriter().message(1, resource).message(2, scope));
    }
    bytes_ = root.str();
    const std::string mark(8, kTraceFill);  // the second half of every trace id
    for (std::size_t at = bytes_.find(mark); at != std::string::npos; at = bytes_.find(mark, at + 8)) places_.push_back(at);
  }

  std::string_view next() {
    ++round_;
    for (const std::size_t place : places_) std::memcpy(bytes_.data() + place, &round_, sizeof round_);
    return bytes_;
  }
  [[nodiscard]] std::size_t spans() const { return places_.size(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  std::string bytes_;
  std::vector<std::size_t> places_;
  std::uint64_t round_ = 0;
};

void engine_request(benchmark::State& state) {
  config::Config config;
  telemetry::Registry registry;
  daemon::DaemonMetrics metrics(registry);
  daemon::Engine engine(config, {metrics, nullptr, nullptr, [](std::string_view lines) { benchmark::DoNotOptimize(lines); }});
  Request request(static_cast<std::size_t>(state.range(0)));
  daemon::Moment now{0, 1'772'439'300'000};
  const auto one = [&] {
    ++now.steady_ms;
    if (!engine.take(daemon::Payload::kOtlpProtobuf, request.next(), now)) state.SkipWithError("refused");
    engine.settle(now);
    engine.publish();
  };
  while (engine.active_traces() < config.daemon.max_active_traces) one();
  for (auto _ : state) one();
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * request.spans()));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * request.size()));
}
BENCHMARK(engine_request)->ArgName("traces")->Arg(57)->Arg(1);

}  // namespace
