#include "daemon/engine.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "ingest/cutter.h"
#include "ingest/support/proto_writer.h"

namespace sentinel::daemon {
namespace {

using ingest::test::ProtoWriter;

ProtoWriter pair(std::string_view key, std::string_view text) {
  return ProtoWriter().bytes(1, key).message(2, ProtoWriter().bytes(1, text));
}

// An id of `size` bytes that ends in `number`.
std::string id_of(std::uint64_t number, std::size_t size) {
  std::string id(size, '\x11');
  for (std::size_t b = 0; b < 8; ++b) id[size - 1 - b] = static_cast<char>(number >> (8 * b));
  return id;
}

std::string hex_of(std::uint64_t number) {
  std::string text;
  for (const char c : id_of(number, 16)) {
    text += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

constexpr std::uint64_t kStartNs = 1'752'157'921'000'000'000;

// A client span of a statement, `order` milliseconds after the others began.
ProtoWriter statement(std::uint64_t trace, std::uint64_t order, std::string_view sql) {
  return ProtoWriter()
      .bytes(1, id_of(trace, 16))
      .bytes(2, id_of(trace * 1000 + order, 8))
      .number(6, 3)
      .fixed64(7, kStartNs + order * 1'000'000)
      .fixed64(8, kStartNs + order * 1'000'000 + 800'000)
      .message(9, pair("db.system", "postgresql"))
      .message(9, pair("db.statement", sql));
}

std::string request(const std::vector<ProtoWriter>& spans) {
  ProtoWriter scope;
  for (const ProtoWriter& span : spans) scope.message(2, span);
  const ProtoWriter resource = ProtoWriter().message(1, pair("service.name", "cart-svc"));
  return ProtoWriter().message(1, ProtoWriter().message(1, resource).message(2, scope)).str();
}

// A trace that asks for rows one by one.
std::string n_plus_one(std::uint64_t trace, std::size_t statements) {
  std::vector<ProtoWriter> spans;
  for (std::size_t i = 0; i < statements; ++i) {
    spans.push_back(statement(trace, i, "SELECT * FROM item WHERE id = " + std::to_string(i)));
  }
  return request(spans);
}

// One of eight alike, as OTLP/JSON.
std::string json_statement(std::uint64_t trace, std::uint64_t order) {
  return R"({"traceId":")" + hex_of(trace) + R"(","spanId":")" + hex_of(trace * 8 + order).substr(16) +
         R"(","kind":3,"startTimeUnixNano":")" + std::to_string(kStartNs + order * 1'000'000) + R"(","endTimeUnixNano":")" +
         std::to_string(kStartNs + order * 1'000'000 + 800'000) +
         R"(","attributes":[{"key":"db.system","value":{"stringValue":"postgresql"}},)" +
         R"({"key":"db.statement","value":{"stringValue":"SELECT * FROM item WHERE id = )" + std::to_string(order) + "\"}}]}";
}

class EngineTest : public ::testing::Test {
 protected:
  Engine make() {
    return Engine(config_, {metrics_, nullptr, nullptr, [this](std::string_view lines) { printed_ += lines; }});
  }
  [[nodiscard]] std::uint64_t in_flight(Engine& engine) {
    engine.publish();
    return static_cast<std::uint64_t>(metrics_.events_in_flight->value());
  }
  // What came in is what went out or is still here.
  void expect_balanced(Engine& engine) {
    engine.publish();
    EXPECT_EQ(metrics_.otlp_spans_received->value() - metrics_.otlp_spans_filtered.total(),
              metrics_.events_sampled_out->value() + metrics_.events_processed->value());
    EXPECT_EQ(metrics_.events_processed->value(),
              metrics_.events_ring_dropped->value() + metrics_.events_analyzed->value() + in_flight(engine));
  }

  config::Config config_;
  telemetry::Registry registry_;
  DaemonMetrics metrics_{registry_};
  std::string printed_;
};

constexpr Moment at(std::uint64_t ms) { return {ms, 1'772'439'300'000 + ms}; }

TEST(Sampling, decides_by_the_id_alone) {
  EXPECT_FALSE(sampled("", 0.5));
  EXPECT_FALSE(sampled("a", 0.5));
  EXPECT_FALSE(sampled("trace-1", 0.5));
  EXPECT_TRUE(sampled("5b8aa5a2d2c872e8321cf37308d69df2", 0.5));
  EXPECT_FALSE(sampled("0af7651916cd43dd8448eb211c80319c", 0.5));
  EXPECT_TRUE(sampled("5b8aa5a2d2c872e8321cf37308d69df2", 0.372));
  EXPECT_FALSE(sampled("5b8aa5a2d2c872e8321cf37308d69df2", 0.371));
  EXPECT_TRUE(sampled("anything", 1.0));
  EXPECT_FALSE(sampled("anything", 0.0));
}

TEST_F(EngineTest, a_trace_becomes_findings_when_it_has_been_idle_for_its_time) {
  Engine engine = make();
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 6), at(0)));
  engine.settle(at(0));
  engine.tick(at(30'000));
  EXPECT_EQ(printed_, "");
  EXPECT_EQ(engine.active_traces(), 1U);
  engine.tick(at(30'001));
  EXPECT_EQ(engine.active_traces(), 0U);
  EXPECT_TRUE(printed_.starts_with("{\"type\":\"n_plus_one_sql\",\"severity\":\"warning\",\"trace_id\":\"" + hex_of(1) + "\""));
  EXPECT_TRUE(printed_.ends_with("}\n"));
  EXPECT_NE(printed_.find("\"confidence\":\"daemon_staging\""), std::string::npos);
  EXPECT_EQ(engine.analysis().findings().size(), 1U);
  EXPECT_EQ(metrics_.traces_evicted[EvictReason::kTtl].value(), 1U);
  expect_balanced(engine);
}

TEST_F(EngineTest, traces_whose_analysis_throws_are_counted_and_not_tried_again) {
  bool fails = true;
  Engine engine(config_, {metrics_, nullptr, nullptr, [&](std::string_view lines) {
                            if (fails) throw std::runtime_error("print");
                            printed_ += lines;
                          }});
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 6), at(0)));
  EXPECT_EQ(in_flight(engine), 6U);
  EXPECT_THROW(engine.tick(at(30'001)), std::runtime_error);
  EXPECT_EQ(metrics_.events_abandoned->value(), 6U);
  EXPECT_EQ(metrics_.events_analyzed->value(), 0U);
  EXPECT_EQ(metrics_.events_in_flight->value(), 0.0) << "a scrape may come before the engine does anything else";
  EXPECT_EQ(metrics_.active_traces->value(), 0.0);
  fails = false;
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(2, 6), at(30'001)));
  engine.finish(at(30'002));
  EXPECT_NE(printed_.find(hex_of(2)), std::string::npos);
  EXPECT_EQ(printed_.find(hex_of(1)), std::string::npos);
  EXPECT_EQ(metrics_.events_abandoned->value(), 6U);
  EXPECT_EQ(metrics_.events_processed->value(), 6U + metrics_.events_analyzed->value());
}

TEST_F(EngineTest, an_analysis_that_throws_in_the_middle_of_a_large_request_loses_none_of_its_spans) {
  config_.daemon.max_active_traces = 1;  // so that all traces but the last leave while the request is taken
  Engine engine(config_, {metrics_, nullptr, nullptr, [](std::string_view) { throw std::runtime_error("print"); }});
  for (const std::uint64_t trace : {1, 2}) ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(trace, 8), at(0)));
  std::string spans;
  std::uint64_t count = 0;
  while (spans.size() <= 2 * ingest::Cutter::kBlockSize) {  // read in several blocks
    spans += (count == 0 ? "" : ",") + json_statement(3 + count / 8, count % 8);
    ++count;
  }
  EXPECT_THROW(
      (void)engine.take(Payload::kOtlpJson, R"({"resourceSpans":[{"scopeSpans":[{"spans":[)" + spans + "]}]}]}", at(100)),
      std::runtime_error);
  count += 16;
  EXPECT_EQ(metrics_.otlp_spans_received->value(), count);
  EXPECT_EQ(metrics_.events_processed->value(), count);
  EXPECT_EQ(metrics_.events_abandoned->value() + static_cast<std::uint64_t>(metrics_.events_in_flight->value()), count);
  EXPECT_GT(metrics_.events_abandoned->value(), 0U);
}

TEST_F(EngineTest, a_malformed_request_leaves_no_trace) {
  Engine engine = make();
  std::string cut = n_plus_one(1, 6);
  cut.resize(cut.size() - 1);
  const base::Status refused = engine.take(Payload::kOtlpProtobuf, cut, at(0));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what, "");
  EXPECT_EQ(engine.active_traces(), 0U);
  EXPECT_EQ(metrics_.otlp_spans_received->value(), 0U);
  expect_balanced(engine);
}

TEST_F(EngineTest, doors_and_formats_feed_one_window) {
  Engine engine = make();
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 3), at(0)));
  const std::string json =
      R"([{"timestamp":"2025-07-10T14:32:01.020Z","trace_id":")" + hex_of(1) +
      R"(","span_id":"s","service":"cart-svc","type":"sql","operation":"SELECT","target":"SELECT 1","duration_us":5,)"
      R"("source":{"endpoint":"GET /","method":"m"}}])";
  ASSERT_TRUE(engine.take(Payload::kAnyJson, json, at(0)));
  EXPECT_EQ(engine.active_traces(), 1U);
  EXPECT_EQ(in_flight(engine), 4U);
  EXPECT_EQ(metrics_.otlp_spans_received->value(), 3U);  // lines do not count as OTLP
}

