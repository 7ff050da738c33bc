#include "daemon/correlator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <thread>
#include <tuple>

#include "base/time.h"
#include "daemon/correlation_pair.h"

namespace sentinel::daemon {
namespace {

using model::FindingType;

constexpr std::uint64_t kSeenAt = 1'772'439'611'000;

config::CorrelationConfig config_of(std::uint32_t min_count = 1, double min_confidence = 0.0, std::uint64_t cap = 100) {
  return {.enabled = true,
          .window_minutes = 1,
          .lag_threshold_ms = 5000,
          .min_co_occurrences = min_count,
          .min_confidence = min_confidence,
          .max_tracked_pairs = cap};
}

// Findings from words "service", "service/template" or "namespace:service/template".
class Batch {
 public:
  explicit Batch(const std::string& text) {
    std::stringstream in(text);
    for (std::string word; in >> word;) words_.push_back(word);
    for (const std::string& word : words_) add(word);
  }
  std::span<const SeenFinding> findings() const { return findings_; }

 private:
  void add(std::string_view word) {
    SeenFinding finding{
        .type = FindingType::kSlowSql, .service = {}, .template_text = {}, .grouping = nullptr, .trace_id = "t"};
    if (const auto colon = word.find(':'); colon != std::string_view::npos) {
      finding.grouping = &groupings_.emplace_back(model::GroupPair{"k8s.namespace.name", word.substr(0, colon)});
      word.remove_prefix(colon + 1);
    }
    const auto slash = word.find('/');
    finding.service = word.substr(0, slash);
    finding.template_text = slash == std::string_view::npos ? "Q" : word.substr(slash + 1);
    findings_.push_back(finding);
  }
  std::deque<std::string> words_;
  std::deque<model::GroupPair> groupings_;
  std::vector<SeenFinding> findings_;
};

Correlator::Losses ingest(Correlator& correlator, const std::string& text, std::uint64_t at_ms) {
  const Batch batch(text);
  return correlator.ingest(batch.findings(), kSeenAt + at_ms);
}

// "a>b 2/3" for each active pair: count and the source's total, in order.
std::string shown(const Correlator& correlator, std::uint64_t at_ms) {
  std::string out;
  for (const model::Correlation& one : correlator.active(kSeenAt + at_ms)) {
    out += (out.empty() ? "" : ", ") + one.source.service + ">" + one.target.service + " " +
           std::to_string(one.co_occurrence_count) + "/" + std::to_string(one.source_total_occurrences);
  }
  return out;
}

TEST(Correlator, PairsWhatFollowsWithinTheLag) {
  Correlator correlator(config_of());
  ingest(correlator, "a", 0);
  ingest(correlator, "b", 5000);
  EXPECT_EQ(shown(correlator, 5000), "a>b 1/1");
  ingest(correlator, "c", 10'001);
  EXPECT_EQ(shown(correlator, 10'001), "a>b 1/1") << "c came a millisecond too late after b";
}

TEST(Correlator, InOneBatchEarlierLeadsToLater) {
  Correlator correlator(config_of());
  ingest(correlator, "a b c", 0);
  EXPECT_EQ(shown(correlator, 0), "a>b 1/1, a>c 1/1, b>c 1/1");
  EXPECT_EQ(correlator.active(kSeenAt)[0].median_lag_ms, 0.0);
}

TEST(Correlator, OneServiceAndOtherGroupsArePairedNever) {
  Correlator correlator(config_of());
  ingest(correlator, "a/x a/y shop:a bank:b shop:c b", 0);
  EXPECT_EQ(shown(correlator, 0), "a>c 1/1, a>b 1/1, a>b 1/1");
  const auto active = correlator.active(kSeenAt);
  EXPECT_EQ(active[0].target.grouping_key, "k8s.namespace.name");
  EXPECT_EQ(active[0].target.grouping_value, "shop");
  EXPECT_EQ(active[1].source.template_text, "x");
  EXPECT_FALSE(active[1].source.grouping_key);
}

TEST(Correlator, ASourceCountsOnceAPairHoweverManyTargetsFollow) {
  Correlator correlator(config_of());
  ingest(correlator, "a", 0);
  for (int i = 1; i <= 4; ++i) ingest(correlator, "b", static_cast<std::uint64_t>(i));
  EXPECT_EQ(shown(correlator, 4), "a>b 1/1");
  ingest(correlator, "a a", 5);
  ingest(correlator, "b", 6);
  EXPECT_EQ(shown(correlator, 6), "a>b 3/3, b>a 4/5");
}

TEST(Correlator, MinimumCountAndConfidenceAreInclusive) {
  for (const auto& [min_count, min_confidence, expected] :
       {std::tuple{2U, 0.5, "a>b 2/4"}, std::tuple{3U, 0.5, ""}, std::tuple{2U, 0.51, ""}}) {
    Correlator correlator(config_of(min_count, min_confidence));
    ingest(correlator, "a b a b", 0);
    ingest(correlator, "a a", 10'000);  // followed by nothing
    EXPECT_EQ(shown(correlator, 10'000), expected) << min_count << " " << min_confidence;
  }
}

TEST(Correlator, ConfidenceIsAtMostOne) {
  Correlator correlator(config_of());
  ingest(correlator, "a", 0);
  ingest(correlator, "b", 1000);
  ingest(correlator, "", 60'500);  // a has left the window, the pair has not
  EXPECT_EQ(shown(correlator, 60'500), "a>b 1/1");
  EXPECT_EQ(correlator.active(kSeenAt + 60'500)[0].confidence, 1.0);
}

TEST(Correlator, QuietPairsDecayWithinAWindowAndThenGo) {
  Correlator correlator(config_of());
  ingest(correlator, "a b", 0);
  ingest(correlator, "", 30'000);
  EXPECT_EQ(shown(correlator, 30'000), "a>b 1/1");
  ingest(correlator, "", 60'000);
  EXPECT_EQ(shown(correlator, 60'000), "") << "two half windows without a count";
  EXPECT_EQ(correlator.pairs(), 1U);
  ingest(correlator, "", 61'000);
  EXPECT_EQ(correlator.pairs(), 0U) << "swept within a second of leaving the window";
  EXPECT_EQ(correlator.occurrences(), 0U);
}

TEST(Correlator, AReaderSeesPairsAgeWithoutTraffic) {
  Correlator correlator(config_of());
  ingest(correlator, "a b", 0);
  EXPECT_EQ(shown(correlator, 59'999), "a>b 1/1");
  EXPECT_EQ(shown(correlator, 60'000), "");
}

TEST(Correlator, ReportsLagsTimesAndASample) {
  Correlator correlator(config_of());
  ingest(correlator, "a", 0);
  ingest(correlator, "b", 100);
  ingest(correlator, "a", 10'000);
  const std::string long_id = std::string(127, 'x') + "\u00E9";
  const SeenFinding last{
      .type = FindingType::kSlowSql, .service = "b", .template_text = "Q", .grouping = nullptr, .trace_id = long_id};
  correlator.ingest({&last, 1}, kSeenAt + 10'200);
  const auto active = correlator.active(kSeenAt + 10'200);
  const auto pair = std::ranges::find_if(active, [](const auto& one) { return one.source.service == "a"; });
  ASSERT_NE(pair, active.end());
  EXPECT_EQ(pair->median_lag_ms, 150.0);
  EXPECT_EQ(pair->first_seen, base::format_iso_ms(kSeenAt + 100).view());
  EXPECT_EQ(pair->last_seen, base::format_iso_ms(kSeenAt + 10'200).view());
  EXPECT_EQ(pair->sample_trace_id, std::string(127, 'x')) << "cut to 128 bytes on a character boundary";
}

TEST(Correlator, AnEmptyTraceIdKeepsTheSampleBefore) {
  Correlator correlator(config_of());
  ingest(correlator, "a b", 0);
  const SeenFinding anonymous{
      .type = FindingType::kSlowSql, .service = "b", .template_text = "Q", .grouping = nullptr, .trace_id = ""};
  correlator.ingest({&anonymous, 1}, kSeenAt + 1);
  EXPECT_EQ(correlator.active(kSeenAt + 1)[0].sample_trace_id, "t");
}

TEST(Correlator, BeyondTheCapPairsAreRefusedAndATenthIsEvicted) {
  Correlator under(config_of(1, 0.0, 3));
  EXPECT_EQ(ingest(under, "a b c", 0).pairs_evicted, 0U) << "three pairs are at the cap";
  Correlator at(config_of(1, 0.0, 3));
  EXPECT_EQ(ingest(at, "a b c d", 0).pairs_evicted, 3U + 1U) << "three refused, and at least one evicted";
  EXPECT_EQ(at.pairs(), 2U);
  Correlator twenty(config_of(1, 0.0, 20));
  EXPECT_EQ(ingest(twenty, "a b c d e f g", 0).pairs_evicted, 1U + 2U) << "21 pairs: one refused, a tenth of 20 evicted";
  EXPECT_EQ(twenty.pairs(), 18U);
}

TEST(Correlator, RefusedPairsCountOnceABatch) {
  Correlator correlator(config_of(1, 0.0, 0));
  EXPECT_EQ(ingest(correlator, "a b a b", 0).pairs_evicted, 2U);
  EXPECT_EQ(correlator.pairs(), 0U) << "a cap of 0 admits nothing";
}

TEST(Correlator, TheRarestPairsAreEvictedAndOfEqualsTheOneSeenFirst) {
  for (const auto& [times, left] : {std::pair{2, "x>y 2/2"}, std::pair{3, "a>b 3/3"}}) {
    Correlator correlator(config_of(1, 0.0, 2));
    for (int i = 0; i < times; ++i) ingest(correlator, "a b", static_cast<std::uint64_t>(i) * 6000);
    ingest(correlator, "x y", 20'000);
    ingest(correlator, "x y z", 26'000);
    EXPECT_EQ(shown(correlator, 26'000), left);
  }
}

TEST(Correlator, OccurrencesAreCapped) {
  Correlator correlator(config_of(), 3);
  EXPECT_EQ(ingest(correlator, "a b c", 0).occurrences_dropped, 0U);
  EXPECT_EQ(ingest(correlator, "d e", 1).occurrences_dropped, 2U);
  EXPECT_EQ(correlator.occurrences(), 3U);
}

TEST(Correlator, AtMostAThousandAreShown) {
  Correlator correlator(config_of(1, 0.0, 10'000));
  std::string batch;
  for (int i = 0; i < 46; ++i) batch += "s" + std::to_string(i) + " ";
  ingest(correlator, batch, 0);
  EXPECT_EQ(correlator.pairs(), 1035U);
  EXPECT_EQ(correlator.active(kSeenAt).size(), 1000U);
}

TEST(Correlator, ReadersMayComeWhileItWorks) {
  Correlator correlator(config_of());
  std::jthread reader([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) (void)correlator.active(kSeenAt);
  });
  for (std::uint64_t i = 0; i < 300; ++i) ingest(correlator, "a b c d", i * 7);
}

TEST(EndpointHash, FollowsTheChapter) {
  EXPECT_EQ(endpoint_hash(FindingType::kNPlusOneSql, "order-svc", "Q"), 0xb387fdba64cad701ULL);
  EXPECT_EQ(endpoint_hash(FindingType::kPoolSaturation, "payment-svc", "payment-svc"), 0x7c1116dc399c8c2bULL);
}

TEST(LagSamples, MedianOfFewIsExactAndOfManyASample) {
  LagSamples lags(1);
  EXPECT_EQ(lags.median(), 0.0);
  for (const std::uint64_t lag : {30, 10, 20}) lags.record(lag);
  EXPECT_EQ(lags.median(), 20.0);
  lags.record(40);
  EXPECT_EQ(lags.median(), 25.0);
  LagSamples many(kSeenAt);
  for (std::uint64_t lag = 0; lag < 10'000; ++lag) many.record(lag);
  EXPECT_NEAR(many.median(), 5000.0, 1000.0);
  LagSamples again(kSeenAt);
  for (std::uint64_t lag = 0; lag < 10'000; ++lag) again.record(lag);
  EXPECT_EQ(again.median(), many.median());
}

// -- against the chapter's own steps, done the slow way (03 §9.3, §9.5)

struct SlowCorrelator {
  using Endpoint = std::tuple<std::string, std::string>;  // service, template
  struct Pair {
    std::uint64_t current = 0, previous = 0, bucket_start, last_seen, last_source_seq = 0;
  };
  config::CorrelationConfig config;
  std::deque<std::tuple<Endpoint, std::uint64_t, std::uint64_t>> occurrences = {};
  std::map<Endpoint, std::uint64_t> totals = {};
  std::map<std::pair<Endpoint, Endpoint>, Pair> pairs = {};
  std::uint64_t next_seq = 1;

  void rotate(Pair& pair, std::uint64_t now) const {
    const std::uint64_t half = config.window_ms() / 2;
    const std::uint64_t steps = (now - pair.bucket_start) / half;
    if (steps == 0) return;
    pair.previous = steps == 1 ? pair.current : 0;
    pair.current = 0;
    pair.bucket_start += steps * half;
  }

  std::uint64_t ingest(std::span<const SeenFinding> findings, std::uint64_t now) {
    const std::uint64_t cutoff = now - config.window_ms();
    while (!occurrences.empty() && std::get<1>(occurrences.front()) < cutoff) {
      const Endpoint endpoint = std::get<0>(occurrences.front());
      if (--totals[endpoint] == 0) totals.erase(endpoint);
      occurrences.pop_front();
    }
    std::erase_if(pairs, [&](const auto& one) { return one.second.last_seen < cutoff; });
    for (auto& [key, pair] : pairs) rotate(pair, now);
    std::set<std::pair<Endpoint, Endpoint>> refused;
    for (const SeenFinding& finding : findings) {
      const Endpoint target{finding.service, finding.template_text};
      std::size_t first = occurrences.size();
      while (first > 0 && now - std::get<1>(occurrences[first - 1]) <= config.lag_threshold_ms) --first;
      for (std::size_t i = first; i < occurrences.size(); ++i) {
        const auto& [source, ms, seq] = occurrences[i];
        if (std::get<0>(source) == std::get<0>(target)) continue;
        const std::pair key{source, target};
        auto found = pairs.find(key);
        if (found == pairs.end()) {
          if (pairs.size() >= config.max_tracked_pairs) {
            refused.insert(key);
            continue;
          }
          found = pairs.emplace(key, Pair{.bucket_start = now, .last_seen = now}).first;
        }
        Pair& pair = found->second;
        pair.last_seen = now;
        if (seq <= pair.last_source_seq) continue;
        pair.last_source_seq = seq;
        rotate(pair, now);
        ++pair.current;
      }
      ++totals[target];
      occurrences.emplace_back(target, now, next_seq++);
    }
    if (refused.empty()) return 0;
    return refused.size() + evict();
  }

  std::uint64_t evict() {
    if (pairs.empty() || pairs.size() < config.max_tracked_pairs) return 0;
    const std::uint64_t keep = config.max_tracked_pairs - config.max_tracked_pairs / 10;
    const std::uint64_t count = std::max<std::uint64_t>(1, pairs.size() - keep);
    std::vector<std::tuple<std::uint64_t, std::uint64_t, std::pair<Endpoint, Endpoint>>> ranks;
    for (const auto& [key, pair] : pairs) ranks.emplace_back(pair.current + pair.previous, pair.last_seen, key);
    std::ranges::sort(ranks);
    for (std::uint64_t i = 0; i < count; ++i) pairs.erase(std::get<2>(ranks[i]));
    return count;
  }

  std::string shown() const {
    std::vector<std::string> lines;
    for (const auto& [key, pair] : pairs) {
      const std::uint64_t count = pair.current + pair.previous;
      if (count == 0) continue;
      const auto total = totals.find(key.first);
      lines.push_back(std::get<0>(key.first) + "/" + std::get<1>(key.first) + ">" + std::get<0>(key.second) + "/" +
                      std::get<1>(key.second) + " " + std::to_string(count) + "/" +
                      std::to_string(total == totals.end() ? 1 : total->second));
    }
    std::ranges::sort(lines);
    std::string out;
    for (const std::string& line : lines) out += line + "\n";
    return out;
  }
};

std::string all_of(const Correlator& correlator, std::uint64_t now) {
  std::vector<std::string> lines;
  for (const model::Correlation& one : correlator.active(now)) {
    lines.push_back(one.source.service + "/" + one.source.template_text + ">" + one.target.service + "/" +
                    one.target.template_text + " " + std::to_string(one.co_occurrence_count) + "/" +
                    std::to_string(one.source_total_occurrences));
  }
  std::ranges::sort(lines);
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

TEST(Correlator, AgreesWithTheChapterDoneStepByStep) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    std::mt19937 random(seed);
    config::CorrelationConfig config = config_of(1, 0.0, seed % 4 == 0 ? 1'000'000 : 5 + seed);
    config.lag_threshold_ms = seed % 3 == 0 ? 200 : 5000;
    Correlator correlator(config);
    SlowCorrelator slow{config};
    std::uint64_t now = kSeenAt;
    for (int step = 0; step < 120; ++step) {
      now += random() % 10 == 0 ? random() % 40'000 : random() % 900;
      std::string text;
      for (auto i = random() % 5; i > 0; --i) {
        text += std::string(1, static_cast<char>('a' + random() % 5)) + "/" +
                std::string(1, static_cast<char>('q' + random() % 2)) + " ";
      }
      const Batch batch(text);
      ASSERT_EQ(correlator.ingest(batch.findings(), now).pairs_evicted, slow.ingest(batch.findings(), now))
          << "seed " << seed << " step " << step;
      ASSERT_EQ(all_of(correlator, now), slow.shown()) << "seed " << seed << " step " << step;
    }
  }
}

}  // namespace
}  // namespace sentinel::daemon
