// What whole traces give: from events to the impact of their findings.
#include "analysis/impact/impact.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

#include "analysis/report_order.h"
#include "analysis/run.h"
#include "ingest/format.h"

namespace sentinel::analysis {
namespace {

// A run over a trace file in memory, assessed.
std::unique_ptr<Run> assessed(const std::string& text, unsigned threads = 1, const config::Config& config = {}) {
  const auto source = ingest::memory_source(text, "test");
  auto run = load_traces(*source, nullptr, threads, config, true);
  EXPECT_TRUE(run.ok()) << (run.ok() ? "" : run.error().text());
  analyze(**run, config, model::Confidence::kLocalBatch, threads);
  assess_impact(**run, config, threads);
  return std::move(*run);
}

// "<type> critical/trace -> fixed (fix, saved ops) critical spans/spans" of each finding of a type that begins with `prefix`.
std::string told(const Run& run, std::string_view prefix = "") {
  std::ostringstream out;
  for (const model::Finding& f : run.report.findings) {
    if (!model::slug(f.type).starts_with(prefix)) continue;
    if (out.tellp() > 0) out << "; ";
    if (f.impact == nullptr) {
      out << model::slug(f.type) << " not assessed";
      continue;
    }
    const model::FindingImpact& i = *f.impact;
    out << model::slug(f.type) << " " << i.critical_path_us << "/" << i.trace_us;
    if (i.predicted()) out << " -> " << i.fixed_trace_us << " (" << model::slug(i.fix) << ", " << i.saved_ops << ")";
    out << " " << i.critical_spans << "/" << i.spans;
  }
  return out.str();
}

// -- OTLP documents: spans one a word, as in graph_words.h but with a kind

// "<id>:<kind>[<parent>] <start>-<end> [what]" in microseconds; kinds s server, q query with the text `what`, h call of the URL
// `what`, i internal, c consumer.
std::string otlp(const std::string& picture) {
  std::istringstream in(picture);
  std::ostringstream spans;
  for (std::string line; std::getline(in, line, '\n');) {
    std::istringstream words(line);
    std::string id, parent, kind, times, what;
    words >> id;
    if (id.empty()) continue;
    words >> parent >> kind >> times;
    std::getline(words >> std::ws, what);
    const std::size_t dash = times.find('-');
    const auto nanos = [](const std::string& us) { return std::to_string(1'752'157'921'000'000'000 + std::stoll(us) * 1000); };
    const auto hex = [](const std::string& name) { return std::string(16 - name.size(), '0') + name; };
    if (spans.tellp() > 0) spans << ",";
    const char* kinds = kind == "s" ? "2" : kind == "c" ? "5" : kind == "i" ? "1" : "3";
    spans << R"({"traceId":"0123456789abcdef0123456789abcdef","spanId":")" << hex(id) << R"(","name":"x","kind":)" << kinds
          << R"(,"startTimeUnixNano":")" << nanos(times.substr(0, dash)) << R"(","endTimeUnixNano":")"
          << nanos(times.substr(dash + 1)) << '"';
    if (parent != "-") spans << R"(,"parentSpanId":")" << hex(parent) << '"';
    spans << R"(,"attributes":[)";
    const auto text = [&](const char* key, const std::string& value) {
      spans << R"({"key":")" << key << R"(","value":{"stringValue":")" << value << R"("}})";
    };
    if (kind == "q") {
      text("db.system", "postgresql");
      spans << ",";
      text("db.statement", what);
    }
    if (kind == "h") {
      text("http.request.method", "GET");
      spans << ",";
      text("url.full", what);
    }
    spans << "]}";
  }
  return R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},)"
         R"("scopeSpans":[{"spans":[)" +
         spans.str() + "]}]}]}";
}

// root 0-20000, five queries of 800 us with 200 us between them, the first at 1000
const char* const kLoop = R"(
1 - s 0-20000
a1 1 q 1000-1800 SELECT * FROM t WHERE id = 1
a2 1 q 2000-2800 SELECT * FROM t WHERE id = 2
a3 1 q 3000-3900 SELECT * FROM t WHERE id = 3
a4 1 q 4100-4900 SELECT * FROM t WHERE id = 4
a5 1 q 5100-5900 SELECT * FROM t WHERE id = 5
)";

