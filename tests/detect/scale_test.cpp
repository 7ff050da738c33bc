// Inputs of chapter 03 §19 that must stay linear.
//
// Each shape is run at a size and at sixteen times that size; the smallest processor time of several runs counts. Caches make
// the large one up to a few times dearer a span, a quadratic step would make it sixteen times dearer.
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>

#include "detect/support/traces.h"

namespace sentinel::detect {
namespace {

using testing::Traces;

constexpr int kGrowth = 16;
constexpr double kDearerAtMost = 8.0;  // a span of the large input against one of the small

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds(Traces& t) {
  double best = 1e9;
  for (int run = 0; run < 4; ++run) {
    const double begin = processor_seconds();
    (void)t.findings();
    best = std::min(best, processor_seconds() - begin);
  }
  return best;
}

void expect_linear(int size, const std::function<void(Traces&, int)>& fill) {
  Traces small;
  Traces large;
  fill(small, size / kGrowth);
  fill(large, size);
  const double first = seconds(small);
  const double second = seconds(large);
  EXPECT_LT(second, first * kGrowth * kDearerAtMost + 0.002) << first << " s, then " << second << " s";
}

TEST(Scale, OneTemplate) {
  expect_linear(100'000, [](Traces& t, int n) {
    for (int i = 0; i < n; ++i) t.sql("Q").params(i).at(static_cast<std::uint64_t>(i % 400));
  });
}

TEST(Scale, AsManyTemplatesAsSpans) {
  expect_linear(100'000, [](Traces& t, int n) {
    for (int i = 0; i < n; ++i) t.http("GET " + std::to_string(i)).at(static_cast<std::uint64_t>(i));
  });
}

TEST(Scale, SequentialChildrenOfOneParent) {
  expect_linear(80'000, [](Traces& t, int n) {
    for (int i = 0; i < n; ++i)
      t.publish("kafka " + std::to_string(i)).parent("p").at(static_cast<std::uint64_t>(i)).took(1000);
  });
}

TEST(Scale, AChainOfParents) {
  expect_linear(100'000, [](Traces& t, int n) {
    for (int i = 0; i < n; ++i) t.publish("kafka q").id("s" + std::to_string(i)).parent("s" + std::to_string((i + 1) % n));
  });
}

TEST(Scale, ManyParentsThatAllFire) {
  expect_linear(60'000, [](Traces& t, int n) {
    for (int i = 0; i < n; ++i) {
      t.publish("kafka " + std::to_string(i % 3))
          .parent("s" + std::to_string(i / 3))
          .id("s" + std::to_string(i))
          .at(static_cast<std::uint64_t>(i))
          .took(1000);
    }
  });
}

TEST(Scale, LongOverlappingSpans) {
  expect_linear(100'000, [](Traces& t, int n) {
    for (int i = 0; i < n; ++i) t.sql("Q").params(i).at(static_cast<std::uint64_t>(i)).took(~std::uint64_t{0});
  });
}

TEST(Scale, DistinctScopesOnEverySpan) {
  expect_linear(16'000, [](Traces& t, int n) {
    for (int i = 0; i < n; ++i) {
      std::vector<std::string> chain;
      for (int s = 0; s < 8; ++s) chain.push_back("com.example.library-" + std::to_string(i) + "-" + std::to_string(s));
      t.sql("SELECT ?").at(static_cast<std::uint64_t>(i % 400)).took(100).scopes(chain);
    }
  });
}

TEST(Scale, ManyRedundantGroups) {
  expect_linear(80'000, [](Traces& t, int n) {
    for (int i = 0; i < n; ++i) t.sql("Q").params(i / 2).at(static_cast<std::uint64_t>(i) * 1000);
  });
}

}  // namespace
}  // namespace sentinel::detect
