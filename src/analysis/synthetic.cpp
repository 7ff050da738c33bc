#include "analysis/synthetic.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/time.h"

namespace sentinel::analysis {
namespace {

using std::string_view;
using std::uint64_t;

constexpr uint64_t kMultiplier = 2685821657736338717ULL;
constexpr uint64_t kBaseMs = 1752157921000ULL;  // 2025-07-10T14:32:01Z
constexpr uint64_t kTraceGapMs = 15;
constexpr uint64_t kExpectedEventsPerTrace = 9;

constexpr std::array<string_view, 8> kTables = {"orders",    "order_item", "users",    "payments",
                                                "inventory", "audit_log",  "sessions", "products"};
constexpr std::array<string_view, 6> kRoutes = {"http://user-svc:5000/api/users",  "http://product-svc:5000/api/products",
                                                "http://stock-svc:5000/api/stock", "http://billing-svc:5000/api/invoices",
                                                "http://auth-svc:5000/api/tokens", "http://geo-svc:5000/api/locations"};
constexpr std::array<string_view, 5> kEndpoints = {"POST /api/orders/{id}/submit", "GET /api/orders/{id}",
                                                   "GET /api/users/{id}/profile", "POST /api/payments",
                                                   "GET /api/catalog/search"};
constexpr std::array<string_view, 3> kRegions = {"eu-west-3", "us-east-1", "eu-central-1"};

// Of a hundred traces, up to which draw each pattern goes; the rest is clean.
constexpr uint64_t kNPlusOneBelow = 30;
constexpr uint64_t kRedundantBelow = 40;
constexpr uint64_t kChattyBelow = 50;
constexpr uint64_t kFanoutBelow = 55;
constexpr uint64_t kSlowBelow = 60;

// Joins texts and numbers; take() moves the result into an arena.
class TextBuilder {
 public:
  explicit TextBuilder(base::Arena& arena) : arena_(arena) {}

  TextBuilder& add(string_view text) {
    scratch_ += text;
    return *this;
  }
  TextBuilder& add(uint64_t number, std::size_t width = 1) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    const auto size = static_cast<std::size_t>(end - digits.data());
    scratch_.append(width > size ? width - size : 0, '0');
    scratch_.append(digits.data(), size);
    return *this;
  }
  // 0 -> a, 25 -> z, 26 -> ba: a number that no normaliser takes for one.
  TextBuilder& add_letters(uint64_t number) {
    const std::size_t start = scratch_.size();
    do {
      scratch_.insert(scratch_.begin() + static_cast<std::ptrdiff_t>(start), static_cast<char>('a' + number % 26));
      number /= 26;
    } while (number != 0);
    return *this;
  }
  string_view take() {
    const string_view text = arena_.copy(scratch_);
    scratch_.clear();
    return text;
  }

 private:
  base::Arena& arena_;
  std::string scratch_;
};

// Writes trace after trace until told to stop; draws are consumed in the order of the specification's table.
class Generator {
 public:
  Generator(const SyntheticOptions& options, base::Arena& arena, std::vector<ingest::RawEvent>& events)
      : pattern_(options.pattern), services_(std::max<uint64_t>(options.services, 1)), text_(arena), events_(events) {}

  void traces(uint64_t seed, uint64_t count) {
    SyntheticRandom random(seed);
    for (uint64_t t = 0; t < count; ++t) trace(seed, t, random);
  }

 private:
  struct Sql {
    string_view table;
    string_view columns = "*";
    string_view condition;  // " WHERE parent_id = ", ends before the id
    std::optional<uint64_t> id;
    string_view rest = {};
    std::optional<uint64_t> tenant = {};
  };

  void trace(uint64_t seed, uint64_t t, SyntheticRandom& random) {
    const uint64_t service = random.pick(services_);
    common_ = {};
    common_.trace_id = text_.add("synth-").add(seed).add("-").add(t).take();
    common_.service = text_.add("synth-svc-").add(service, 4).take();
    common_.cloud_region = kRegions[service % kRegions.size()];
    common_.endpoint = kEndpoints[random.pick(kEndpoints.size())];
    base_ms_ = kBaseMs + kTraceGapMs * t;
    next_span_ = 0;
    const uint64_t draw = random.next() % 100;
    if (draw < kNPlusOneBelow) {
      n_plus_one(random);
    } else if (draw < kRedundantBelow) {
      redundant(random);
    } else if (draw < kChattyBelow) {
      chatty();
    } else if (draw < kFanoutBelow) {
      fanout(random);
    } else if (draw < kSlowBelow) {
      slow(random);
    } else {
      clean(random);
    }
  }

  void n_plus_one(SyntheticRandom& random) {
    const string_view table = pick_table(random);
    const uint64_t count = 6 + random.pick(4);
    for (uint64_t i = 0; i < count; ++i) {
      const uint64_t id = pick_id(random);
      sql({.table = table, .condition = " WHERE parent_id = ", .id = id}, 5 * i, 700 + random.pick(400));
    }
  }

  void redundant(SyntheticRandom& random) {
    const string_view table = pick_table(random);
    const uint64_t id = pick_id(random);
    for (uint64_t i = 0; i < 5; ++i) sql({.table = table, .condition = " WHERE id = ", .id = id}, 4 * i, 600);
  }