TEST_F(EngineTest, otlp_json_counts_as_otlp) {
  Engine engine = make();
  ASSERT_TRUE(engine.take(Payload::kOtlpJson,
                          R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"01","spanId":"02"}]}]}]})", at(0)));
  EXPECT_EQ(metrics_.otlp_spans_received->value(), 1U);
  EXPECT_EQ(metrics_.otlp_spans_filtered[FilterReason::kNotIo].value(), 1U);
  EXPECT_FALSE(engine.take(Payload::kOtlpJson, "[]", at(0)));
  expect_balanced(engine);
}

TEST_F(EngineTest, what_is_sampled_out_is_counted_and_whole_traces_go) {
  config_.daemon.sampling_rate = 0.5;
  Engine engine = make();
  std::uint64_t kept = 0;
  for (std::uint64_t trace = 1; trace <= 40; ++trace) {
    const std::uint64_t id = trace * 0x9E37'79B9'7F4A'7C15ULL;
    ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(id, 2), at(0)));
    kept += sampled(hex_of(id), 0.5) ? 1U : 0U;
  }
  EXPECT_GT(kept, 5U);
  EXPECT_LT(kept, 35U);
  EXPECT_EQ(engine.active_traces(), kept);
  EXPECT_EQ(metrics_.events_sampled_out->value(), 2 * (40 - kept));
  expect_balanced(engine);
}

