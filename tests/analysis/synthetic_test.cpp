#include "analysis/synthetic.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sentinel::analysis {
namespace {

// "<span id> [<parent] <service> <region> <endpoint> | <time> <µs> <operation> <target>[ -> status size]"
std::string show(const ingest::RawEvent& event) {
  std::string out(event.span_id);
  if (event.parent_span_id) out += " <" + std::string(*event.parent_span_id);
  out += " " + std::string(event.service) + " " + std::string(event.cloud_region.value_or("-")) + " " +
         std::string(event.endpoint);
  out += " | " + std::string(event.timestamp) + " " + std::to_string(event.duration_us) + " " + std::string(event.operation) +
         " " + std::string(event.target);
  if (event.status_code)
    out += " -> " + std::to_string(*event.status_code) + " " + std::to_string(event.response_size_bytes.value_or(0));
  return out;
}

// The events of one trace, in order.
std::vector<std::string> show_trace(const SyntheticDataset& data, std::string_view trace_id) {
  std::vector<std::string> lines;
  for (const ingest::RawEvent& event : data.events()) {
    if (event.trace_id == trace_id) lines.push_back(show(event));
  }
  return lines;
}

std::set<std::string_view> statements(const SyntheticDataset& data) {
  std::set<std::string_view> texts;
  for (const ingest::RawEvent& event : data.events()) {
    if (event.type == model::EventType::kSql) texts.insert(event.target);
  }
  return texts;
}

std::size_t count_sql(const SyntheticDataset& data) {
  std::size_t count = 0;
  for (const ingest::RawEvent& event : data.events()) count += event.type == model::EventType::kSql ? 1U : 0U;
  return count;
}

// Expected numbers here and below come from working the rules of 01 §13 by hand with 64-bit wrapping integers.
TEST(SyntheticRandom, IsXorshift64StarOverTheMultipliedSeed) {
  SyntheticRandom random(42);
  EXPECT_EQ(random.next(), 9031115202597251512ULL);
  EXPECT_EQ(random.next(), 5605123265127028853ULL);
  EXPECT_EQ(random.next(), 14695514582857109933ULL);
  EXPECT_EQ(random.pick(1000), 851U);
}

TEST(SyntheticRandom, SeedZeroStartsFromStateOne) {
  SyntheticRandom random(0);
  EXPECT_EQ(random.next(), 5180492295206395165ULL);
  EXPECT_EQ(random.next(), 12380297144915551517ULL);
}

TEST(Synthetic, RedundantTraceRepeatsOneStatementFiveTimes) {
  const SyntheticDataset data({.events = 250});
  EXPECT_EQ(
      show_trace(data, "synth-42-0"),
      (std::vector<std::string>{
          "synth-42-0-s0 synth-svc-0008 eu-central-1 POST /api/payments | 2025-07-10T14:32:01.000Z 600 SELECT SELECT * FROM "
          "payments WHERE id = 2151",
          "synth-42-0-s1 synth-svc-0008 eu-central-1 POST /api/payments | 2025-07-10T14:32:01.004Z 600 SELECT SELECT * FROM "
          "payments WHERE id = 2151",
          "synth-42-0-s2 synth-svc-0008 eu-central-1 POST /api/payments | 2025-07-10T14:32:01.008Z 600 SELECT SELECT * FROM "
          "payments WHERE id = 2151",
          "synth-42-0-s3 synth-svc-0008 eu-central-1 POST /api/payments | 2025-07-10T14:32:01.012Z 600 SELECT SELECT * FROM "
          "payments WHERE id = 2151",
          "synth-42-0-s4 synth-svc-0008 eu-central-1 POST /api/payments | 2025-07-10T14:32:01.016Z 600 SELECT SELECT * FROM "
          "payments WHERE id = 2151"}));
}

TEST(Synthetic, ChattyTraceWalksTheRoutes) {
  const SyntheticDataset data({.events = 250});
  const auto lines = show_trace(data, "synth-42-1");
  ASSERT_EQ(lines.size(), 16U);
  EXPECT_EQ(lines[0],
            "synth-42-1-s0 synth-svc-0013 us-east-1 GET /api/catalog/search | 2025-07-10T14:32:01.015Z 8000 GET "
            "http://user-svc:5000/api/users/100 -> 200 2048");
  EXPECT_EQ(lines[15],
            "synth-42-1-s15 synth-svc-0013 us-east-1 GET /api/catalog/search | 2025-07-10T14:32:01.060Z 8000 GET "
            "http://billing-svc:5000/api/invoices/115 -> 200 2048");
}

TEST(Synthetic, NPlusOneTraceDrawsAnIdAndADurationForEachStatement) {
  const SyntheticDataset data({.events = 250});
  const auto lines = show_trace(data, "synth-42-2");
  ASSERT_EQ(lines.size(), 8U);
  EXPECT_EQ(lines[0],
            "synth-42-2-s0 synth-svc-0011 eu-central-1 POST /api/payments | 2025-07-10T14:32:01.030Z 1088 SELECT SELECT * FROM "
            "inventory WHERE parent_id = 7886");
  EXPECT_EQ(lines[7],
            "synth-42-2-s7 synth-svc-0011 eu-central-1 POST /api/payments | 2025-07-10T14:32:01.065Z 749 SELECT SELECT * FROM "
            "inventory WHERE parent_id = 9144");
}

TEST(Synthetic, CleanTraceMixesStatementsAndCalls) {
  const SyntheticDataset data({.events = 250});
  const auto lines = show_trace(data, "synth-42-4");
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(
      lines[1],
      "synth-42-4-s1 synth-svc-0006 eu-west-3 GET /api/users/{id}/profile | 2025-07-10T14:32:01.067Z 900 SELECT SELECT id, "
      "status FROM users WHERE id = 8142 AND tenant = 'a1'");
  EXPECT_EQ(lines[2],
            "synth-42-4-s2 synth-svc-0006 eu-west-3 GET /api/users/{id}/profile | 2025-07-10T14:32:01.074Z 9000 GET "
            "http://user-svc:5000/api/users/302 -> 200 2048");
  EXPECT_EQ(lines[5],
            "synth-42-4-s5 synth-svc-0006 eu-west-3 GET /api/users/{id}/profile | 2025-07-10T14:32:01.095Z 9000 GET "
            "http://stock-svc:5000/api/stock/305 -> 200 2048");
}

TEST(Synthetic, FanoutTraceHangsTwentyFiveCallsUnderOne) {
  const SyntheticDataset data({.events = 250});
  const auto lines = show_trace(data, "synth-42-14");
  ASSERT_EQ(lines.size(), 26U);
  EXPECT_EQ(lines[0],
            "synth-42-14-s0 synth-svc-0014 eu-central-1 POST /api/payments | 2025-07-10T14:32:01.210Z 90000 GET "
            "http://user-svc:5000/api/users/batch -> 200 2048");
  EXPECT_EQ(
      lines[25],
      "synth-42-14-s25 <synth-42-14-s0 synth-svc-0014 eu-central-1 POST /api/payments | 2025-07-10T14:32:01.236Z 6000 GET "
      "http://stock-svc:5000/api/stock/225 -> 200 2048");
}

TEST(Synthetic, SlowStatementsTakeBetween800And1200Milliseconds) {
  const SyntheticDataset data({.events = 5000});
  std::size_t slow = 0;
  for (const ingest::RawEvent& event : data.events()) {
    if (event.target.ends_with(" ORDER BY created_at DESC LIMIT 50")) {
      ++slow;
      EXPECT_GE(event.duration_us, 800000U);
      EXPECT_LT(event.duration_us, 1200000U);
    } else {
      EXPECT_LE(event.duration_us, 90000U);
    }
  }
  EXPECT_GT(slow, 0U);
}

TEST(Synthetic, GivesExactlyTheEventsAskedFor) {
  for (const std::uint64_t count : {0U, 1U, 8U, 9U, 10U, 100U, 1000U, 44043U}) {
    EXPECT_EQ(SyntheticDataset({.events = count}).events().size(), count);
  }
}

// 1000 events ask for 112 traces, which make 852; 22 more follow from seed 42 + 852 with their numbering started again.
TEST(Synthetic, TracesAreAddedFromALaterSeedUntilThereAreEnough) {
  const SyntheticDataset data({.events = 1000});
  const auto events = data.events();
  EXPECT_TRUE(events[851].trace_id == "synth-42-111") << events[851].trace_id;
  EXPECT_EQ(events[852].span_id, "synth-894-0-s0");
  EXPECT_EQ(events[852].timestamp, "2025-07-10T14:32:01.000Z");
}

TEST(Synthetic, ZeroServicesCountAsOne) {
  const SyntheticDataset data({.events = 200, .services = 0});
  for (const ingest::RawEvent& event : data.events()) EXPECT_EQ(event.service, "synth-svc-0000");
}

TEST(Synthetic, SameOptionsGiveTheSameEventsAndAnotherSeedOthers) {
  const SyntheticDataset first({.events = 500}), again({.events = 500}), other({.events = 500, .seed = 43});
  for (std::size_t i = 0; i < 500; ++i) EXPECT_EQ(show(first.events()[i]), show(again.events()[i]));
  EXPECT_EQ(other.events()[0].trace_id, "synth-43-0");
}

TEST(Synthetic, EventsStayReadableAfterAMove) {
  SyntheticDataset data({.events = 300});
  const std::string before = show(data.events()[299]);
  const SyntheticDataset moved = std::move(data);
  EXPECT_EQ(show(moved.events()[299]), before);
}

TEST(SyntheticPattern, RepeatedMakesAllStatementsOneText) {
  const SyntheticDataset data({.events = 2000, .pattern = SyntheticPattern::kRepeated});
  EXPECT_EQ(statements(data), (std::set<std::string_view>{"SELECT * FROM orders WHERE id = 1000"}));
}

TEST(SyntheticPattern, DistinctMakesEveryStatementAnotherTemplate) {
  const SyntheticDataset data({.events = 2000, .pattern = SyntheticPattern::kDistinct});
  std::set<std::string> tables;
  for (const std::string_view text : statements(data)) {
    const std::size_t from = text.find(" FROM ") + 6;
    tables.emplace(text.substr(from, text.find(' ', from) - from));
  }
  EXPECT_EQ(tables.size(), count_sql(data));
  for (const std::string& table : tables) EXPECT_EQ(table.find_first_of("0123456789"), std::string::npos) << table;
}

TEST(SyntheticPattern, ChangesStatementsOnly) {
  const SyntheticDataset mixed({.events = 1000}), repeated({.events = 1000, .pattern = SyntheticPattern::kRepeated});
  for (std::size_t i = 0; i < 1000; ++i) {
    const ingest::RawEvent &a = mixed.events()[i], &b = repeated.events()[i];
    EXPECT_EQ(a.span_id, b.span_id);
    EXPECT_EQ(a.timestamp, b.timestamp);
    EXPECT_EQ(a.duration_us, b.duration_us);
    if (a.type == model::EventType::kHttpOut) {
      EXPECT_EQ(a.target, b.target);
    }
  }
}

TEST(SyntheticPattern, NamesAreThoseOfTheFlag) {
  EXPECT_EQ(parse_synthetic_pattern("mixed"), SyntheticPattern::kMixed);
  EXPECT_EQ(parse_synthetic_pattern("repeated"), SyntheticPattern::kRepeated);
  EXPECT_EQ(parse_synthetic_pattern("distinct"), SyntheticPattern::kDistinct);
  EXPECT_EQ(parse_synthetic_pattern("Mixed"), std::nullopt);
}

}  // namespace
}  // namespace sentinel::analysis