  void chatty() {
    for (uint64_t i = 0; i < 16; ++i) http(kRoutes[i % kRoutes.size()], 100 + i, 3 * i, 8000);
  }

  void fanout(SyntheticRandom& random) {
    add_http(text_.add(kRoutes[0]).add("/batch").take(), 0, 90000);
    const string_view parent = events_.back().span_id;
    const string_view route = kRoutes[random.pick(kRoutes.size())];
    for (uint64_t i = 1; i <= 25; ++i) {
      http(route, 200 + i, 1 + i, 6000);
      events_.back().parent_span_id = parent;
    }
  }

  void slow(SyntheticRandom& random) {
    const string_view table = pick_table(random);
    for (uint64_t i = 0; i < 3; ++i) {
      sql({.table = table, .condition = " ORDER BY created_at DESC LIMIT 50", .id = std::nullopt}, 10 * i,
          800000 + random.pick(400000));
    }
  }

  void clean(SyntheticRandom& random) {
    for (uint64_t i = 0; i < 6; ++i) {
      if (i % 3 == 2) {
        http(kRoutes[random.pick(kRoutes.size())], 300 + i, 7 * i, 9000);
      } else {
        const string_view table = kTables[(i + random.pick(3)) % kTables.size()];
        const uint64_t id = pick_id(random);
        sql({.table = table,
             .columns = "id, status",
             .condition = " WHERE id = ",
             .id = id,
             .rest = " AND tenant = 'a",
             .tenant = i},
            7 * i, 900);
      }
    }
  }

  static string_view pick_table(SyntheticRandom& random) { return kTables[random.pick(kTables.size())]; }
  static uint64_t pick_id(SyntheticRandom& random) { return 1000 + random.pick(9000); }

  void sql(const Sql& statement, uint64_t offset_ms, uint64_t duration_us) {
    ingest::RawEvent& event = add(offset_ms, duration_us);
    event.type = model::EventType::kSql;
    event.operation = "SELECT";
    event.target = statement_text(statement);
  }

  string_view statement_text(const Sql& statement) {
    if (pattern_ == SyntheticPattern::kRepeated) return "SELECT * FROM orders WHERE id = 1000";
    text_.add("SELECT ").add(statement.columns).add(" FROM ").add(statement.table);
    if (pattern_ == SyntheticPattern::kDistinct) text_.add("_").add_letters(statements_++);
    text_.add(statement.condition);
    if (statement.id) text_.add(*statement.id);
    text_.add(statement.rest);
    if (statement.tenant) text_.add(*statement.tenant).add("'");
    return text_.take();
  }

  void http(string_view route, uint64_t id, uint64_t offset_ms, uint64_t duration_us) {
    add_http(text_.add(route).add("/").add(id).take(), offset_ms, duration_us);
  }

  void add_http(string_view url, uint64_t offset_ms, uint64_t duration_us) {
    ingest::RawEvent& event = add(offset_ms, duration_us);
    event.type = model::EventType::kHttpOut;
    event.operation = "GET";
    event.target = url;
    event.status_code = 200;
    event.response_size_bytes = 2048;
  }

  ingest::RawEvent& add(uint64_t offset_ms, uint64_t duration_us) {
    ingest::RawEvent& event = events_.emplace_back(common_);
    event.timestamp = text_.add(base::format_iso_ms(base_ms_ + offset_ms).view()).take();
    event.span_id = text_.add(common_.trace_id).add("-s").add(next_span_++).take();
    event.duration_us = duration_us;
    return event;
  }

  SyntheticPattern pattern_;
  uint64_t services_;
  TextBuilder text_;
  std::vector<ingest::RawEvent>& events_;
  ingest::RawEvent common_;  // what the events of the present trace share
  uint64_t base_ms_ = 0;
  uint64_t next_span_ = 0;
  uint64_t statements_ = 0;
};

}  // namespace

std::optional<SyntheticPattern> parse_synthetic_pattern(string_view name) {
  if (name == "mixed") return SyntheticPattern::kMixed;
  if (name == "repeated") return SyntheticPattern::kRepeated;
  if (name == "distinct") return SyntheticPattern::kDistinct;
  return std::nullopt;
}

SyntheticRandom::SyntheticRandom(uint64_t seed) : state_(std::max<uint64_t>(seed * kMultiplier, 1)) {}

uint64_t SyntheticRandom::next() {
  state_ ^= state_ >> 12;
  state_ ^= state_ << 25;
  state_ ^= state_ >> 27;
  return state_ * kMultiplier;
}

SyntheticDataset::SyntheticDataset(const SyntheticOptions& options) {
  events_.reserve(options.events + options.events / 8);
  Generator generator(options, texts_, events_);
  uint64_t traces = options.events / kExpectedEventsPerTrace + 1;
  generator.traces(options.seed, traces);
  while (events_.size() < options.events) {
    const uint64_t made = events_.size();
    const uint64_t mean = std::max<uint64_t>(1, made / traces);
    const uint64_t more = (options.events - made) / mean + 1;
    generator.traces(options.seed + made, more);
    traces += more;
  }
  events_.resize(options.events);
}

}  // namespace sentinel::analysis
