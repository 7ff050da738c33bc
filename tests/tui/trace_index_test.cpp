#include "tui/trace_index.h"

#include <gtest/gtest.h>

#include "tui/support.h"

namespace sentinel::tui {
namespace {

std::string ids(const TraceIndex& index) {
  std::string out;
  for (std::size_t i = 0; i < index.size(); ++i) out += (i > 0 ? " " : "") + std::string(index.row(i).id);
  return out;
}

TEST(TraceIndex, EveryTraceIsThereOnceById) {
  const testing::SampleSource source;
  const TraceIndex index(source);
  EXPECT_EQ(ids(index), "a1 a2 b1 c1");
  EXPECT_EQ(index.row(2).count, 2U);
  EXPECT_EQ(index.row(3).count, 0U);
}

TEST(TraceIndex, SeverityThenImpactThenIdAndTheReverse) {
  const testing::SampleSource source;
  TraceIndex index(source);
  index.sort(TraceOrder::kSeverity);
  EXPECT_EQ(ids(index), "a1 b1 a2 c1") << "b1 and a2 are warnings; b1's problems are worth more";
  index.sort(TraceOrder::kImpact);
  EXPECT_EQ(ids(index), "b1 a1 a2 c1") << "a1 and a2 share a problem worth 17; a1 is worse";
  index.sort(TraceOrder::kId);
  EXPECT_EQ(ids(index), "a1 a2 b1 c1");
}

TEST(TraceIndex, SearchesIdsAndTextsOfFindings) {
  const testing::SampleSource source;
  TraceIndex index(source);
  index.search("A2");
  EXPECT_EQ(ids(index), "a2");
  index.search("slow sql");
  EXPECT_EQ(ids(index), "b1");
  EXPECT_EQ(index.findings(index.row(0)), (std::vector<std::uint32_t>{3})) << "only the finding that matches";
  index.search("b1");
  EXPECT_EQ(index.findings(index.row(0)), (std::vector<std::uint32_t>{2, 3})) << "the trace matches: all of them";
  index.search("nowhere");
  EXPECT_EQ(index.size(), 0U);
  EXPECT_EQ(index.find("a1"), 0U);
  index.search("");
  EXPECT_EQ(index.size(), 4U);
  EXPECT_EQ(index.find("b1"), 2U);
}

}  // namespace
}  // namespace sentinel::tui
