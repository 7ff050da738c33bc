#include "analysis/report_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sentinel::analysis {
namespace {

using model::Finding;
using model::FindingType;
using model::Severity;

struct F {
  std::string_view trace;
  std::string_view signature = "s";
  Severity severity = Severity::kWarning;
  std::uint64_t extra = 0;
  FindingType type = FindingType::kNPlusOneSql;
};

Finding make(const F& f) {
  Finding out;
  out.type = f.type;
  out.severity = f.severity;
  out.trace_id = f.trace;
  out.signature = f.signature;
  out.green_impact = model::GreenImpact{f.extra, 0.0, model::Band::kHealthy};
  return out;
}

std::vector<Finding> make(std::initializer_list<F> list) {
  std::vector<Finding> out;
  for (const F& f : list) out.push_back(make(f));
  return out;
}

std::string traces(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& f : findings) out += (out.empty() ? "" : " ") + std::string(f.trace_id);
  return out;
}

TEST(CanonicalOrder, TypeThenSeverityThenTexts) {
  std::vector<Finding> list = make({{"c", "s", Severity::kWarning, 0, FindingType::kSlowSql},
                                    {"b", "s", Severity::kInfo},
                                    {"a2", "s", Severity::kWarning},
                                    {"a1", "s", Severity::kWarning},
                                    {"z", "s", Severity::kCritical}});
  sort_canonical(list);
  EXPECT_EQ(traces(list), "z a1 a2 b c");
}

TEST(CanonicalOrder, EndpointAndTemplateDecideInOneTraceBytewise) {
  const auto at = [](std::string_view endpoint, std::string_view template_text, std::string_view service) {
    Finding f = make({"t"});
    f.source_endpoint = endpoint;
    f.pattern.template_text = template_text;
    f.service = service;
    return f;
  };
  std::vector<Finding> list = {at("b", "A", "1"), at("a", "\xC3\xA9", "2"), at("a", "z", "3"), at("a", "Z", "4")};
  sort_canonical(list);
  std::string order;
  for (const Finding& f : list) order += f.service;
  EXPECT_EQ(order, "4321");
}

TEST(CanonicalOrder, TiesKeepDetectionOrder) {
  std::vector<Finding> list = make({{"t", "3"}, {"t", "1"}, {"t", "2"}});
  sort_canonical(list);
  EXPECT_EQ(list[0].signature, "3");
  EXPECT_EQ(list[1].signature, "1");
  EXPECT_EQ(list[2].signature, "2");
}

TEST(SortFindings, BySeverityThenAggregateImpact) {
  std::vector<Finding> list = make({{"w1", "x", Severity::kWarning, 4},
                                    {"i9", "y", Severity::kInfo, 90},
                                    {"w2", "z", Severity::kWarning, 3},
                                    {"w3", "z", Severity::kWarning, 3},
                                    {"c", "q", Severity::kCritical, 0}});
  sort_findings(list, SortBy::kSeverity);
  EXPECT_EQ(traces(list), "c w2 w3 w1 i9");
}

TEST(SortFindings, ByAggregateImpactThenSeverity) {
  std::vector<Finding> list = make({{"i", "x", Severity::kInfo, 3},
                                    {"w", "x", Severity::kWarning, 3},
                                    {"c", "y", Severity::kCritical, 5},
                                    {"k", "z", Severity::kCritical, 6}});
  sort_findings(list, SortBy::kImpact);
  EXPECT_EQ(traces(list), "k w i c");
}

TEST(Recurrence, CountsDistinctTracesAndSumsImpact) {
  const std::vector<Finding> list = make({{"t1", "a", Severity::kInfo, 1},
                                          {"t1", "b", Severity::kInfo, 2},
                                          {"t2", "a", Severity::kInfo, 4},
                                          {"t1", "a", Severity::kInfo, 8}});
  const Recurrence r = find_recurrence(list);
  EXPECT_EQ(r.group_of, (std::vector<std::uint32_t>{0, 1, 0, 0}));
  ASSERT_EQ(r.groups.size(), 2U);
  EXPECT_EQ(r.groups[0].first, 0U);
  EXPECT_EQ(r.groups[0].traces, 2U);
  EXPECT_EQ(r.groups[0].extra_io_ops, 13U);
  EXPECT_EQ(r.groups[1].first, 1U);
  EXPECT_EQ(r.groups[1].traces, 1U);
}

TEST(Recurrence, TheFirstGroupingPairSetsProblemsApart) {
  const model::GroupPair prod[] = {{"env", "prod"}, {"team", "a"}};
  const model::GroupPair prod_other_team[] = {{"env", "prod"}, {"team", "b"}};
  const model::GroupPair test[] = {{"env", "test"}};
  std::vector<Finding> list = make({{"t"}, {"t"}, {"t"}, {"t"}});
  list[0].grouping = prod;
  list[1].grouping = prod_other_team;
  list[2].grouping = test;
  EXPECT_EQ(find_recurrence(list).group_of, (std::vector<std::uint32_t>{0, 0, 1, 2}));
}

TEST(Recurrence, WithoutASignatureItsFourTextsCount) {
  std::vector<Finding> list = make({{"t", ""}, {"t", ""}, {"t", ""}, {"t", "n_plus_one_sql"}});
  list[1].service = "other";
  list[2].pattern.template_text = "SELECT";
  EXPECT_EQ(find_recurrence(list).groups.size(), 4U);
  list[1].service = {};
  EXPECT_EQ(find_recurrence(list).groups.size(), 3U);
}

TEST(CanonicalOrder, TracesWithACommonPrefixStandAsTheirTextsDo) {
  // Equal for more than eight bytes, ending within and right behind what they share, and with bytes from 0x80 on.
  std::vector<Finding> list = make({{"trace-0000000012345678b"},
                                    {"trace-00000000"},
                                    {"trace-0000000012345678a"},
                                    {"trace-000000001\xC3\xA9"},
                                    {"trace-0000000012345678"},
                                    {"trace-00000000~"}});
  std::vector<std::string_view> sorted;
  for (const Finding& f : list) sorted.push_back(f.trace_id);
  std::ranges::sort(sorted);
  sort_canonical(list);
  for (std::size_t i = 0; i < list.size(); ++i) EXPECT_EQ(list[i].trace_id, sorted[i]) << i;

  std::vector<Finding> same = make({{"t", "1"}, {"t", "2"}, {"t", "3"}});
  sort_canonical(same);
  EXPECT_EQ(same[0].signature, "1");
  EXPECT_EQ(same[2].signature, "3");
}

}  // namespace
}  // namespace sentinel::analysis
