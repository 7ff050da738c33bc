#include "analysis/replay.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "analysis/run.h"
#include "ingest/byte_source.h"

namespace sentinel::analysis {
namespace {

constexpr std::string_view kEvents = R"([
 {"timestamp":"2025-07-10T14:32:01.000Z","trace_id":"t1","span_id":"00f067aa0ba902b7","service":"cart","type":"sql",
  "operation":"SELECT","target":"SELECT * FROM item WHERE id = 7","duration_us":800,
  "source":{"endpoint":"GET /cart","method":"load"},"code_function":"load","code_lineno":42,"cloud_region":"eu-west-3",
  "grouping":[{"key":"k8s.namespace.name","value":"shop"}],"instrumentation_scopes":["a","b"]},
 {"timestamp":"odd","trace_id":"t1","span_id":"s2","parent_span_id":"00f067aa0ba902b7","service":"cart","type":"http_out",
  "operation":"GET","target":"http://stock/items/7","duration_us":900,"source":{"endpoint":"GET /cart","method":"load"},
  "status_code":200,"response_size_bytes":12,"link_trace_id":"t0"}])";

TEST(Replay, GivesBackTheEventsThatWereRead) {
  const auto source = ingest::memory_source(kEvents);
  auto read = Replay::read(*source, nullptr, 2, config::Config());
  ASSERT_TRUE(read.ok());
  const Replay replay = std::move(*read);
  ASSERT_EQ(replay.events().size(), 2u);
  const ingest::RawEvent& first = replay.events()[0];
  EXPECT_EQ(first.timestamp, "2025-07-10T14:32:01.000Z");
  EXPECT_EQ(first.trace_id, "t1");
  EXPECT_EQ(first.span_id, "00f067aa0ba902b7");
  EXPECT_FALSE(first.parent_span_id.has_value());
  EXPECT_EQ(first.service, "cart");
  ASSERT_EQ(first.grouping.size(), 1u);
  EXPECT_EQ(first.grouping[0].value, "shop");
  EXPECT_EQ(first.cloud_region, "eu-west-3");
  EXPECT_EQ(first.target, "SELECT * FROM item WHERE id = 7");
  EXPECT_EQ(first.duration_us, 800u);
  EXPECT_EQ(first.endpoint, "GET /cart");
  EXPECT_EQ(first.code_function, "load");
  EXPECT_EQ(first.code_lineno, 42u);
  EXPECT_FALSE(first.code_filepath.has_value());
  ASSERT_EQ(first.instrumentation_scopes.size(), 2u);
  EXPECT_EQ(first.instrumentation_scopes[1], "b");
  const ingest::RawEvent& second = replay.events()[1];
  EXPECT_EQ(second.timestamp, "odd");
  EXPECT_EQ(second.parent_span_id, "00f067aa0ba902b7");
  EXPECT_EQ(second.link_trace_id, "t0");
  EXPECT_EQ(second.type, model::EventType::kHttpOut);
  EXPECT_EQ(second.target, "http://stock/items/7");
  EXPECT_EQ(second.status_code, 200);
  EXPECT_EQ(second.response_size_bytes, 12u);
}

TEST(Replay, LeadsToTheRecordsThatReadingDirectlyGives) {
  const config::Config config;
  const auto source = ingest::memory_source(kEvents);
  const auto direct = load_traces(*source, nullptr, 1, config);
  const auto again = ingest::memory_source(kEvents);
  const auto replay = Replay::read(*again, nullptr, 1, config);
  ASSERT_TRUE(direct.ok() && replay.ok());
  const auto replayed = load_events(replay->events(), config);
  ASSERT_EQ((*direct)->traces.spans.size(), replayed->traces.spans.size());
  for (std::size_t i = 0; i < replayed->traces.spans.size(); ++i) {
    const model::SpanRecord& a = *(*direct)->traces.spans[i];
    const model::SpanRecord& b = *replayed->traces.spans[i];
    EXPECT_EQ(a.params, b.params);
    EXPECT_EQ(a.flags, b.flags);
    EXPECT_EQ((*direct)->symbols.text(a.template_id), replayed->symbols.text(b.template_id));
  }
}

TEST(Replay, FailsAsReadingDoes) {
  const auto source = ingest::memory_source("[{]");
  EXPECT_FALSE(Replay::read(*source, nullptr, 1, config::Config()).ok());
}

}  // namespace
}  // namespace sentinel::analysis
