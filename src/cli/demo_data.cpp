#include "cli/demo_data.h"

#include <cstdint>
#include <span>
#include <string_view>

#include "base/json_writer.h"
#include "base/number_format.h"
#include "base/time.h"

namespace sentinel::cli {
namespace {

using std::string_view;

constexpr std::uint64_t kFirstTraceMs = 1773306000000ULL;  // 2026-03-12T09:00:00Z
constexpr std::uint64_t kTraceGapMs = 41000;

// Where in the code an event comes from.
struct Code {
  string_view function;
  string_view filepath;
  std::uint32_t lineno = 0;
  string_view code_namespace;
  std::span<const string_view> scopes;
};

constexpr string_view kJpaScopes[] = {"io.opentelemetry.spring-data-1.8", "io.opentelemetry.tomcat-10.0"};
constexpr string_view kDjangoScopes[] = {"opentelemetry.instrumentation.psycopg2", "opentelemetry.instrumentation.django"};
constexpr string_view kNodeScopes[] = {"@opentelemetry/instrumentation-undici", "@opentelemetry/instrumentation-http"};
constexpr string_view kGoScopes[] = {"github.com/uptrace/opentelemetry-go-extra/otelgorm"};
constexpr string_view kEfScopes[] = {"OpenTelemetry.Instrumentation.EntityFrameworkCore"};

constexpr Code kWaypoints = {"findByRideId", "src/main/java/app/velo/rides/WaypointRepository.java", 48,
                             "app.velo.rides.WaypointRepository", kJpaScopes};
constexpr Code kRideEvents = {"publishFinished", "src/main/java/app/velo/rides/RideEvents.java", 31,
                              "app.velo.rides.RideEvents", kJpaScopes};
constexpr Code kDockLoader = {"loadDocks", "src/map/docks.ts", 72, "map/docks", kNodeScopes};
constexpr Code kTariff = {"tariff_for", "pricing/tariffs.py", 19, "pricing.tariffs", kDjangoScopes};
constexpr Code kWeather = {"current_weather", "pricing/weather.py", 40, "pricing.weather", kDjangoScopes};
constexpr Code kInvoices = {"MonthlyRides", "Billing/Invoices/InvoiceQuery.cs", 117, "Velo.Billing.InvoiceQuery", kEfScopes};
constexpr Code kInvoiceQueue = {"CloseAsync", "Billing/Invoices/InvoiceCloser.cs", 63, "Velo.Billing.InvoiceCloser", kEfScopes};
constexpr Code kDirections = {"Directions", "internal/maps/client.go", 88, "velo/internal/maps", kGoScopes};
constexpr Code kAvailability = {"Availability", "internal/stations/gorm.go", 134, "velo/internal/stations/gorm", kGoScopes};

// `times` events `every_ms` apart. In the target a '#' stands for first_id, first_id + 1, …; durations grow by `growth_us`.
struct Repeat {
  std::uint64_t times = 1;
  std::uint64_t every_ms = 0;
  std::uint64_t first_id = 0;
  std::uint64_t growth_us = 0;
};

struct Row {
  string_view type;
  string_view operation;
  std::uint64_t at_ms = 0;  // after the start of the trace
  std::uint64_t duration_us = 0;
  string_view target;
  Repeat repeat;
  const Code* code = nullptr;
  bool is_child = false;  // of the first event of the trace
};

constexpr string_view kHttp = "http_out";

constexpr Row postgres(std::uint64_t at_ms, std::uint64_t us, string_view target, Repeat repeat = {},
                       const Code* code = nullptr) {
  return {"sql", "postgresql", at_ms, us, target, repeat, code};
}
constexpr Row mysql(std::uint64_t at_ms, std::uint64_t us, string_view target, Repeat repeat = {}, const Code* code = nullptr) {
  return {"sql", "mysql", at_ms, us, target, repeat, code};
}
constexpr Row get(std::uint64_t at_ms, std::uint64_t us, string_view target, Repeat repeat = {}, const Code* code = nullptr) {
  return {kHttp, "GET", at_ms, us, target, repeat, code};
}
constexpr Row post(std::uint64_t at_ms, std::uint64_t us, string_view target) { return {kHttp, "POST", at_ms, us, target, {}}; }
constexpr Row publish(string_view system, std::uint64_t at_ms, std::uint64_t us, string_view target, Repeat repeat,
                      const Code* code = nullptr) {
  return {"messaging", system, at_ms, us, target, repeat, code};
}
constexpr Row child(Row row) {
  row.is_child = true;
  return row;
}

// -- the traces, each with what it is there to show

constexpr string_view kRiderByToken = "SELECT id, plan_id FROM rider WHERE session_token = '5f1c9e'";
constexpr string_view kWaypointByLeg = "SELECT * FROM ride_waypoint WHERE ride_id = 88101 AND leg = #";
constexpr string_view kFinishRide = "UPDATE ride SET state = 'finished', ended_at = '2026-03-12' WHERE id = 88101";
constexpr string_view kActivePlans = "SELECT id, name FROM plan WHERE active = 1";
constexpr string_view kMonthlyRides =
    "SELECT r.id, r.fare FROM ride r JOIN rider u ON u.id = r.rider_id WHERE u.plan_id = # ORDER BY r.ended_at";

// N+1: every leg of a ride is read by itself. The second deployment has the same fault, worse.
constexpr Row kFinishShort[] = {
    postgres(0, 640, kRiderByToken),
    postgres(4, 1150, kWaypointByLeg, {.times = 6, .every_ms = 7, .first_id = 1, .growth_us = 35}, &kWaypoints),
    postgres(49, 2300, kFinishRide),
};
constexpr Row kFinishLonger[] = {
    postgres(0, 610, kRiderByToken),
    postgres(4, 1090, kWaypointByLeg, {.times = 7, .every_ms = 7, .first_id = 1, .growth_us = 40}, &kWaypoints),
    postgres(56, 2250, kFinishRide),
};
constexpr Row kFinishLongest[] = {
    postgres(0, 700, kRiderByToken),
    postgres(5, 1420, kWaypointByLeg, {.times = 14, .every_ms = 9, .first_id = 1, .growth_us = 55}, &kWaypoints),
    postgres(136, 2600, kFinishRide),
    postgres(140, 1700, "INSERT INTO receipt (ride_id, total) VALUES (88203, 4.20)"),
};

// N+1 over HTTP: one call for each dock on the map.
constexpr Row kMap[] = {
    postgres(0, 3800, "SELECT id, lat, lon FROM station WHERE tile = 'u05kq'"),
    get(6, 9400, "http://docks-svc:8080/api/docks/#", {.times = 6, .every_ms = 12, .first_id = 301, .growth_us = 210},
        &kDockLoader),
};

// N+1 over a broker: seven messages, each sent alone.
constexpr Row kRideFinished[] = {
    postgres(0, 1900, "INSERT INTO ride_event (ride_id, kind) VALUES (88104, 'finished')"),
    publish("kafka", 5, 2700, "ride.finished", {.times = 7, .every_ms = 6, .growth_us = 60}, &kRideEvents),
};

// Redundant: the same tariff row five times, the same weather three times.
constexpr Row kQuote[] = {
    postgres(0, 620, kRiderByToken),
    postgres(3, 780, "SELECT rate, currency FROM tariff WHERE city_id = 12 AND vehicle = 'ebike'", {.times = 5, .every_ms = 9},
             &kTariff),
    get(52, 31000, "http://weather-svc:8080/api/weather/lyon", {.times = 3, .every_ms = 35}, &kWeather),
};

// Slow statements, three in one trace and one more in another: the last makes a finding across traces.
constexpr Row kMonthlyReport[] = {
    postgres(0, 1300, kActivePlans),
    postgres(4, 940000, kMonthlyRides, {.times = 3, .every_ms = 2900, .first_id = 3, .growth_us = 920000}, &kInvoices),
};
constexpr Row kMonthlyReportSmall[] = {
    postgres(0, 1250, kActivePlans),
    postgres(4, 715000, kMonthlyRides, {.first_id = 7}, &kInvoices),
};

// Slow calls to a supplier.
constexpr Row kRoute[] = {
    postgres(0, 900, "SELECT lat, lon FROM station WHERE id = 510"),
    get(6, 860000, "https://maps.example.com/v2/directions/#",
        {.times = 3, .every_ms = 1500, .first_id = 20011, .growth_us = 175000}, &kDirections),
};

// Slow publishing: the broker makes its clients wait.
constexpr Row kCloseInvoices[] = {
    postgres(0, 5200, "UPDATE invoice SET state = 'closed' WHERE period = '2026-02'"),
    publish("rabbitmq", 8, 720000, "invoices.due", {.times = 3, .every_ms = 900, .growth_us = 48000}, &kInvoiceQueue),
};

// Fan-out: one broadcast becomes a message for each station.
constexpr Row kBroadcast[] = {
    post(0, 61000, "http://alerts-svc:8080/api/broadcast"),
    child(publish("nats", 3, 24000, "station.#.alert", {.times = 22, .every_ms = 1, .first_id = 101, .growth_us = 130})),
    postgres(70, 1400, "INSERT INTO alert (kind, text) VALUES ('storm', 'Docks close at noon')"),
};

// Chatty: the start screen asks six services, one after another and again.
constexpr Row kHome[] = {
    get(0, 7200, "http://rides-svc:8080/api/rides/#", {.times = 3, .every_ms = 11, .first_id = 88090}),
    get(2, 5100, "http://stations-svc:8080/api/stations/#", {.times = 3, .every_ms = 11, .first_id = 410}),
    get(4, 4300, "http://pricing-svc:8080/api/offers/#", {.times = 3, .every_ms = 11, .first_id = 7}),
    get(6, 6900, "http://billing-svc:8080/api/passes/#", {.times = 3, .every_ms = 11, .first_id = 5500}),
    get(8, 3700, "http://alerts-svc:8080/api/alerts/#", {.times = 3, .every_ms = 11, .first_id = 61}),
    get(10, 8800, "http://photos-svc:8080/api/photos/9002"),
};

// Pool saturation: twelve statements at a time, each holding a connection.
constexpr Row kStations[] = {
    mysql(0, 205000, "SELECT free_bikes, free_docks FROM station_state WHERE station_id = #",
          {.times = 3, .every_ms = 8, .first_id = 411, .growth_us = 4000}, &kAvailability),
    mysql(2, 214000, "SELECT starts_at, ends_at FROM maintenance WHERE station_id = #",
          {.times = 3, .every_ms = 8, .first_id = 411, .growth_us = 3000}, &kAvailability),
    mysql(4, 221000, "SELECT count(*) FROM reservation WHERE station_id = #",
          {.times = 3, .every_ms = 8, .first_id = 411, .growth_us = 2500}, &kAvailability),
    mysql(6, 198000, "SELECT name, address FROM station WHERE id = #",
          {.times = 3, .every_ms = 8, .first_id = 411, .growth_us = 2000}, &kAvailability),
};

// Serialized calls: four answers that do not need each other, fetched in turn.
constexpr Row kCheckout[] = {
    post(0, 402000, "http://rides-svc:8080/api/checkout"),
    child(get(5, 118000, "http://riders-svc:8080/api/profile/4711")),
    child(get(126, 84000, "http://pricing-svc:8080/api/quote/88130")),
    child(get(213, 97000, "http://wallet-svc:8080/api/balance/4711")),
    child(get(313, 76000, "http://promo-svc:8080/api/vouchers/4711")),
    postgres(405, 2100, "INSERT INTO payment (ride_id, amount) VALUES (88130, 3.60)"),
};

// -- what only the earlier release did

// The map asked for all docks in one call.
constexpr Row kMapBatched[] = {
    postgres(0, 3800, "SELECT id, lat, lon FROM station WHERE tile = 'u05kq'"),
    get(6, 14200, "http://docks-svc:8080/api/docks?ids=301,302,303,304,305,306"),
};
// Photos were looked up one by one.
constexpr Row kPhotos[] = {
    postgres(0, 800, "SELECT photo_id FROM station_photo WHERE station_id = 411"),
    postgres(4, 1300, "SELECT path, width FROM photo WHERE id = #",
             {.times = 8, .every_ms = 6, .first_id = 9001, .growth_us = 20}),
};

struct Trace {
  string_view id;
  string_view service;
  string_view deployment;  // k8s.namespace.name
  string_view region;
  string_view endpoint;
  string_view method;
  std::span<const Row> rows;
};

constexpr Trace kTraces[] = {
    {"ride-7101", "rides-svc", "velo-eu", "eu-west-3", "POST /api/rides/{id}/finish", "RideController.finish", kFinishShort},
    {"ride-7102", "rides-svc", "velo-eu", "eu-west-3", "POST /api/rides/{id}/finish", "RideController.finish", kFinishLonger},
    {"ride-7203", "rides-svc", "velo-us", "us-east-1", "POST /api/rides/{id}/finish", "RideController.finish", kFinishLongest},
    {"map-3301", "map-bff", "velo-eu", "eu-west-3", "GET /api/map", "MapHandler.tile", kMap},
    {"ride-7104", "rides-svc", "velo-us", "us-east-1", "POST /api/rides/{id}/events", "RideController.events", kRideFinished},
    {"quote-1501", "pricing-svc", "velo-eu", "eu-central-1", "POST /api/quotes", "quotes.create", kQuote},
    {"report-0901", "billing-svc", "velo-eu", "eu-central-1", "GET /api/invoices/monthly", "InvoiceController.Monthly",
     kMonthlyReport},
    {"report-0902", "billing-svc", "velo-eu", "eu-central-1", "GET /api/invoices/monthly", "InvoiceController.Monthly",
     kMonthlyReportSmall},
    {"route-5601", "routing-svc", "velo-us", "us-east-1", "GET /api/routes", "routes.Plan", kRoute},
    {"close-4401", "billing-svc", "velo-eu", "eu-central-1", "POST /api/invoices/close", "InvoiceController.Close",
     kCloseInvoices},
    {"alert-8801", "alerts-svc", "velo-us", "us-east-1", "POST /api/alerts", "AlertHandler.broadcast", kBroadcast},
    {"home-2201", "mobile-bff", "velo-eu", "eu-west-3", "GET /api/home", "HomeHandler.start", kHome},
    {"stock-6001", "stations-svc", "velo-eu", "eu-west-3", "GET /api/stations/{id}/availability", "stations.Availability",
     kStations},
    {"pay-9901", "checkout-bff", "velo-us", "us-east-1", "POST /api/checkout", "CheckoutHandler.pay", kCheckout},
};

constexpr Trace kEarlierTraces[] = {
    kTraces[0],
    kTraces[1],
    {"ride-7203", "rides-svc", "velo-us", "us-east-1", "POST /api/rides/{id}/finish", "RideController.finish", kFinishShort},
    {"map-3301", "map-bff", "velo-eu", "eu-west-3", "GET /api/map", "MapHandler.tile", kMapBatched},
    {"photo-1801", "photos-svc", "velo-eu", "eu-west-3", "GET /api/photos", "PhotoHandler.list", kPhotos},
    kTraces[4],
    kTraces[5],
    kTraces[6],
    kTraces[7],
    kTraces[8],
    kTraces[9],
    kTraces[10],
    kTraces[11],
    kTraces[12],
};

std::string span_id(const Trace& trace, std::uint64_t number) {
  std::string text(trace.id);
  text += "-s";
  base::append_unsigned(text, number);
  return text;
}

// The target with its '#' replaced by `id`.
std::string fill(string_view target, std::uint64_t id) {
  const std::size_t at = target.find('#');
  std::string text(target.substr(0, at));
  if (at != string_view::npos) {
    base::append_unsigned(text, id);
    text += target.substr(at + 1);
  }
  return text;
}

void write_code(base::JsonWriter& json, const Code& code) {
  json.field("code_function", code.function).field("code_filepath", code.filepath).field("code_lineno", code.lineno);
  json.field("code_namespace", code.code_namespace);
  json.key("instrumentation_scopes").begin_array();
  for (const string_view scope : code.scopes) json.string(scope);
  json.end_array();
}

// One event: the `i`-th of `row`, the `number`-th of its trace.
void write_event(base::JsonWriter& json, const Trace& trace, std::uint64_t trace_ms, const Row& row, std::uint64_t i,
                 std::uint64_t number) {
  json.begin_object();
  json.field("timestamp", base::format_iso_ms(trace_ms + row.at_ms + i * row.repeat.every_ms).view());
  json.field("trace_id", trace.id).field("span_id", span_id(trace, number));
  if (row.is_child) json.field("parent_span_id", span_id(trace, 0));
  json.field("service", trace.service);
  json.key("grouping").begin_array().begin_object();
  json.field("key", "k8s.namespace.name").field("value", trace.deployment).end_object().end_array();
  json.field("cloud_region", trace.region);
  json.field("type", row.type).field("operation", row.operation).field("target", fill(row.target, row.repeat.first_id + i));
  json.field("duration_us", row.duration_us + i * row.repeat.growth_us);
  json.key("source").begin_object().field("endpoint", trace.endpoint).field("method", trace.method).end_object();
  if (row.type == kHttp) json.field("status_code", 200).field("response_size_bytes", 1800 + 64 * i);
  if (row.code != nullptr) write_code(json, *row.code);
  json.end_object();
}

std::string traces_json(std::span<const Trace> traces) {
  std::string out;
  base::JsonWriter json(out, base::JsonWriter::Style::kCompact);
  json.begin_array();
  std::uint64_t trace_ms = kFirstTraceMs;
  for (const Trace& trace : traces) {
    std::uint64_t number = 0;
    for (const Row& row : trace.rows) {
      for (std::uint64_t i = 0; i < row.repeat.times; ++i) write_event(json, trace, trace_ms, row, i, number++);
    }
    trace_ms += kTraceGapMs;
  }
  json.end_array();
  return out;
}

}  // namespace

std::string demo_traces_json() { return traces_json(kTraces); }

std::string demo_baseline_json() { return traces_json(kEarlierTraces); }

}  // namespace sentinel::cli
