#include "daemon/findings_ring.h"

#include <gtest/gtest.h>

#include <string>

namespace sentinel::daemon {
namespace {

using model::FindingType;
using model::Severity;

struct Told {
  std::string_view service = "cart";
  std::string_view signature = "sig";
  Severity severity = Severity::kWarning;
  FindingType type = FindingType::kNPlusOneSql;
  std::string_view trace = "t1";
  std::string_view namespace_name = {};
};

FindingRef stored(const Told& told, std::uint64_t at_ms) {
  model::Finding finding;
  finding.service = told.service;
  finding.signature = told.signature;
  finding.severity = told.severity;
  finding.type = told.type;
  finding.trace_id = told.trace;
  const model::GroupPair pair{"k8s.namespace.name", told.namespace_name};
  if (told.namespace_name.data() != nullptr) finding.grouping = {&pair, 1};
  return std::make_shared<const StoredFinding>(finding, "{\"at\":" + std::to_string(at_ms) + "}", at_ms);
}

TEST(FindingsRing, an_entry_gives_back_what_it_was_made_of) {
  const FindingRef entry = stored({.namespace_name = "shop"}, 5);
  EXPECT_EQ(entry->json(), "{\"at\":5}");
  EXPECT_EQ(entry->trace_id(), "t1");
  EXPECT_EQ(entry->service(), "cart");
  EXPECT_EQ(entry->signature(), "sig");
  EXPECT_EQ(entry->identity(), std::string_view("k8s.namespace.name\0shop", 23));
}

TEST(FindingsRing, past_its_capacity_the_oldest_goes) {
  FindingsRing ring(2);
  for (std::uint64_t at = 1; at <= 3; ++at) ring.append(stored({}, at));
  EXPECT_EQ(ring.size(), 2U);
  const auto newest = ring.newest(10);
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_EQ(newest[0]->stored_at_ms, 3U);
  EXPECT_EQ(newest[1]->stored_at_ms, 2U);
}

TEST(FindingsRing, without_capacity_nothing_is_kept) {
  FindingsRing ring(0);
  ring.append(stored({}, 1));
  EXPECT_EQ(ring.size(), 0U);
}

TEST(FindingsRing, repeats_fold_into_one_row_that_shows_the_worst) {
  FindingsRing ring(10);
  ring.append(stored({.severity = Severity::kCritical, .trace = "old"}, 10));
  ring.append(stored({.severity = Severity::kWarning, .trace = "new"}, 20));
  const auto rows = ring.fold({});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].finding->trace_id(), "old");
  EXPECT_EQ(rows[0].seen_count, 2U);
  EXPECT_EQ(rows[0].first_seen_ms, 10U);
  EXPECT_EQ(rows[0].stored_at_ms, 20U);
}

TEST(FindingsRing, of_equally_bad_ones_the_newest_is_shown) {
  FindingsRing ring(10);
  ring.append(stored({.trace = "old"}, 10));
  ring.append(stored({.trace = "new"}, 20));
  EXPECT_EQ(ring.fold({})[0].finding->trace_id(), "new");
}

TEST(FindingsRing, severity_is_asked_of_the_folded_row) {
  FindingsRing ring(10);
  ring.append(stored({.severity = Severity::kCritical}, 10));
  ring.append(stored({.severity = Severity::kWarning}, 20));
  EXPECT_TRUE(ring.fold({.severity = "warning"}).empty());
  EXPECT_EQ(ring.fold({.severity = "critical"}).size(), 1U);
  EXPECT_TRUE(ring.fold({.severity = "Critical"}).empty());
}

TEST(FindingsRing, deployments_are_rows_of_their_own) {
  FindingsRing ring(10);
  ring.append(stored({.namespace_name = "shop"}, 1));
  ring.append(stored({.namespace_name = "test"}, 2));
  ring.append(stored({}, 3));
  EXPECT_EQ(ring.fold({}).size(), 3U);
}

TEST(FindingsRing, without_a_signature_every_entry_is_a_row) {
  FindingsRing ring(10);
  ring.append(stored({.signature = ""}, 1));
  ring.append(stored({.signature = ""}, 2));
  EXPECT_EQ(ring.fold({}).size(), 2U);
}

TEST(FindingsRing, the_limit_counts_rows_and_filters_come_before_it) {
  FindingsRing ring(200);
  for (std::uint64_t i = 0; i < 50; ++i) ring.append(stored({.signature = "often"}, i));
  ring.append(stored({.signature = "once", .type = FindingType::kSlowSql}, 60));
  ring.append(stored({.service = "other", .signature = "third"}, 61));
  EXPECT_EQ(ring.fold({.limit = 2}).size(), 2U);
  EXPECT_EQ(ring.fold({.service = "cart", .limit = 2})[1].seen_count, 50U);
  EXPECT_EQ(ring.fold({.type = "slow_sql"}).size(), 1U);
  EXPECT_TRUE(ring.fold({.type = "SLOW_SQL"}).empty());
  EXPECT_TRUE(ring.fold({.service = ""}).empty());
  EXPECT_TRUE(ring.fold({.limit = 0}).empty());
}

TEST(FindingsRing, a_trace_is_listed_raw_and_newest_first) {
  FindingsRing ring(10);
  ring.append(stored({.trace = "a"}, 1));
  ring.append(stored({.trace = "b"}, 2));
  ring.append(stored({.trace = "a"}, 3));
  const auto of_a = ring.newest(10, "a");
  ASSERT_EQ(of_a.size(), 2U);
  EXPECT_EQ(of_a[0]->stored_at_ms, 3U);
  EXPECT_TRUE(ring.newest(10, "").empty());
}

}  // namespace
}  // namespace sentinel::daemon
