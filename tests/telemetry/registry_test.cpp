#include "telemetry/registry.h"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

namespace sentinel::telemetry {
namespace {

constexpr std::string_view kByReason[] = {"reason"};
constexpr std::string_view kByActionAndReason[] = {"action", "reason"};
constexpr double kDurationBounds[] = {0.1, 1, 10};

TEST(Registry, ASeriesIsMadeOnceAndKeepsItsAddress) {
  Registry registry;
  auto* family = registry.counters({.name = "refused_total", .help = "", .labels = kByReason});
  Counter* full = family->series({"full"});
  for (int i = 0; i < 1000; ++i) ASSERT_NE(family->series({std::to_string(i)}), nullptr);
  EXPECT_EQ(family->series({"full"}), full);
  full->add(2);
  full->add();
  EXPECT_EQ(full->value(), 3U);
  EXPECT_EQ(family->size(), 1001U);
}

TEST(Registry, LabelValuesThatOnlyTogetherAreEqualAreDifferentSeries) {
  Registry registry;
  auto* family = registry.counters({.name = "x_total", .help = "", .labels = kByActionAndReason});
  EXPECT_NE(family->series({"a", "1:b"}), family->series({"a1:", "b"}));
  EXPECT_NE(family->series({"ab", ""}), family->series({"a", "b"}));
}

TEST(Registry, TheCapRefusesTheFirstSeriesPastItAndStillFindsTheOthers) {
  Registry registry;
  auto* family = registry.counters({.name = "x_total", .help = "", .labels = kByReason, .max_series = 2});
  Counter* first = family->series({"a"});
  EXPECT_NE(family->series({"b"}), nullptr);
  EXPECT_EQ(family->series({"c"}), nullptr);
  EXPECT_EQ(family->series({"a"}), first);
  EXPECT_EQ(family->size(), 2U);
}

TEST(Registry, ASeriesNeedsAValueForEachLabel) {
  Registry registry;
  auto* family = registry.counters({.name = "x_total", .help = "", .labels = kByActionAndReason});
  EXPECT_EQ(family->series({"a"}), nullptr);
  EXPECT_EQ(family->series({"a", "b", "c"}), nullptr);
  EXPECT_EQ(family->size(), 0U);
}

TEST(Registry, DeclaringAgainGivesTheSameFamilyAndAnotherShapeNone) {
  Registry registry;
  auto* family = registry.counters({.name = "x_total", .help = "", .labels = kByReason});
  EXPECT_EQ(registry.counters({.name = "x_total", .help = "other words", .labels = kByReason}), family);
  EXPECT_EQ(registry.counters({.name = "x_total", .help = "", .labels = kByActionAndReason}), nullptr);
  EXPECT_EQ(registry.gauges({.name = "x_total", .help = "", .labels = kByReason}), nullptr);
  ASSERT_NE(registry.histograms({.name = "h", .help = "", .bounds = kDurationBounds}), nullptr);
  EXPECT_EQ(registry.histograms({.name = "h", .help = ""}), nullptr);
}

TEST(Registry, NamesThatNoScraperReadsAreRefused) {
  Registry registry;
  for (const std::string_view name : {"", "1x", "a-b", "a b", "é"}) {
    EXPECT_EQ(registry.gauges({.name = name, .help = ""}), nullptr) << name;
  }
  for (const std::string_view name : {"x", "_x", "X:y9"})
    EXPECT_NE(registry.gauges({.name = name, .help = ""}), nullptr) << name;
  for (const std::string_view label : {"", "9", "a:b", "le"}) {
    EXPECT_EQ(registry.gauges({.name = "with_label", .help = "", .labels = {&label, 1}}), nullptr) << label;
  }
  constexpr std::string_view kUnsorted[] = {"b", "a"};
  EXPECT_EQ(registry.gauges({.name = "with_label", .help = "", .labels = kUnsorted}), nullptr);
}

TEST(Histogram, AValueOnABoundCountsBelowIt) {
  Registry registry;
  Histogram& histogram = registry.histograms({.name = "h", .help = "", .bounds = kDurationBounds})->only();
  for (const double value : {0.05, 0.1, 0.100001, 1.0, 10.0, 10.5}) histogram.observe(value);
  EXPECT_EQ(histogram.counts(), (std::vector<std::uint64_t>{2, 2, 1, 1}));
  EXPECT_DOUBLE_EQ(histogram.sum(), 0.05 + 0.1 + 0.100001 + 1.0 + 10.0 + 10.5);
}

TEST(Histogram, NotANumberLeavesTheSumAlone) {
  Registry registry;
  Histogram& histogram = registry.histograms({.name = "h", .help = "", .bounds = kDurationBounds})->only();
  histogram.observe(2);
  histogram.observe(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(histogram.counts(), (std::vector<std::uint64_t>{0, 0, 1, 1}));
  EXPECT_EQ(histogram.sum(), 2.0);
}

TEST(Exemplar, KeepsOnlyWhatAnIdMayHold) {
  Exemplar exemplar;
  EXPECT_EQ(exemplar.text(), "");
  exemplar.set("a\"1}\n# E\xC3\xA9OF_-");
  EXPECT_EQ(exemplar.text(), "a1EOF_-");
  exemplar.set("\"} \n");
  EXPECT_EQ(exemplar.text(), "a1EOF_-") << "an id without a usable byte is none";
}

TEST(Exemplar, IsCutAtSixtyFourBytes) {
  Exemplar exemplar;
  exemplar.set(std::string(63, 'a') + "b");
  EXPECT_EQ(exemplar.text(), std::string(63, 'a') + "b");
  exemplar.set(std::string(64, 'a') + "b");
  EXPECT_EQ(exemplar.text(), std::string(64, 'a'));
}

TEST(Exemplar, ReadersNeverSeeHalfOfOneIdAndHalfOfAnother) {
  Exemplar exemplar;
  std::atomic<bool> stop{false};
  std::vector<std::jthread> writers;
  for (const char letter : {'a', 'b', 'c'}) {
    writers.emplace_back([&, letter] {
      const std::string id(letter == 'a' ? 64 : 40, letter);
      while (!stop) exemplar.set(id);
    });
  }
  for (int i = 0; i < 20'000; ++i) {
    const std::string seen = exemplar.text();
    if (seen.empty()) continue;
    ASSERT_EQ(seen, std::string(seen[0] == 'a' ? 64 : 40, seen[0]));
  }
  stop = true;
}

TEST(Registry, ProducersAndScrapesMayMeet) {
  Registry registry;
  auto* family = registry.counters({.name = "x_total", .help = "", .labels = kByReason, .exemplars = true});
  Gauge& gauge = registry.gauges({.name = "g", .help = ""})->only();
  {
    std::vector<std::jthread> producers;
    for (int t = 0; t < 3; ++t) {
      producers.emplace_back([&, t] {
        for (int i = 0; i < 2000; ++i) {
          Counter* counter = family->series({std::to_string(i % 50)});
          counter->add();
          counter->set_exemplar(std::to_string(t));
          gauge.add(1);
        }
      });
    }
    for (int i = 0; i < 50; ++i) (void)registry.snapshot();
  }
  std::uint64_t sum = 0;
  const Snapshot snapshot = registry.snapshot();
  for (const SampleSnapshot& sample : snapshot.at(0).samples) sum += std::get<std::uint64_t>(sample.value);
  EXPECT_EQ(sum, 6000U);
  EXPECT_EQ(gauge.value(), 6000.0);
}

}  // namespace
}  // namespace sentinel::telemetry
