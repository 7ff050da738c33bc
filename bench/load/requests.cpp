#include "load/requests.h"

#include <cstring>
#include <string_view>

#include "base/hash.h"
#include "ingest/support/proto_writer.h"

namespace sentinel::load {
namespace {

using ingest::test::ProtoWriter;

constexpr std::size_t kSpansATrace = 9;
constexpr std::size_t kServices = 4;
constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kStart = 1'752'157'921'000'000'000;
// What stands in place of the first half of a trace id until it is freshened; the second half is the number of the trace.
constexpr std::string_view kPlaceholder = "\xF1\x05trace!";
static_assert(kPlaceholder.size() == 8);

std::string eight(std::uint64_t value) {
  std::string out(8, '\0');
  std::memcpy(out.data(), &value, 8);
  return out;
}

ProtoWriter text(std::string_view key, std::string_view value) {
  return ProtoWriter().bytes(1, key).message(2, ProtoWriter().bytes(1, value));
}
ProtoWriter number(std::string_view key, std::uint64_t value) {
  return ProtoWriter().bytes(1, key).message(2, ProtoWriter().number(3, value));
}

void describe(ProtoWriter& span, std::string_view name, unsigned kind, std::uint64_t from, std::uint64_t length) {
  span.bytes(5, name).number(6, kind).fixed64(7, kStart + from).fixed64(8, kStart + from + length);
}

ProtoWriter server_span(std::uint64_t trace) {
  const std::string line = "lines-" + std::to_string(trace % 16);
  ProtoWriter span = ProtoWriter().bytes(1, std::string(kPlaceholder) + eight(trace)).bytes(2, eight(trace << 16 | 1));
  describe(span, "GET /api/orders/{id}/" + line, 2, 0, 60 * kMs);
  span.message(9, text("http.request.method", "GET")).message(9, text("http.route", "/api/orders/{id}/" + line));
  span.message(9, text("url.path", "/api/orders/" + std::to_string(1000 + trace) + "/" + line));
  return span.message(9, number("http.response.status_code", 200));
}

void select(ProtoWriter& span, std::uint64_t trace, std::size_t i, bool repeats, std::uint64_t from) {
  const std::string table = repeats ? "order_line" : "order_line_" + std::to_string(i);
  describe(span, "SELECT " + table, 3, from, 2 * kMs);
  span.message(9, text("db.system", "postgresql")).message(9, text("db.name", "orders"));
  span.message(9, text("db.statement",
                       "SELECT l.id, l.sku, l.quantity, l.price FROM " + table +
                           " l JOIN orders o ON o.id = l.order_id WHERE l.order_id = " + std::to_string(trace * 1000 + i)));
  span.message(9, text("db.operation", "SELECT")).message(9, text("server.address", "pg-main"));
  span.message(9, text("code.namespace", "com.example.orders.OrderLineRepository"));
  span.message(9, text("code.function", "findByOrderId"));
}

void other(ProtoWriter& span, std::uint64_t trace, std::size_t i, std::uint64_t from) {
  if (i % 8 == 5) {
    describe(span, "UPDATE orders", 3, from, 2 * kMs);
    span.message(9, text("db.system", "postgresql")).message(9, text("db.name", "orders"));
    span.message(9, text("db.statement", "UPDATE orders SET status = 'PAID', updated_at = now() WHERE id = " +
                                             std::to_string(1000 + trace) + " AND version = " + std::to_string(i)));
    span.message(9, text("server.address", "pg-main"));
  } else if (i % 8 == 6) {
    describe(span, "GET", 3, from, 4 * kMs);
    span.message(9, text("http.request.method", "GET"));
    span.message(9, text("url.full", "http://inventory:8080/api/stock/" + std::to_string(5000 + trace * 7) + "?warehouse=3"));
    span.message(9, text("server.address", "inventory")).message(9, number("server.port", 8080));
    span.message(9, number("http.response.status_code", 200));
  } else {
    describe(span, "OrderService.assemble", 1, from, kMs);
    span.message(9, text("code.namespace", "com.example.orders.OrderService")).message(9, text("code.function", "assemble"));
  }
}

ProtoWriter span_of(std::uint64_t trace, std::size_t i, bool repeats) {
  if (i == 0) return server_span(trace);
  ProtoWriter span = ProtoWriter().bytes(1, std::string(kPlaceholder) + eight(trace)).bytes(2, eight(trace << 16 | (i + 1)));
  span.bytes(4, eight(trace << 16 | 1));
  const std::uint64_t from = i * (repeats ? 3 * kMs : kMs / 5);
  if (i % 8 >= 5) {
    other(span, trace, i, from);
  } else {
    select(span, trace, i, repeats, from);
  }
  return span;
}

}  // namespace

Request::Request(std::size_t spans, unsigned bad) {
  const std::size_t traces = (spans + kSpansATrace - 1) / kSpansATrace;
  ProtoWriter request;
  for (std::size_t service = 0; service < kServices && service < traces; ++service) {
    ProtoWriter scope_spans =
        ProtoWriter().message(1, ProtoWriter().bytes(1, "io.opentelemetry.spring-webmvc-6.0").bytes(2, "2.10.0"));
    for (std::size_t trace = service; trace < traces; trace += kServices) {
      for (std::size_t i = 0; i < kSpansATrace && trace * kSpansATrace + i < spans; ++i)
        scope_spans.message(2, span_of(trace, i, trace * 100 < bad * traces));
    }
    const ProtoWriter resource = ProtoWriter()
                                     .message(1, text("service.name", "load-svc-0" + std::to_string(service)))
                                     .message(1, text("k8s.namespace.name", "load"))
                                     .message(1, text("telemetry.sdk.language", "java"));
    request.message(1, ProtoWriter().message(1, resource).message(2, scope_spans));
  }
  bytes_ = request.str();
  for (std::size_t at = bytes_.find(kPlaceholder); at != std::string::npos; at = bytes_.find(kPlaceholder, at + 16)) {
    std::uint64_t trace = 0;
    std::memcpy(&trace, bytes_.data() + at + 8, 8);
    ids_.push_back({at, trace});
  }
}

// Consecutive ids differ in all bytes, as random ones do.
void Request::freshen(char* copy, std::uint64_t serial) const {
  for (const Id& id : ids_) {
    const std::uint64_t high = base::mix64(serial * 0x9E37'79B9'7F4A'7C15ULL + id.trace);
    const std::uint64_t low = base::mix64(high + 1);
    std::memcpy(copy + id.at, &high, 8);
    std::memcpy(copy + id.at + 8, &low, 8);
  }
}

}  // namespace sentinel::load
