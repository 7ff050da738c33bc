// Why a template made no finding: the figures are the detectors' own, and verdicts turn exactly where they say.
#include "analysis/why_not.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "analysis/run.h"
#include "config/key_table.h"
#include "config/load.h"
#include "detect/detect.h"
#include "ingest/byte_source.h"

namespace sentinel::analysis {
namespace {

struct Span {
  int start_ms = 0;
  int duration_ms = 1;
  std::string target = "SELECT * FROM item WHERE id = 1";
  std::string parent = "root";
  std::string service = "svc";
  std::string type = "sql";
};

std::string two(int n) { return n < 10 ? "0" + std::to_string(n) : std::to_string(n); }
std::string three(int n) { return (n < 100 ? "0" : "") + two(n); }

std::unique_ptr<Run> load(const std::vector<Span>& spans) {
  std::string text = "[";
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const Span& s = spans[i];
    text += std::string(i > 0 ? "," : "") + R"({"timestamp":"2025-07-10T14:32:)" + two(s.start_ms / 1000) + "." +
            three(s.start_ms % 1000) + R"(Z","trace_id":"t1","span_id":"s)" + std::to_string(i) + R"(","parent_span_id":")" +
            s.parent + R"(","service":")" + s.service + R"(","type":")" + s.type + R"(","operation":"GET","target":")" +
            s.target + R"(","duration_us":)" + std::to_string(s.duration_ms * 1000) +
            R"(,"source":{"endpoint":"GET /a","method":"m"}})";
  }
  text += "]";
  const auto source = ingest::memory_source(text);
  auto run = load_traces(*source, nullptr, 1, config::Config());
  EXPECT_TRUE(run.ok()) << run.error().text();
  return std::move(*run);
}

// `count` queries with keys 0, 1, … or all with key 1, `step_ms` apart.
std::vector<Span> queries(int count, int step_ms = 10, bool same = false) {
  std::vector<Span> spans;
  for (int i = 0; i < count; ++i) {
    spans.push_back({.start_ms = i * step_ms, .target = "SELECT * FROM item WHERE id = " + std::to_string(same ? 1 : i)});
  }
  return spans;
}

constexpr std::string_view kItem = "SELECT * FROM item WHERE id = ?";

// "silent: calls 4>=5 …; turns at key=value"
std::string told(const DetectorAnswer& answer) {
  std::string out(slug(answer.verdict));
  for (const Condition& c : answer.conditions) {
    out += std::string(c.holds() ? " ok " : " no ") + std::to_string(c.actual) + std::string(sign(c.comparison)) +
           std::to_string(c.required);
  }
  for (const TurningPoint& p : answer.turning_points) out += " | " + std::string(p.key) + "=" + std::to_string(p.value);
  return out;
}

std::string answer(const std::vector<Span>& spans, std::string_view detector, const config::Config& config = {},
                   std::string_view template_text = kItem) {
  const auto run = load(spans);
  const auto why = why_not(run->traces.view(0), run->symbols, config, template_text);
  if (!why) return "no such template";
  const auto at = std::ranges::find(why->detectors, detector, &DetectorAnswer::detector);
  return at == why->detectors.end() ? "no such detector" : told(*at);
}

TEST(WhyNot, CountsParametersAndWindowOfAnNPlusOne) {
  EXPECT_EQ(answer(queries(4), "n_plus_one"), "silent no 4>=5 no 4>=5 ok 30<=500 | n_plus_one_min_occurrences=4");
  EXPECT_EQ(answer(queries(5), "n_plus_one"), "fired ok 5>=5 ok 5>=5 ok 40<=500");
  EXPECT_EQ(answer(queries(5, 125), "n_plus_one"), "fired ok 5>=5 ok 5>=5 ok 500<=500");
  EXPECT_EQ(answer(queries(5, 126), "n_plus_one"), "silent ok 5>=5 ok 5>=5 no 504<=500 | window_duration_ms=504");
  EXPECT_EQ(answer(queries(4, 200), "n_plus_one"), "silent no 4>=5 no 4>=5 no 600<=500") << "no single key can do it";
}

TEST(WhyNot, ANearMissOfDifferentParametersShowsBothCounts) {
  std::vector<Span> spans = queries(4);
  for (int i = 0; i < 3; ++i) spans.push_back({.start_ms = 50 + i, .target = "SELECT * FROM item WHERE id = 3"});
  EXPECT_EQ(answer(spans, "n_plus_one"), "silent ok 7>=5 no 4>=5 no 0>=1 ok 52<=500 | n_plus_one_min_occurrences=4");
  EXPECT_EQ(answer(spans, "redundant"), "fired ok 4>=2 ok 0<=0");
}

