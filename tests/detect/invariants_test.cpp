// The invariants of chapter 03 §16 over random traces. A failure prints the seed; set SENTINEL_TEST_SEED to repeat it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>
#include <set>

#include "detect/signature.h"
#include "detect/support/traces.h"

namespace sentinel::detect {
namespace {

using testing::show;
using testing::Traces;
using Mode = model::DetectionSettings::Sanitizer;

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

std::uint64_t first_seed() {
  const char* text = std::getenv("SENTINEL_TEST_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
}

// Runs `body(random)` for several seeds, naming the seed of a failure.
template <class Body>
void for_seeds(int rounds, Body body) {
  const std::uint64_t seed = first_seed();
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed + static_cast<std::uint64_t>(round)));
    Random random(seed + static_cast<std::uint64_t>(round));
    body(random);
    if (::testing::Test::HasFailure()) return;
  }
}

// A messy trace: few templates, all kinds, repeats, parents, slow spans, several services and groupings.
void add_trace(Traces& t, Random& random, const std::string& trace, int spans) {
  constexpr model::EventType kTypes[] = {model::EventType::kSql, model::EventType::kHttpOut, model::EventType::kMessaging};
  for (int i = 0; i < spans; ++i) {
    const int kind = random.below(3);
    testing::SpanWords s = t.add(kTypes[kind], (kind == 2 ? "kafka q" : "T ? {id} ") + std::to_string(random.below(4)));
    s.in(trace).at(static_cast<std::uint64_t>(random.below(400))).took(static_cast<std::uint64_t>(random.below(1'200'000)));
    if (kind != 2 && random.below(3) != 0) s.params(random.below(12));
    if (random.below(2) == 0) s.parent("p" + std::to_string(random.below(3)));
    if (random.below(4) == 0) s.group("k", random.below(2) == 0 ? "x" : "y");
    if (random.below(5) == 0) s.service("other");
    if (random.below(6) == 0) s.scopes({"io.opentelemetry.hibernate-6.0"});
    if (random.below(40) == 0) s.stamped("2025-07-10T14:32:01Z");
  }
}

Mode any_mode(Random& random) { return static_cast<Mode>(random.below(4)); }

bool across_traces(const model::Finding& f) {
  return f.type >= model::FindingType::kSlowSql && f.type <= model::FindingType::kSlowMessaging &&
         f.pattern.distinct_params == 0;
}

// show() of the findings of one trace, cross-trace ones apart.
std::vector<std::string> of_trace(const std::vector<model::Finding>& findings, std::string_view trace) {
  std::vector<std::string> out;
  for (const model::Finding& f : findings) {
    if (f.trace_id == trace && !across_traces(f)) out.push_back(show(f) + " " + std::string(f.pattern.template_text));
  }
  return out;
}

TEST(Invariants, MoreDistinctSpansKeepOneFindingThatOnlyGrows) {
  for_seeds(30, [](Random& random) {
    Traces t;
    std::uint64_t occurrences = 0;
    model::Severity severity = model::Severity::kInfo;
    for (int i = 0; i < 30; ++i) {
      t.sql("Q").params(i).at(static_cast<std::uint64_t>(random.below(500)));
      if (i < 4) continue;
      const auto& findings = t.findings();
      ASSERT_EQ(std::ranges::count(findings, model::FindingType::kNPlusOneSql, &model::Finding::type), 1);
      const model::Finding f = t.one("n_plus_one_sql");
      EXPECT_GT(f.pattern.occurrences, occurrences);
      EXPECT_LE(f.severity, severity);  // the worst comes first in the enum
      occurrences = f.pattern.occurrences;
      severity = f.severity;
    }
  });
}

