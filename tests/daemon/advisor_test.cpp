#include "daemon/advisor.h"

#include <gtest/gtest.h>

#include <functional>

namespace sentinel::daemon {
namespace {

// Facts and settings of a daemon that is well.
struct Daemon {
  AdvisorFacts facts{.events_processed = 100, .traces_analyzed = 10};
  config::DaemonConfig config;
};

// "kind kind" of what is advised.
std::string kinds(const Daemon& daemon) {
  std::string out;
  for (const model::Warning& warning : advise(daemon.facts, daemon.config)) out += (out.empty() ? "" : " ") + warning.kind;
  return out;
}

struct Rule {
  std::string_view name;
  std::function<void(Daemon&)> at, below;
  std::string_view kinds;
  std::vector<std::string_view> words;
};

const Rule kRules[] = {
    {"no sampling",
     [](Daemon& d) { d.config.sampling_rate = 0; },
     [](Daemon& d) { d.config.sampling_rate = 1; },
     "tuning",
     {"[daemon] sampling_rate is 0", "no trace is analysed", "raise it"}},
    {"sampling",
     [](Daemon& d) { d.config.sampling_rate = 0.25; },
     [](Daemon& d) { d.config.sampling_rate = 1; },
     "tuning",
     {"0.25", "sample", "rare patterns", "1.0"}},
    {"channel full",
     [](Daemon& d) { d.facts.rejected_channel_full = 1; },
     [](Daemon& d) { d.facts.rejected_channel_full = 0; },
     "ingestion_drops tuning",
     {"1 OTLP requests", "since start", "channel saturation", "perf_sentinel_otlp_rejected_total",
      "[daemon] ingest_queue_capacity (now 1024)", "more daemons"}},
    {"memory",
     [](Daemon& d) {
       d.facts.rejected_memory_pressure = 3;
       d.config.memory_high_water_pct = 80;
     },
     [](Daemon& d) { d.config.memory_high_water_pct = 80; },
     "ingestion_drops tuning",
     {"3 ", "memory high-water", "bounding RSS", "OOM", "[daemon] memory_high_water_pct = 80", "container memory limit",
      "spread"}},
    {"shed",
     [](Daemon& d) { d.facts.shed_batches = 2; },
     [](Daemon&) {},
     "tuning",
     {"2 batches", "[daemon] analysis_queue_capacity (now 1024)", "more CPU"}},
    {"window",
     [](Daemon& d) { d.facts.active_traces = 9000; },
     [](Daemon& d) { d.facts.active_traces = 8999; },
     "tuning",
     {"9000 traces", "90 %", "max_active_traces (now 10000)", "trace_ttl_ms (now 30000 ms)"}},
    {"services",
     [](Daemon& d) { d.facts.service_overflow = 7; },
     [](Daemon&) {},
     "tuning",
     {"7 operations", "1024-service cap", "per-service attribution", "undercounts", "reduce"}},
    {"correlation",
     [](Daemon& d) {
       d.facts.correlator_pairs_evicted = 5;
       d.config.correlation.enabled = true;
     },
     [](Daemon& d) { d.facts.correlator_pairs_evicted = 5; },
     "tuning",
     {"5 correlation pairs", "[daemon.correlation] max_tracked_pairs (now 10000)", "disable"}},
    {"blind",
     [](Daemon& d) {
       d.facts.spans_received = 1000;
       d.facts.spans_not_io = 500;
       d.facts.spans_missing_db_statement = 300;
       d.facts.spans_missing_http_url = 200;
     },
     [](Daemon& d) {
       d.facts.spans_received = 999;
       d.facts.spans_not_io = 999;
     },
     "tuning",
     {"1000 spans", "none is analysable", "statement", "URL", "nothing will ever be found", "instrumentation", "endpoint"}},
    {"one usable span",
     [](Daemon& d) {
       d.facts.spans_received = 1000;
       d.facts.spans_not_io = 1000;
     },
     [](Daemon& d) {
       d.facts.spans_received = 1000;
       d.facts.spans_not_io = 999;
     },
     "tuning",
     {}},
};

TEST(Advisor, EachRuleSpeaksAtItsBoundAndNotBelow) {
  for (const Rule& rule : kRules) {
    Daemon at;
    rule.at(at);
    EXPECT_EQ(kinds(at), rule.kinds) << rule.name;
    std::string messages;
    for (const model::Warning& warning : advise(at.facts, at.config)) messages += warning.message + "\n";
    for (const std::string_view word : rule.words)
      EXPECT_NE(messages.find(word), std::string::npos) << rule.name << ": " << word << "\n" << messages;
    Daemon below;
    rule.below(below);
    EXPECT_EQ(kinds(below), "") << rule.name;
  }
}

TEST(Advisor, AHealthyDaemonGetsNoAdvice) { EXPECT_EQ(kinds({}), ""); }

TEST(Advisor, RulesSpeakInTheOrderOfTheTable) {
  Daemon all;
  all.config.sampling_rate = 0.5;
  all.config.correlation.enabled = true;
  all.facts = {.events_processed = 1,
               .traces_analyzed = 1,
               .rejected_channel_full = 1,
               .rejected_memory_pressure = 1,
               .shed_batches = 1,
               .active_traces = 10'000,
               .service_overflow = 1,
               .correlator_pairs_evicted = 1,
               .spans_received = 1000,
               .spans_not_io = 1000,
               .spans_missing_db_statement = 0,
               .spans_missing_http_url = 0};
  EXPECT_EQ(kinds(all), "tuning ingestion_drops tuning ingestion_drops tuning tuning tuning tuning tuning tuning");
  const auto warnings = advise(all.facts, all.config);
  constexpr std::string_view kKnobs[] = {"sampling_rate",         "channel",           "ingest_queue",      "memory",
                                         "memory_high_water_pct", "analysis_queue",    "max_active_traces", "1024",
                                         "max_tracked_pairs",     "none is analysable"};
  for (std::size_t i = 0; i < warnings.size(); ++i)
    EXPECT_NE(warnings[i].message.find(kKnobs[i]), std::string::npos) << warnings[i].message;
}

TEST(Advisor, OnColdStartOnlySamplingSpeaks) {
  for (const auto& [events, traces] : {std::pair{0, 0}, std::pair{5, 0}, std::pair{0, 5}}) {
    Daemon cold;
    cold.facts = {.events_processed = static_cast<std::uint64_t>(events),
                  .traces_analyzed = static_cast<std::uint64_t>(traces),
                  .rejected_channel_full = 9};
    EXPECT_EQ(kinds(cold), "cold_start");
    EXPECT_EQ(advise(cold.facts, cold.config)[0].message, "daemon has not yet processed any events");
    cold.config.sampling_rate = 0;
    EXPECT_EQ(kinds(cold), "cold_start tuning");
  }
}

TEST(Advisor, TheRateIsShownAsWritten) {
  Daemon daemon;
  daemon.config.sampling_rate = 0.1;
  EXPECT_NE(advise(daemon.facts, daemon.config)[0].message.find("sampling_rate is 0.1:"), std::string::npos);
}

}  // namespace
}  // namespace sentinel::daemon