TEST(WhyNot, RemovedParametersAreJudgedByTheDetectorsOwnRule) {
  std::vector<Span> spans;
  for (int i = 0; i < 6; ++i)
    spans.push_back({.start_ms = i * 50, .duration_ms = 1 + i * i, .target = "SELECT * FROM item WHERE id = ?"});
  EXPECT_EQ(answer(spans, "n_plus_one"), "fired ok 6>=5 no 1>=5 ok 1>=1 ok 250<=500");
  config::Config never;
  never.detection.settings.sanitizer = model::DetectionSettings::Sanitizer::kNever;
  EXPECT_EQ(answer(spans, "n_plus_one", never), "silent ok 6>=5 no 1>=5 no 0>=1 ok 250<=500 | n_plus_one_min_occurrences=1");
}

TEST(WhyNot, RepeatsThatAreToldAsNPlusOneAreNotToldTwice) {
  std::vector<Span> spans = queries(6);
  spans.push_back({.start_ms = 70, .target = "SELECT * FROM item WHERE id = 1"});
  EXPECT_EQ(answer(spans, "redundant"), "silent ok 2>=2 no 1<=0");
  EXPECT_EQ(answer(queries(3), "redundant"), "silent no 1>=2 ok 0<=0");
}

TEST(WhyNot, SlowCallsByLengthAndByNumber) {
  std::vector<Span> spans = queries(3);
  spans[0].duration_ms = 501;
  spans[1].duration_ms = 300;
  spans[2].duration_ms = 200;
  EXPECT_EQ(answer(spans, "slow"), "silent ok 501>500 no 1>=3 | slow_query_threshold_ms=199 | slow_query_min_occurrences=1");
  spans[0].duration_ms = 500;
  EXPECT_EQ(answer(spans, "slow"), "silent no 500>500 no 0>=3 | slow_query_threshold_ms=199");
}

TEST(WhyNot, FanoutAndChainsNameTheAncestorThatCameNearest) {
  std::vector<Span> spans = queries(3);
  spans[2].parent = "s0";
  const auto run = load(spans);
  const auto why = why_not(run->traces.view(0), run->symbols, {}, kItem);
  ASSERT_TRUE(why);
  const auto fanout = std::ranges::find(why->detectors, "excessive_fanout", &DetectorAnswer::detector);
  EXPECT_EQ(told(*fanout), "silent no 2>20 | max_fanout=1");
  ASSERT_TRUE(fanout->ancestor);
  EXPECT_EQ(fanout->ancestor->span_id, "root");
  EXPECT_EQ(fanout->ancestor->template_text.data(), nullptr) << "root is not in the trace";
}

TEST(WhyNot, ChainsNeedTwoTemplates) {
  std::vector<Span> spans = queries(2, 100);
  EXPECT_EQ(answer(spans, "serialized_calls"), "silent no 0>=3");
  spans.push_back({.start_ms = 300, .target = "SELECT 1"});
  spans.push_back({.start_ms = 250, .duration_ms = 100, .target = "SELECT 2"});
  EXPECT_EQ(answer(spans, "serialized_calls"), "fired ok 3>=3");
  config::Config config;
  config.detection.settings.serialized_min_sequential = 4;
  EXPECT_EQ(answer(spans, "serialized_calls", config), "silent no 3>=4 | serialized_min_sequential=3");
}

TEST(WhyNot, SaysWhichDetectorsDoNotApply) {
  EXPECT_EQ(answer(queries(2), "chatty_service"), "not_applicable");
  std::vector<Span> http = {{.target = "http://a/x", .type = "http_out"}};
  http[0].parent = "";
  EXPECT_EQ(answer(http, "pool_saturation", {}, "GET a/x"), "not_applicable");
  EXPECT_EQ(answer(http, "chatty_service", {}, "GET a/x"), "silent no 1>15");
  EXPECT_EQ(answer(queries(1), "n_plus_one", {}, "SELECT nothing"), "no such template");
}

TEST(WhyNot, ThresholdsOfRulesCount) {
  config::LoadOptions options;
  options.environment = [](const char*) { return std::nullopt; };
  const auto loaded = config::load_text("[[rules]]\nreason = \"r\"\nendpoint = \"GET /a\"\nn_plus_one_min_occurrences = 9\n",
                                        "t.toml", options);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(answer(queries(6), "n_plus_one", loaded->config),
            "silent no 6>=9 no 6>=9 ok 50<=500 | n_plus_one_min_occurrences=6");
}

// -- the promise: the verdict is that of the detectors on the whole trace, and turns exactly where it says