TEST(Invariants, ShufflingSpansKeepsDirectNPlusOne) {
  for_seeds(60, [](Random& random) {
    Traces t;
    add_trace(t, random, "t", 80);
    const auto direct = [&] {
      std::multiset<std::string> out;
      for (const model::Finding& f : t.findings()) {
        const bool n_plus_one = f.type <= model::FindingType::kNPlusOneMessaging;
        if (n_plus_one && f.classification == model::Classification::kAbsent)
          out.insert(show(f) + " " + std::string(f.pattern.template_text));
      }
      return out;
    };
    const std::multiset<std::string> before = direct();
    std::vector<std::size_t> order(t.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::shuffle(order, random.engine());
    t.reorder(order);
    EXPECT_EQ(direct(), before);
  });
}

TEST(Invariants, FindingsOfASetAreThoseOfItsTraces) {
  for_seeds(40, [](Random& random) {
    Traces t;
    t.settings.sanitizer = any_mode(random);
    for (const char* trace : {"a", "b", "c"}) add_trace(t, random, trace, 20 + random.below(60));
    const model::TraceSet set = t.set();
    std::vector<model::Finding> findings = t.findings();
    for (std::size_t i = 0; i < set.size(); ++i) {
      base::Arena texts;
      const std::vector<model::Finding> alone = detect_trace(set.view(i), t.symbols, t.settings, texts);
      const std::string_view id = t.symbols.text(set.traces[i].trace);
      EXPECT_EQ(of_trace(alone, id), of_trace(findings, id));
    }
  });
}

TEST(Invariants, ACopiedTraceRepeatsItsFindings) {
  for_seeds(40, [](Random& random) {
    Traces t;
    add_trace(t, random, "a", 60);
    const std::size_t size = t.size();
    for (std::size_t i = 0; i < size; ++i) {
      t.sql("");
      t.record(t.size() - 1) = t.record(i);
      testing::SpanWords(t, t.record(t.size() - 1)).in("b");
    }
    const std::vector<model::Finding> findings = t.findings();
    EXPECT_EQ(of_trace(findings, "a"), of_trace(findings, "b"));
  });
}

TEST(Invariants, FewerSpansThanTheThresholdGiveNoNPlusOne) {
  for_seeds(40, [](Random& random) {
    Traces t;
    t.settings.sanitizer = any_mode(random);
    add_trace(t, random, "t", 80);
    for (const model::Finding& f : t.findings()) {
      if (f.type <= model::FindingType::kNPlusOneMessaging) {
        EXPECT_GE(f.pattern.occurrences, t.settings.n_plus_one_threshold);
      }
    }
  });
}

TEST(Invariants, InModeNeverRemovingSpansAddsNoNPlusOne) {
  for_seeds(40, [](Random& random) {
    Traces t;
    t.settings.sanitizer = Mode::kNever;
    t.settings.window_ms = 1'000'000;
    add_trace(t, random, "t", 60);
    const auto largest = [&] {
      std::map<std::string, std::uint64_t> out;
      for (const model::Finding& f : t.findings()) {
        if (f.type > model::FindingType::kNPlusOneMessaging) continue;
        const std::string grouping = f.grouping.empty() ? "" : std::string(f.grouping[0].value);
        out[std::string(model::slug(f.type)) + grouping + std::string(f.pattern.template_text)] = f.pattern.occurrences;
      }
      return out;
    };
    std::map<std::string, std::uint64_t> before = largest();
    while (t.size() > 5) {
      t.drop(static_cast<std::size_t>(random.below(static_cast<int>(t.size()))));
      std::map<std::string, std::uint64_t> after = largest();
      for (const auto& [key, occurrences] : after) {
        ASSERT_TRUE(before.contains(key)) << key;
        ASSERT_LE(occurrences, before[key]) << key;
      }
      before = std::move(after);
    }
  });
}

TEST(Invariants, NoTemplateIsBothNPlusOneAndRedundant) {
  for_seeds(80, [](Random& random) {
    Traces t;
    t.settings.sanitizer = any_mode(random);
    add_trace(t, random, "t", 120);
    std::set<std::string> claimed;
    for (const model::Finding& f : t.findings()) {
      const std::string identity = f.grouping.empty() ? "" : std::string(f.grouping[0].value);
      const std::string key = identity + "|" + std::string(f.pattern.template_text);
      if (f.type == model::FindingType::kNPlusOneSql) claimed.insert("sql" + key);
      if (f.type == model::FindingType::kNPlusOneHttp) claimed.insert("http" + key);
      EXPECT_FALSE(f.type == model::FindingType::kRedundantSql && claimed.contains("sql" + key)) << key;
      EXPECT_FALSE(f.type == model::FindingType::kRedundantHttp && claimed.contains("http" + key)) << key;
    }
  });
}

TEST(Invariants, ADistinctGroupFiresExactlyWithinItsWindow) {
  for_seeds(200, [](Random& random) {
    Traces t;
    t.settings.window_ms = 100;
    std::vector<std::uint64_t> starts;
    const int spans = 5 + random.below(5);
    for (int i = 0; i < spans; ++i) {
      starts.push_back(static_cast<std::uint64_t>(random.below(120)));
      t.sql("Q").params(i).at(starts.back()).took(0);
    }
    const std::uint64_t window = *std::ranges::max_element(starts) - *std::ranges::min_element(starts);
    if (window > 100) {
      EXPECT_EQ(t.found("n_plus"), "");
    } else {
      EXPECT_EQ(t.one("n_plus_one_sql").pattern.window_ms, window);
    }
  });
}

TEST(Invariants, TheNumberOfThreadsChangesNothing) {
  for_seeds(3, [](Random& random) {
    Traces t;
    for (int trace = 0; trace < 700; ++trace) add_trace(t, random, "t" + std::to_string(trace), 5 + random.below(20));
    const auto all = [&] {
      std::vector<std::string> out;
      for (const model::Finding& f : t.findings()) {
        std::string text = show(f);
        for (const std::string_view part :
             {f.trace_id, f.service, f.source_endpoint, f.suggestion, f.first_timestamp, f.last_timestamp}) {
          text += "|" + std::string(part);
        }
        out.push_back(std::move(text));
      }
      return out;
    };
    const std::vector<std::string> alone = all();
    EXPECT_GT(alone.size(), 100U);
    for (const unsigned threads : {2U, 7U}) {
      t.threads = threads;
      EXPECT_EQ(all(), alone);
    }
  });
}

TEST(Invariants, SignaturesIgnoreTracesCountsAndGroupings) {
  for_seeds(20, [](Random& random) {
    Traces t;
    const int base = 5 + random.below(4);
    for (const char* trace : {"a", "b"}) {
      const int count = base + random.below(10);
      for (int i = 0; i < count; ++i) t.sql("Q").in(trace).params(i).group("k", trace).at(static_cast<std::uint64_t>(i));
    }
    std::set<std::string> signatures;
    for (const model::Finding& f : t.findings()) {
      if (f.type == model::FindingType::kNPlusOneSql) {
        signatures.insert(signature(f.type, f.service, f.source_endpoint, f.pattern.template_text));
      }
    }
    EXPECT_EQ(signatures.size(), 1U);
  });
}

TEST(Invariants, NoTracesGiveNoFindings) {
  Traces t;
  EXPECT_TRUE(t.findings().empty());
}

}  // namespace
}  // namespace sentinel::detect
