// The answer to "why not" as text and JSON.
#include "report/why_not_report.h"

#include <gtest/gtest.h>

#include "support/json.h"

namespace sentinel::report {
namespace {

using analysis::Answer;
using analysis::Comparison;

analysis::WhyNot sample() {
  analysis::WhyNot why;
  why.trace_id = "t\x1b";
  why.template_text = "SELECT ?";
  why.spans = 7;
  why.other_groups = 1;
  why.service = "cart";
  why.endpoint = "GET /";
  why.detectors.push_back(
      {.detector = "n_plus_one",
       .verdict = Answer::kSilent,
       .conditions = {{.what = "different parameter lists", .actual = 4, .required = 5, .key = "k"},
                      {.what = "recognised", .required = 1, .key = "m", .instead = true, .yes_or_no = true},
                      {.what = "ms", .actual = 690, .comparison = Comparison::kAtMost, .required = 500, .key = "w"}}});
  why.detectors.push_back(
      {.detector = "redundant", .verdict = Answer::kFired, .conditions = {{.what = "same", .actual = 2, .required = 2}}});
  why.detectors.push_back(
      {.detector = "excessive_fanout",
       .verdict = Answer::kSilent,
       .conditions = {{.what = "children", .actual = 6, .comparison = Comparison::kAbove, .required = 20, .key = "max_fanout"}},
       .turning_points = {{"max_fanout", 5}},
       .ancestor = analysis::Ancestor{"root", "gw", "GET /all"}});
  why.detectors.push_back(
      {.detector = "chatty_service", .verdict = Answer::kNotApplicable, .note = "it counts HTTP calls only"});
  return why;
}

TEST(WhyNotText, LinesUpWhatWasSeenAndWhatWasWanted) {
  EXPECT_EQ(why_not_text(sample(), false), R"(Why not? SELECT ?
  7 spans (sql) of cart at GET / in trace t?
  the largest of 2 groups of this template: others differ in grouping or kind

  n_plus_one: silent
    not met  different parameter lists    4  >= 5         k
    not met  or recognised               no  wanted: yes  m
    not met  ms                         690  <= 500       w
    no single threshold would make it fire

  redundant: fired
    met      same  2  >= 2

  excessive_fanout: silent
    under span root of gw: GET /all
    not met  children  6  > 20  max_fanout
    would fire with max_fanout = 5

  chatty_service: does not apply, it counts HTTP calls only

)");
}

TEST(WhyNotJson, SaysTheSame) {
  const auto json = parsed_json<nlohmann::json>(why_not_json(sample()));
  EXPECT_EQ(json["template"], "SELECT ?");
  EXPECT_EQ(json["spans"], 7);
  const auto& detectors = json["detectors"];
  ASSERT_EQ(detectors.size(), 4U);
  ASSERT_EQ(detectors[0]["conditions"].size(), 2U) << "one stands in for the other";
  const auto& either = detectors[0]["conditions"][0]["any_of"];
  ASSERT_EQ(either.size(), 2U);
  EXPECT_EQ(either[0], (nlohmann::json{{"what", "different parameter lists"},
                                       {"actual", 4},
                                       {"comparison", ">="},
                                       {"required", 5},
                                       {"key", "k"},
                                       {"met", false}}));
  EXPECT_EQ(either[1],
            (nlohmann::json{{"what", "recognised"}, {"actual", false}, {"required", true}, {"key", "m"}, {"met", false}}));
  EXPECT_EQ(detectors[0]["would_fire_with"].size(), 0U);
  EXPECT_EQ(detectors[1]["verdict"], "fired");
  EXPECT_EQ(detectors[2]["would_fire_with"][0], (nlohmann::json{{"key", "max_fanout"}, {"value", 5}}));
  EXPECT_EQ(detectors[2]["ancestor"], (nlohmann::json{{"span_id", "root"}, {"service", "gw"}, {"template", "GET /all"}}));
  EXPECT_EQ(detectors[3]["verdict"], "not_applicable");
  EXPECT_EQ(detectors[3]["note"], "it counts HTTP calls only");
}

}  // namespace
}  // namespace sentinel::report
