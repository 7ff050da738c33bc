#include "base/log_filter.h"

#include <gtest/gtest.h>

namespace sentinel::base {
namespace {

// The levels let through for a target, as letters of "EWIDT".
std::string passes(const LogFilter& filter, std::string_view target) {
  std::string out;
  for (int level = 0; level < 5; ++level) {
    if (filter.enabled(static_cast<LogLevel>(level), target)) out += "EWIDT"[level];
  }
  return out;
}

std::string passes(const char* directives, std::string_view target = "config") {
  return passes(LogFilter::from_environment(nullptr, directives), target);
}

TEST(LogFilter, TakesLevelsInAnyCaseAndAsDigits) {
  EXPECT_EQ(passes("off"), "");
  EXPECT_EQ(passes("Error"), "E");
  EXPECT_EQ(passes("WARN"), "EW");
  EXPECT_EQ(passes("info"), "EWI");
  EXPECT_EQ(passes("4"), "EWID");
  EXPECT_EQ(passes("trace"), "EWIDT");
  EXPECT_EQ(passes("0"), "");
}

TEST(LogFilter, MeansInfoWhenUnsetOrUnreadableAndErrorsWhenEmpty) {
  EXPECT_EQ(passes(nullptr), "EWI");
  EXPECT_EQ(passes("a=zzz"), "EWI");
  EXPECT_EQ(passes("=warn"), "EWI");
  EXPECT_EQ(passes(""), "E");
}

TEST(LogFilter, LetsTheLongestTargetDecide) {
  EXPECT_EQ(passes("warn,config=debug", "config"), "EWID");
  EXPECT_EQ(passes("warn,config=debug", "config::load"), "EWID");
  EXPECT_EQ(passes("warn,config=debug", "ingest"), "EW");
  EXPECT_EQ(passes("config::load=error,config=debug", "config::load"), "E");
}

TEST(LogFilter, TakesABareWordAsATargetInFullDetail) {
  EXPECT_EQ(passes("ingest", "ingest"), "EWIDT");
  EXPECT_EQ(passes("ingest", "config"), "");
}

TEST(LogFilter, PrefersTheProductVariable) {
  EXPECT_EQ(passes(LogFilter::from_environment("error", "trace"), "config"), "E");
  EXPECT_EQ(passes(LogFilter::from_environment("", "trace"), "config"), "E");
  EXPECT_EQ(passes(LogFilter::from_environment("a=zzz", "trace"), "config"), "EWI");
}

}  // namespace
}  // namespace sentinel::base