TEST(Impact, NPlusOneBecomesOneCallAsLongAsTheLongest) {
  // on the path 4 x 800 + 900 = 4100; batched 900 instead: 20000 - 4100 + 900 = 16800. The server's span makes the 20000.
  const auto run = assessed(otlp(kLoop));
  EXPECT_EQ(told(*run), "n_plus_one_sql 4100/20000 -> 16800 (batch, 4) 5/5");
  const model::FindingImpact& impact = *run->report.findings[0].impact;
  EXPECT_EQ(impact.avoidable_ops, 4U);
  EXPECT_EQ(impact.saving_us(), 3200U);
  ASSERT_EQ(impact.span_ids.size(), kEvidenceSpans);
  EXPECT_EQ(impact.span_ids[0], "00000000000000a1");
  ASSERT_TRUE(impact.energy_kwh && impact.saved_energy_kwh);
  EXPECT_DOUBLE_EQ(*impact.energy_kwh, 5 * 0.5e-7);  // a read costs half of the mean operation
  EXPECT_DOUBLE_EQ(*impact.saved_energy_kwh, 4 * 0.5e-7);
}

TEST(Impact, StartsCountToTheMicrosecond) {
  // Starts within one millisecond: known to the millisecond only, these calls would seem to run at once.
  const auto run = assessed(otlp(R"(
1 - s 0-1000
a1 1 q 100-200 SELECT * FROM t WHERE id = 1
a2 1 q 210-310 SELECT * FROM t WHERE id = 2
a3 1 q 320-420 SELECT * FROM t WHERE id = 3
a4 1 q 430-530 SELECT * FROM t WHERE id = 4
a5 1 q 540-640 SELECT * FROM t WHERE id = 5
)"));
  EXPECT_EQ(told(*run, "n_plus_one"), "n_plus_one_sql 500/1000 -> 600 (batch, 4) 5/5");
}

TEST(Impact, WorkBetweenServicesAndLibrariesIsSeenThroughSpansThatAreNotAnalysed) {
  // A call of 6000 that waits for a server's span, in which a library's spans hold the queries: what they save, the call saves.
  const auto run = assessed(otlp(R"(
1 - s 0-10000
b 1 h 1000-7000 http://stock/items
2 b s 1500-6500
31 2 i 1600-2500
32 2 i 2600-3500
33 2 i 3600-4500
34 2 i 4600-5500
35 2 i 5600-6400
a1 31 q 1700-2400 SELECT * FROM t WHERE id = 1
a2 32 q 2700-3400 SELECT * FROM t WHERE id = 2
a3 33 q 3700-4400 SELECT * FROM t WHERE id = 3
a4 34 q 4700-5400 SELECT * FROM t WHERE id = 4
a5 35 q 5650-6350 SELECT * FROM t WHERE id = 5
)"));
  EXPECT_EQ(told(*run, "n_plus_one"), "n_plus_one_sql 3500/10000 -> 7200 (batch, 4) 5/5");
}

TEST(Impact, NPlusOneBesideALongerCallSavesNothing) {
  const auto run = assessed(otlp(std::string(kLoop) + "b 1 h 500-19000 http://stock/report\n"));
  EXPECT_EQ(told(*run, "n_plus_one"), "n_plus_one_sql 0/20000 -> 20000 (batch, 4) 0/5");
}

TEST(Impact, RedundantCallsAreAnsweredFromTheFirst) {
  // three equal ones of 700, 800, 900; other parameters do not count: 10000 - 800 - 900
  const auto run = assessed(otlp(R"(
1 - s 0-10000
a1 1 q 1000-1700 SELECT * FROM t WHERE id = 1
a2 1 q 2000-2800 SELECT * FROM t WHERE id = 1
a3 1 q 3000-3500 SELECT * FROM t WHERE id = 2
a4 1 q 4000-4900 SELECT * FROM t WHERE id = 1
)"));
  EXPECT_EQ(told(*run), "redundant_sql 2400/10000 -> 8300 (cache, 2) 3/3");
}

TEST(Impact, SlowCallsComeDownToTheThreshold) {
  // 600, 700 and 900 ms become 500 each: 3000 - 100 - 200 - 400
  const auto run = assessed(otlp(R"(
1 - s 0-3000000
a1 1 q 0-600000 SELECT * FROM t
a2 1 q 700000-1400000 SELECT * FROM t
a3 1 q 1500000-2400000 SELECT * FROM t
a4 1 q 2500000-2600000 SELECT * FROM t
)"));
  EXPECT_EQ(told(*run, "slow"), "slow_sql 2200000/3000000 -> 2300000 (speed_up, 0) 3/3");
}

TEST(Impact, SerialisedCallsStartTogether) {
  // 2000, 3000 and 1000 one after the other from 1000 to 7000: as long as the longest, 3000; 10000 - 3000
  const auto run = assessed(otlp(R"(
1 - s 0-10000
a 1 h 1000-3000 http://a/x
b 1 h 3000-6000 http://b/y
c 1 h 6000-7000 http://c/z
)"));
  EXPECT_EQ(told(*run), "serialized_calls 6000/10000 -> 7000 (parallel, 0) 3/3");
}

TEST(Impact, FanOutIsBatchedTemplateByTemplate) {
  // 21 calls of two templates one after the other, 100 each: two are left. 21 x 100 on the path, 19 x 100 saved.
  std::string picture = "1 - s 0-5000\n";
  for (int i = 0; i < 21; ++i) {
    const std::string start = std::to_string(1000 + i * 100);
    const std::string end = std::to_string(1100 + i * 100);
    const std::string id = std::to_string(100 + i);
    picture += id + " 1 h " + start + "-" + end + (i % 2 == 0 ? " http://a/x?i=" : " http://a/y?i=") + id + "\n";
  }
  const auto run = assessed(otlp(picture));
  EXPECT_EQ(told(*run, "excessive"), "excessive_fanout 2100/5000 -> 3100 (batch, 19) 21/21");
  EXPECT_EQ(told(*run, "chatty"), "chatty_service 2100/5000 -> 3100 (batch, 19) 21/21");
}

TEST(Impact, PoolSaturationIsNotPredicted) {
  std::string picture = "1 - s 0-5000\n";
  for (int i = 0; i < 10; ++i) {
    picture +=
        std::to_string(10 + i) + " 1 q 1000-400" + std::to_string(i) + " SELECT " + std::string(1, char('a' + i)) + " FROM t\n";
  }
  const auto run = assessed(otlp(picture));
  EXPECT_EQ(told(*run, "pool"), "pool_saturation 3009/5000 1/10");
  EXPECT_EQ(run->report.findings.back().impact->saving_us(), 0U);
}

TEST(Impact, WhatAConsumerDoesLaterIsNotTheRequestsTime) {
  const auto run = assessed(otlp(R"(
1 - s 0-2000
9 1 c 5000-30000
a1 9 q 10000-10800 SELECT * FROM t WHERE id = 1
a2 9 q 11000-11800 SELECT * FROM t WHERE id = 2
a3 9 q 12000-12800 SELECT * FROM t WHERE id = 3
a4 9 q 13000-13800 SELECT * FROM t WHERE id = 4
a5 9 q 14000-14800 SELECT * FROM t WHERE id = 5
)"));
  EXPECT_EQ(told(*run), "n_plus_one_sql 0/2000 -> 2000 (batch, 4) 0/5");
}

TEST(Impact, WithoutGreenScoringThereIsNoEnergy) {
  config::Config config;
  config.green.enabled = false;
  const auto run = assessed(otlp(kLoop), 1, config);
  EXPECT_FALSE(run->report.findings[0].impact->energy_kwh);
  EXPECT_FALSE(run->report.findings[0].impact->saved_energy_kwh);
}

// -- native events: no parents but those that are I/O

std::string event(const std::string& trace, int ms, int us, const std::string& target) {
  const std::string stamp = std::to_string(1000 + ms).substr(1);
  return R"({"timestamp":"2025-07-10T14:32:01.)" + stamp + R"(Z","trace_id":")" + trace + R"(","span_id":"s)" +
         std::to_string(ms) + R"(","service":"shop","type":"sql","operation":"SELECT","target":")" + target +
         R"(","duration_us":)" + std::to_string(us) + R"(,"source":{"endpoint":"GET /","method":"m"}})";
}

TEST(Impact, AServersSpanThatSharesItsIdWithTheCallersHoldsTheWorkBelowIt) {
  // Zipkin: call c 1000-9000 of the gateway, the stock service's side of it 1500-8500 under the same id, five queries below:
  // 1000 each from 2000, one after the other; batched 4000 less of 10000
  std::string spans =
      R"({"traceId":"t","id":"1","timestamp":0,"duration":10000,"kind":"SERVER","localEndpoint":{"serviceName":"gateway"}},)"
      R"({"traceId":"t","id":"2","parentId":"1","timestamp":1000,"duration":8000,"kind":"CLIENT",)"
      R"("localEndpoint":{"serviceName":"gateway"},"tags":{"http.url":"http://stock/items"}},)"
      R"({"traceId":"t","id":"2","parentId":"1","timestamp":1500,"duration":7000,"kind":"SERVER","shared":true,)"
      R"("localEndpoint":{"serviceName":"stock"}})";
  for (int i = 0; i < 5; ++i) {
    const std::string n = std::to_string(i);
    spans += R"(,{"traceId":"t","id":"1)" + n + R"(","parentId":"2","timestamp":)" + std::to_string(2000 + i * 1000) +
             R"(,"duration":1000,"kind":"CLIENT","localEndpoint":{"serviceName":"stock"},)"
             R"("tags":{"db.statement":"SELECT * FROM t WHERE id = )" +
             n + R"("}})";
  }
  EXPECT_EQ(told(*assessed("[" + spans + "]"), "n_plus_one"), "n_plus_one_sql 5000/10000 -> 6000 (batch, 4) 5/5");
}