// Whether the whole trace, analysed as usual, has a finding that this answer is about.
bool found(const Run& run, const model::DetectionSettings& settings, const WhyNot& why, std::string_view detector) {
  using model::FindingType;
  base::Arena texts;
  for (const model::Finding& f : detect::detect_trace(run.traces.view(0), run.symbols, settings, texts)) {
    const bool same = f.pattern.template_text == why.template_text;
    if (detector == "n_plus_one" && f.type <= FindingType::kNPlusOneMessaging && same) return true;
    if (detector == "redundant" && f.type >= FindingType::kRedundantSql && f.type <= FindingType::kRedundantHttp && same)
      return true;
    if (detector == "slow" && f.type >= FindingType::kSlowSql && f.type <= FindingType::kSlowMessaging && same) return true;
    if (detector == "chatty_service" && f.type == FindingType::kChattyService) return true;
    if (detector == "pool_saturation" && f.type == FindingType::kPoolSaturation && f.service == why.service) return true;
    // One parent in these traces: every span hangs on it.
    if (detector == "excessive_fanout" && f.type == FindingType::kExcessiveFanout) return true;
    if (detector == "serialized_calls" && f.type == FindingType::kSerializedCalls) return true;
  }
  return false;
}

model::DetectionSettings with(const config::Config& config, std::string_view key, std::uint64_t value) {
  config::Config changed = config;
  config::set_whole_number(*config::find_key("detection." + std::string(key)), changed, value);
  return changed.detection.settings;
}

TEST(WhyNot, RandomTracesVerdictsTurnExactlyWhereItSays) {
  constexpr unsigned kSeed = 20250710;
  std::mt19937 random(kSeed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::map<std::string_view, int> turned;
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", round " + std::to_string(round));
    std::vector<Span> spans;
    const int count = 3 + below(25);
    for (int i = 0; i < count; ++i) {
      Span s;
      s.start_ms = below(900);
      s.duration_ms = below(4) == 0 ? 200 + below(800) : below(50);
      if (below(3) == 0) {
        s.type = "http_out";
        s.target = "http://a/x?id=" + std::to_string(below(4));
      } else {
        s.target = "SELECT * FROM t" + std::to_string(below(2)) + " WHERE id = " + std::to_string(below(8));
      }
      spans.push_back(s);
    }
    const auto run = load(spans);
    const config::Config config;
    for (const std::string_view template_text : {"SELECT * FROM t0 WHERE id = ?", "SELECT * FROM t1 WHERE id = ?", "GET a/x"}) {
      const auto why = why_not(run->traces.view(0), run->symbols, config, template_text);
      if (!why) continue;
      for (const DetectorAnswer& answer : why->detectors) {
        SCOPED_TRACE(std::string(template_text) + ", " + std::string(answer.detector) + ": " + told(answer));
        if (answer.verdict == Answer::kNotApplicable) continue;
        const bool fired = answer.verdict == Answer::kFired;
        EXPECT_EQ(fired, found(*run, config.detection.settings, *why, answer.detector));

        bool all_hold = true;
        for (std::size_t i = 0; i < answer.conditions.size(); ++i) {
          const bool replaced = i + 1 < answer.conditions.size() && answer.conditions[i + 1].instead;
          all_hold = all_hold && (answer.conditions[i].holds() || (replaced && answer.conditions[i + 1].holds()) ||
                                  answer.conditions[i].instead);
        }
        EXPECT_EQ(fired, all_hold) << "it fires when all conditions hold, and only then";

        for (const TurningPoint& p : answer.turning_points) {
          const bool up = p.key == "window_duration_ms";
          EXPECT_TRUE(found(*run, with(config, p.key, p.value), *why, answer.detector));
          EXPECT_FALSE(found(*run, with(config, p.key, up ? p.value - 1 : p.value + 1), *why, answer.detector));
          ++turned[p.key];
        }
        // Where one count decides, the figure printed is the one at which the verdict turns.
        if (answer.conditions.size() == 1 && !answer.turning_points.empty()) {
          const Condition& c = answer.conditions[0];
          EXPECT_EQ(answer.turning_points[0].value, c.comparison == Comparison::kAbove ? c.actual - 1 : c.actual);
        }
      }
    }
  }
  for (const std::string_view key :
       {"n_plus_one_min_occurrences", "window_duration_ms", "slow_query_threshold_ms", "slow_query_min_occurrences",
        "max_fanout", "chatty_service_min_calls", "pool_saturation_concurrent_threshold"}) {
    EXPECT_GT(turned[key], 0) << key << " never decided: the traces are too tame";
  }
}

}  // namespace
}  // namespace sentinel::analysis
