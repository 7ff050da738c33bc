// Cost of a text's way to a template id: the two normalisers alone, and Normalizer::apply() where the text is known and where
// it is new. Before it is timed each answer is compared with the plain version of the rules (tests/normalize/oracle.h).
//
// The texts have the shapes and lengths of the synthetic dataset (chapter 01 §13: statements of 40 to 70 bytes with one or two
// literals, URLs with an id), and a list after IN. Unfair: real statements are longer and have fewer literals a byte, and every
// text here has left the processor's caches no more often than the working set says.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "../tests/normalize/oracle.h"
#include "normalize/http.h"
#include "normalize/normalizer.h"
#include "normalize/sql.h"

namespace {

using namespace sentinel;
using model::EventType;
using Texts = std::vector<std::string>;

// As many as the cache of templates can hold by far, and more than it can.
constexpr std::size_t kFew = 512;
constexpr std::size_t kDistinct = 100'000;

constexpr const char* kTables[] = {"orders",    "order_item", "users",    "payments",
                                   "inventory", "audit_log",  "sessions", "products"};

// A number of four digits or more, different for each i.
std::string id_of(std::size_t i) { return std::to_string(1000 + i * 7919 % 1'000'003); }

Texts statements(std::size_t count) {
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string table = kTables[i % std::size(kTables)];
    texts.push_back(i % 3 == 0 ? "SELECT * FROM " + table + " WHERE parent_id = " + id_of(i)
                               : "SELECT id, status FROM " + table + " WHERE id = " + id_of(i) + " AND tenant = 'a" +
                                     std::to_string(i % 6) + "'");
  }
  return texts;
}

Texts lists(std::size_t count) {
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) {
    texts.push_back("SELECT id, name FROM orders WHERE customer_id IN (" + id_of(i) + ", " + id_of(i + 1) + ", " +
                    id_of(i + 2) + ")");
  }
  return texts;
}

Texts urls(std::size_t count) {
  Texts texts;
  for (std::size_t i = 0; i < count; ++i)
    texts.push_back("http://user-svc:5000/api/" + std::string(kTables[i % 8]) + "/" + id_of(i) + "/lines");
  return texts;
}

void report(benchmark::State& state, const Texts& texts) {
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes / texts.size()));
}

// `normalize` alone, compared with `plain` first.
template <class Normalize, class Plain>
void time_alone(benchmark::State& state, const Texts& texts, Normalize normalize, Plain plain) {
  normalize::Scratch scratch;
  for (const std::string& text : texts) {
    if (normalize::oracle::unpack(normalize(text, scratch)) != plain(text)) return state.SkipWithError("wrong answer");
  }
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(normalize(texts[i], scratch));
    i = i + 1 == texts.size() ? 0 : i + 1;
  }
  report(state, texts);
}

void time_sql(benchmark::State& state, const Texts& texts) {
  time_alone(state, texts, normalize::normalize_sql, normalize::oracle::sql);
}

// Normalizer::apply() over the texts again and again; they have all been seen once before the clock starts.
void time_apply(benchmark::State& state, EventType type, const Texts& texts) {
  model::Symbols symbols;
  normalize::Normalizer normalizer(symbols);
  model::SpanRecord record;
  for (const std::string& text : texts) {
    normalizer.apply(type, "GET", text, record);
    const auto expected = type == EventType::kSql ? normalize::oracle::sql(text) : normalize::oracle::http("GET", text);
    if (symbols.text(record.template_id) != expected.text) return state.SkipWithError("wrong answer");
  }
  std::size_t i = 0;
  for (auto _ : state) {
    normalizer.apply(type, "GET", texts[i], record);
    benchmark::DoNotOptimize(record);
    i = i + 1 == texts.size() ? 0 : i + 1;
  }
  report(state, texts);
}

void normalize_sql_alone(benchmark::State& state) { time_sql(state, statements(4096)); }
void normalize_sql_in_list_alone(benchmark::State& state) { time_sql(state, lists(4096)); }
void normalize_http_alone(benchmark::State& state) {
  time_alone(
      state, urls(4096),
      [](std::string_view url, normalize::Scratch& scratch) { return normalize::normalize_http("GET", url, scratch); },
      [](std::string_view url) { return normalize::oracle::http("GET", url); });
}
void normalize_sql_hit(benchmark::State& state) { time_apply(state, EventType::kSql, statements(kFew)); }
void normalize_sql_miss(benchmark::State& state) { time_apply(state, EventType::kSql, statements(kDistinct)); }
void normalize_http_hit(benchmark::State& state) { time_apply(state, EventType::kHttpOut, urls(kFew)); }
void normalize_http_miss(benchmark::State& state) { time_apply(state, EventType::kHttpOut, urls(kDistinct)); }

// Statements that are all templates of their own: each is new to the cache and to the interner. One item is a whole run of
// them.
void normalize_sql_distinct_templates(benchmark::State& state) {
  Texts texts;
  for (std::size_t i = 0; i < kDistinct; ++i) texts.push_back("SELECT id, status FROM t" + id_of(i) + " WHERE id = 1");
  for (auto _ : state) {
    model::Symbols symbols;
    normalize::Normalizer normalizer(symbols);
    model::SpanRecord record;
    for (const std::string& text : texts) normalizer.apply(EventType::kSql, "", text, record);
    if (symbols.texts.size() != kDistinct + 2) return state.SkipWithError("wrong number of templates");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
}

BENCHMARK(normalize_sql_alone);
BENCHMARK(normalize_sql_in_list_alone);
BENCHMARK(normalize_http_alone);
BENCHMARK(normalize_sql_hit);
BENCHMARK(normalize_sql_miss);
BENCHMARK(normalize_http_hit);
BENCHMARK(normalize_http_miss);
BENCHMARK(normalize_sql_distinct_templates)->Unit(benchmark::kMillisecond);

}  // namespace
