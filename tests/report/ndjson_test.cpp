#include "report/ndjson.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/json_report.h"
#include "sample_report.h"
#include "support/json.h"

namespace sentinel::report {
namespace {

using Json = nlohmann::ordered_json;

std::string ndjson(const std::vector<model::Finding>& findings) {
  std::string out;
  append_ndjson(out, findings);
  return out;
}

TEST(Ndjson, ALineIsTheFindingOfTheJsonReportWithoutBlanks) {
  model::Report report = testing::full_report();
  const std::string line = ndjson(report.findings);
  EXPECT_EQ(line, parsed_json<Json>(json_report(report, false))["findings"][0].dump() + "\n");
}

TEST(Ndjson, AFindingALineInReportOrder) {
  const std::string lines = ndjson({testing::finding("t1"), testing::finding("line\nend"), testing::finding("t3")});
  EXPECT_EQ(std::ranges::count(lines, '\n'), 3);
  EXPECT_LT(lines.find("t1"), lines.find("line\\nend"));
  EXPECT_LT(lines.find("line\\nend"), lines.find("t3"));
}

TEST(Ndjson, ACleanRunIsEmpty) { EXPECT_EQ(ndjson({}), ""); }

}  // namespace
}  // namespace sentinel::report
