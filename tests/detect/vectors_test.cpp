// The recorded vectors of chapter 03: statistics, frameworks, signatures. The tests below say what a row means.
#include <gtest/gtest.h>

#include <fstream>

#include "base/time.h"
#include "detect/fixes/fixes.h"
#include "detect/group_facts.h"
#include "detect/intervals.h"
#include "detect/sanitizer.h"
#include "detect/signature.h"
#include "detect/support/traces.h"
#include "support/files.h"
#include "support/json.h"

namespace sentinel::detect {
namespace {

using nlohmann::json;
using testing::contains;
using testing::SpanWords;
using testing::Traces;

json load(const std::string& name) {
  std::ifstream in(test_data(name));
  EXPECT_TRUE(in.good()) << name;
  return parsed_json<json>(in);
}

json statistics(const char* part) { return load("03_statistics_vectors.json").at(part); }

TEST(StatisticsVectors, Timing) {
  for (const json& v : statistics("timing")) {
    auto durations = v.at("durations_us").get<std::vector<std::uint64_t>>();
    const Timing t = timing(durations);
    EXPECT_EQ(t.p50_us, v.at("p50")) << v;
    EXPECT_EQ(t.p99_us, v.at("p99")) << v;
    EXPECT_EQ(t.cv_x1000, v.at("cv_x1000")) << v;
  }
}

TEST(StatisticsVectors, TimingOfNothingIsZero) {
  const Timing t = timing({});
  EXPECT_EQ(t.p50_us + t.p95_us + t.p99_us + t.cv_x1000, 0U);
}

TEST(StatisticsVectors, CrossTrace) {
  for (const json& v : statistics("cross_trace")) {
    Traces t;
    t.settings.slow_min_occurrences = 2;
    for (const json& d : v.at("durations_us")) t.sql("Q").in("t" + std::to_string(t.size())).took(d);
    const model::Finding f = t.one("slow_sql");
    EXPECT_EQ(f.pattern.p50_us.value_or(0), v.at("p50")) << v;
    EXPECT_EQ(f.pattern.p99_us.value_or(0), v.at("p99")) << v;
    EXPECT_EQ(f.pattern.cv_x1000.value_or(0), v.at("cv_x1000")) << v;
    EXPECT_EQ(model::slug(f.severity), v.at("severity")) << v;
    const json& ms = v.at("text_ms");
    const std::string figures = "p50 " + ms[0].get<std::string>() + " ms, p95 " + ms[1].get<std::string>() + " ms, p99 " +
                                ms[2].get<std::string>() + " ms";
    EXPECT_PRED2(contains, f.suggestion, figures);
  }
}

TEST(StatisticsVectors, Windows) {
  for (const json& v : statistics("windows")) {
    Traces t;
    Bounds bounds;
    base::Arena texts;
    for (const json& stamp : v.at("timestamps")) t.sql("Q").stamped(stamp.get<std::string>());
    for (std::size_t i = 0; i < t.size(); ++i) bounds.add(t.symbols, t.record(i));
    base::IsoWriter iso;
    const Bounds::Result r = bounds.result(texts, iso);
    EXPECT_EQ(r.window_ms, v.at("window_ms")) << v;
    EXPECT_EQ(r.first, v.at("first")) << v;
    EXPECT_EQ(r.last, v.at("last")) << v;
    EXPECT_EQ(bounds.window_ms(), r.window_ms) << v;
  }
}

TEST(StatisticsVectors, Timestamps) {
  for (const json& v : statistics("timestamps")) {
    const auto ms = base::parse_iso_ms(v.at("text").get<std::string>());
    EXPECT_EQ(ms ? json(*ms) : json(nullptr), v.at("epoch_ms")) << v;
  }
}

TEST(StatisticsVectors, Variance) {
  for (const json& v : statistics("variance")) {
    Welford durations;
    for (const json& d : v.at("durations_us")) durations.add(d);
    EXPECT_EQ(v.at("durations_us").size() >= 3 && durations.coefficient_of_variation() > 0.5, v.at("fires").get<bool>()) << v;
  }
}

std::vector<Interval> intervals(const json& spans) {
  std::vector<Interval> out;
  for (const json& s : spans) {
    const std::uint64_t start = s.at(0).get<std::uint64_t>() * 1000;
    out.push_back({start, saturating_add(start, s.at(1).get<std::uint64_t>()), static_cast<std::uint32_t>(out.size())});
  }
  return out;
}

TEST(StatisticsVectors, Sequential) {
  for (const json& v : statistics("sequential")) {
    std::vector<Interval> spans = intervals(v.at("spans"));
    EXPECT_EQ(spans.size() >= 3 && back_to_back(spans), v.at("fires").get<bool>()) << v;
  }
}

TEST(StatisticsVectors, PoolPeak) {
  for (const json& v : statistics("pool_peak")) {
    Traces t;
    t.settings.pool_saturation_concurrent_threshold = 2;
    for (const json& s : v.at("spans")) t.sql("Q" + std::to_string(t.size())).at(s.at(0)).took(s.at(1));
    if (v.at("peak").is_null()) {
      EXPECT_EQ(t.found("pool"), "") << v;
    } else {
      EXPECT_EQ(t.one("pool_saturation").pattern.occurrences, v.at("peak")) << v;
    }
  }
}

TEST(StatisticsVectors, SerializedChain) {
  for (const json& v : statistics("serialized")) {
    std::vector<Interval> children = intervals(v.at("children"));
    LongestChain search;
    json chain = json::array();
    for (const Interval& step : search.select(children, 2)) chain.push_back(step.span);
    EXPECT_EQ(chain.empty() ? json(nullptr) : chain, v.at("chain")) << v;
  }
}

TEST(StatisticsVectors, SerializedFinding) {
  for (const json& v : statistics("serialized")) {
    Traces t;
    t.settings.serialized_min_sequential = 2;
    for (const json& s : v.at("children")) t.http("C" + std::to_string(t.size())).parent("p").at(s.at(0)).took(s.at(1));
    if (v.at("chain").is_null()) {
      EXPECT_EQ(t.found("serialized"), "") << v;
    } else {
      const std::string size = std::to_string(v.at("chain").size());
      EXPECT_EQ(t.found("serialized"), "serialized_calls/info/" + size + "/" + size + "/" + v.at("window_ms").dump()) << v;
    }
  }
}

// -- frameworks

// Absent texts have no data.
std::string_view text_of(const json& v, const char* key) {
  return v.contains(key) ? std::string_view(v.at(key).get_ref<const std::string&>()) : std::string_view();
}

TEST(FrameworkVectors, Detection) {
  const json vectors = load("03_framework_vectors.json");
  for (const json& v : vectors.at("framework")) {
    std::vector<std::string_view> scopes;
    if (v.contains("scopes")) {
      for (const json& s : v.at("scopes")) scopes.emplace_back(s.get_ref<const std::string&>());
    }
    const model::CodeLocation code = {.function = text_of(v, "function"),
                                      .filepath = text_of(v, "filepath"),
                                      .code_namespace = text_of(v, "namespace"),
                                      .lineno = {}};
    const std::string_view tag = slug(detect_framework(scopes, code, text_of(v, "service")));
    EXPECT_EQ(tag.empty() ? json(nullptr) : json(tag), v.at("framework")) << v;
  }
}

TEST(FrameworkVectors, Brokers) {
  const json vectors = load("03_framework_vectors.json");
  for (const json& v : vectors.at("messaging")) {
    const std::string_view tag = slug(detect_broker(v.at(0).get<std::string>()));
    EXPECT_EQ(tag.empty() ? json(nullptr) : json(tag), v.at(1)) << v;
  }
}

TEST(FrameworkVectors, OrmScopes) {
  const json vectors = load("03_framework_vectors.json");
  for (const json& v : vectors.at("orm_scope")) EXPECT_EQ(is_orm_scope(v.at(0).get<std::string>()), v.at(1).get<bool>()) << v;
}

TEST(FrameworkVectors, Placeholders) {
  const json vectors = load("03_framework_vectors.json");
  for (const json& v : vectors.at("placeholder"))
    EXPECT_EQ(has_placeholder(v.at(0).get<std::string>()), v.at(1).get<bool>()) << v;
}

// -- signatures

model::FindingType type_of(std::string_view name) {
  for (std::size_t i = 0; i < model::kFindingTypes; ++i) {
    if (model::slug(static_cast<model::FindingType>(i)) == name) return static_cast<model::FindingType>(i);
  }
  ADD_FAILURE() << "unknown type " << name;
  return {};
}

TEST(SignatureVectors, AllMatch) {
  const json file = load("03_signature_vectors.json");
  ASSERT_EQ(file.at("vectors").size(), 84U);
  for (const json& v : file.at("vectors")) {
    EXPECT_EQ(signature(type_of(v.at("type").get<std::string>()), v.at("service").get<std::string>(),
                        v.at("endpoint").get<std::string>(), v.at("template").get<std::string>()),
              v.at("signature"));
  }
}

TEST(Signature, KeepsColonsOfTheService) {
  EXPECT_EQ(signature(model::FindingType::kSlowSql, "a:b", "GET /x y", "SELECT 1"),
            "slow_sql:a:b:GET__x_y:e004ebd5b5532a4b85984a62f8ad48a8");
}

}  // namespace
}  // namespace sentinel::detect