TEST(Impact, SlowCallsComeDownToTheConfiguredThreshold) {
  config::Config config;
  config.detection.settings.slow_threshold_ms = 100;
  const auto run =
      assessed("[" + event("t1", 0, 150'000, "SELECT 1 FROM t") + "," + event("t1", 200, 150'000, "SELECT 1 FROM t") + "," +
                   event("t1", 400, 150'000, "SELECT 1 FROM t") + "]",
               1, config);
  EXPECT_EQ(told(*run, "slow"), "slow_sql 450000/550000 -> 400000 (speed_up, 0) 3/3");
}

TEST(Impact, NativeEventsHangFromTheirTrace) {
  // 5 queries of 800, one every 2 ms: 8800 end to end, 800 left of 4000
  std::string events;
  for (int i = 0; i < 5; ++i) {
    events += (i > 0 ? "," : "") + event("t1", 2 * i, 800, "SELECT * FROM t WHERE id = " + std::to_string(i));
  }
  const auto run = assessed("[" + events + "]");
  EXPECT_EQ(told(*run), "n_plus_one_sql 4000/8800 -> 5600 (batch, 4) 5/5");
  EXPECT_EQ(run->report.findings[0].impact->span_ids[1], "s2");
}

TEST(Impact, ASlowFindingAcrossTracesIsAssessedInTheTraceOfItsWorstCall) {
  const auto run =
      assessed("[" + event("t1", 0, 600'000, "SELECT 1 FROM t") + "," + event("t2", 0, 900'000, "SELECT 1 FROM t") + "," +
               event("t3", 0, 700'000, "SELECT 1 FROM t") + "]");
  ASSERT_EQ(run->report.findings.size(), 1U);
  EXPECT_EQ(run->report.findings[0].trace_id, "t2");
  EXPECT_EQ(told(*run), "slow_sql 900000/900000 -> 500000 (speed_up, 0) 1/1");
}

TEST(Impact, TheSameAtAnyNumberOfThreads) {
  std::string events;
  for (int t = 0; t < 300; ++t) {
    for (int i = 0; i < 6; ++i) {
      events += (events.empty() ? "" : ",") + event("t" + std::to_string(t), 7 * i + t % 5, 100 * t + 50 * i,
                                                    "SELECT * FROM t WHERE id = " + std::to_string(i % 6));
    }
  }
  const auto one = assessed("[" + events + "]", 1);
  const auto seven = assessed("[" + events + "]", 7);
  EXPECT_EQ(one->report.findings.size(), 300U);
  EXPECT_EQ(told(*one), told(*seven));
}

TEST(Impact, FindingsThatDoNotKnowTheirSpansStayUnassessed) {
  auto run = assessed(otlp(kLoop));
  for (model::Finding& f : run->report.findings) {
    f.spans = {};
    f.impact = nullptr;
  }
  assess_impact(*run, config::Config{}, 1);
  EXPECT_EQ(told(*run), "n_plus_one_sql not assessed");
}

TEST(SortBySaving, LargestSavingFirstThenSeverity) {
  std::vector<model::FindingImpact> impacts(3);
  for (model::FindingImpact& impact : impacts) {
    impact.trace_us = 100;
    impact.fix = model::Fix::kBatch;
  }
  impacts[0].fixed_trace_us = 90;
  impacts[1].fixed_trace_us = 150;  // costs time
  impacts[2].fixed_trace_us = 50;
  std::vector<model::Finding> findings(4);
  for (std::size_t i = 1; i < 4; ++i) findings[i].impact = &impacts[i - 1];
  findings[0].trace_id = "none";
  findings[1].trace_id = "small";
  findings[2].trace_id = "worse";
  findings[2].severity = model::Severity::kCritical;
  findings[3].trace_id = "large";
  sort_findings(findings, SortBy::kSaving);
  std::string order;
  for (const model::Finding& f : findings) order += std::string(f.trace_id) + " ";
  EXPECT_EQ(order, "large small worse none ");
}

}  // namespace
}  // namespace sentinel::analysis
