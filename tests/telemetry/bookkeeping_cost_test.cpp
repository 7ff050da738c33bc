// What counting costs: no memory once a component is made, and little time at a scrape (chapter 11 §1, §2).
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <new>
#include <string>

#include "telemetry/component.h"

namespace {
thread_local std::size_t allocations = 0;
}

// Every allocation of this program is counted, on the thread that makes it.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sentinel::telemetry {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(NDEBUG)
constexpr bool kTimed = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool kTimed = false;
#else
constexpr bool kTimed = true;
#endif
#else
constexpr bool kTimed = true;
#endif

constexpr int kExporters = 100;
constexpr double kMostMicroseconds = 5.0;

std::uint64_t cost_clock_us = 0;  // of one thread

struct Exporters {
  Exporters() {
    for (int i = 0; i < kExporters; ++i) all.emplace_back("exporter/" + std::to_string(i), &meter, Component::Role::kExporter);
  }
  void call_all() {
    for (Component& one : all) {
      one.call_success();
      one.call_failure(ErrorKind::kConnect);
    }
  }
  Registry registry;
  Meter meter{registry, {}, {[] { return cost_clock_us; }, [] { return 1e9; }}};
  std::deque<Component> all;
};

TEST(BookkeepingCost, AProducersCallsAllocateNothing) {
  Exporters exporters;
  Component& one = exporters.all.front();
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) {
    one.error(ErrorKind::kRead);
    one.emissions(7);
    one.latency(0.001 * i);
    one.degraded(i % 2 == 0);
    one.activity();
    one.call_success();
    one.call_failure(ErrorKind::kDownstream);
  }
  EXPECT_EQ(allocations, before);
  const std::string larger(100, 'x');
  EXPECT_EQ(allocations, before + 1) << "allocations are not counted";
}

// With as many snapshots as there can be, and each of the exporters having just been called.
TEST(BookkeepingCost, TheFailureRateOfAHundredExportersIsWorkedOutInFiveMicrosecondsWithoutMemory) {
  Exporters exporters;
  cost_clock_us = 0;
  for (std::size_t i = 0; i < WindowedRate::kMost; ++i) {
    cost_clock_us += 110'000'000 / WindowedRate::kMost;
    (void)exporters.meter.exporter_failure_rate();
  }
  double least_us = 1e9;
  for (int i = 0; i < 300; ++i) {
    exporters.call_all();
    cost_clock_us += 100'000;
    const std::size_t before = allocations;
    const auto begun = std::chrono::steady_clock::now();
    const double rate = exporters.meter.exporter_failure_rate();
    const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - begun;
    EXPECT_EQ(allocations, before);
    EXPECT_EQ(rate, 0.5);
    least_us = std::min(least_us, taken.count());
  }
  RecordProperty("microseconds", std::to_string(least_us));
  if (kTimed) {
    EXPECT_LT(least_us, kMostMicroseconds);
  }
}

}  // namespace
}  // namespace sentinel::telemetry