TEST_F(EngineTest, ring_drops_are_part_of_the_ledger) {
  config_.daemon.max_events_per_trace = 4;
  Engine engine = make();
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 10), at(0)));
  expect_balanced(engine);
  EXPECT_EQ(metrics_.events_ring_dropped->value(), 6U);
  engine.finish(at(1));
  expect_balanced(engine);
  EXPECT_EQ(metrics_.events_analyzed->value(), 4U);
}

TEST_F(EngineTest, traces_evicted_while_requests_wait_are_analysed_together) {
  config_.daemon.max_active_traces = 1;
  Engine engine = make();
  for (std::uint64_t trace = 1; trace <= 4; ++trace) {
    ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(trace, 2), at(trace)));
  }
  EXPECT_EQ(engine.analysis().traces_analyzed(), 0U);
  expect_balanced(engine);
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(5, 2), at(102)));  // 100 ms after the first left
  EXPECT_EQ(engine.analysis().traces_analyzed(), 4U);
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(6, 2), at(103)));
  engine.settle(at(103));
  EXPECT_EQ(engine.analysis().traces_analyzed(), 5U);
  expect_balanced(engine);
}

TEST_F(EngineTest, traces_evicted_one_by_one_are_collected_once_there_are_many) {
  config_.daemon.max_active_traces = 1;
  Engine engine = make();
  auto trace = [&, number = std::uint64_t{0}](std::uint64_t ms) mutable {
    ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(++number, 2), at(ms)));
    engine.settle(at(ms));
  };
  for (int i = 0; i <= 32; ++i) trace(0);
  EXPECT_EQ(engine.analysis().traces_analyzed(), 32U);  // each at once
  EXPECT_FALSE(engine.collects_until());
  trace(10);
  trace(20);
  EXPECT_EQ(engine.analysis().traces_analyzed(), 32U);
  EXPECT_EQ(engine.collects_until(), at(110).steady_ms);
  expect_balanced(engine);
  engine.settle(at(109));
  EXPECT_EQ(engine.analysis().traces_analyzed(), 34U);  // another 100 ms have begun
  for (int i = 0; i < 600; ++i) trace(110);
  EXPECT_EQ(engine.analysis().traces_analyzed(), 34U + 31 + 512);
  engine.settle(at(210));
  EXPECT_EQ(engine.analysis().traces_analyzed(), 634U);
  EXPECT_FALSE(engine.collects_until());
  expect_balanced(engine);
}

TEST_F(EngineTest, a_wall_clock_that_jumps_neither_expires_nor_keeps_a_trace) {
  constexpr std::uint64_t kDay = 86'400'000;
  constexpr std::uint64_t kNow = 1'772'439'300'000;
  Engine engine = make();
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 6), {0, kNow}));
  engine.tick({1'000, kNow + kDay});
  EXPECT_EQ(engine.active_traces(), 1U);
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(2, 6), {2'000, kNow - kDay}));
  engine.tick({30'001, kNow - kDay});
  EXPECT_EQ(engine.active_traces(), 1U);  // the first one's time is over
  engine.tick({32'001, 0});               // a machine whose clock has not been set
  EXPECT_EQ(engine.active_traces(), 0U);
  EXPECT_EQ(engine.analysis().findings().size(), 2U);
  EXPECT_EQ(engine.analysis().last_batch_ms(), 0U);
  expect_balanced(engine);
}

TEST_F(EngineTest, spans_of_a_trace_that_was_analysed_are_counted_as_late) {
  Engine engine = make();
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 3), at(0)));
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 3), at(1)));
  EXPECT_EQ(metrics_.late_spans->value(), 0U);
  engine.tick(at(40'000));
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 2), at(40'001)));
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(2, 5), at(40'001)));
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 4), at(40'002)));
  EXPECT_EQ(metrics_.late_spans->value(), 6U);
}

TEST_F(EngineTest, explain_sees_live_traces_only) {
  Engine engine = make();
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(1, 6), at(0)));
  EXPECT_NE(engine.explain(hex_of(1)).find("\"type\":\"n_plus_one_sql\""), std::string::npos);
  EXPECT_EQ(engine.explain("nope"), R"({"error":"trace not found in daemon memory"})");
  engine.finish(at(1));
  EXPECT_EQ(engine.explain(hex_of(1)), R"({"error":"trace not found in daemon memory"})");
}

TEST_F(EngineTest, texts_nobody_refers_to_any_more_are_let_go) {
  config_.daemon.max_active_traces = 100;
  config_.daemon.max_events_per_trace = 5000;
  config_.daemon.max_retained_findings = 10;
  Engine engine = make();
  ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, n_plus_one(7, 6), at(0)));
  std::size_t most = 0;
  for (std::uint64_t round = 0; round < 1200; ++round) {
    std::vector<ProtoWriter> spans;
    for (std::uint64_t i = 0; i < 300; ++i) {  // another table, so another template, each time
      spans.push_back(statement(100 + round % 50, i, "SELECT a FROM t" + std::to_string(round) + "_" + std::to_string(i)));
    }
    spans.push_back(statement(7, round, "SELECT 1"));  // keeps the first trace alive
    ASSERT_TRUE(engine.take(Payload::kOtlpProtobuf, request(spans), at(round)));
    most = std::max(most, engine.text_bytes());
  }
  EXPECT_GT(engine.generations(), 1U);
  EXPECT_LT(most, std::size_t{80} << 20);
  EXPECT_NE(engine.explain(hex_of(7)).find("SELECT * FROM item WHERE id = ?"), std::string::npos);
  engine.finish(at(99'999));
  EXPECT_NE(printed_.find("\"trace_id\":\"" + hex_of(7) + "\""), std::string::npos);
  expect_balanced(engine);
}

}  // namespace
}  // namespace sentinel::daemon
