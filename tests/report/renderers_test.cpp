#include "report/renderers.h"

#include <gtest/gtest.h>

#include <set>

#include "sample_report.h"

namespace sentinel::report {
namespace {

TEST(Renderers, EveryKindIsFoundByItsNameAndWritesSomething) {
  std::set<std::string_view> kinds;
  for (const Renderer& renderer : renderers()) {
    EXPECT_TRUE(kinds.insert(renderer.kind).second) << renderer.kind;
    EXPECT_EQ(renderer_named(renderer.kind), &renderer);
    Pieces out;
    EXPECT_EQ(renderer.append(out, testing::full_report(), {}), 0U) << renderer.kind;
    ASSERT_FALSE(out.empty()) << renderer.kind;
    EXPECT_TRUE(out.back().ends_with('\n')) << renderer.kind;
  }
  EXPECT_EQ(renderer_named("xml"), nullptr);
  EXPECT_EQ(renderer_named(""), nullptr);
}

TEST(Renderers, WhatMayLeaveFindingsOutSaysWhatToDo) {
  model::Report report;
  std::vector<std::string> names;
  names.reserve(30'000);
  for (int i = 0; i < 30'000; ++i) {
    names.push_back("signature" + std::to_string(i));
    report.findings.push_back(testing::finding("t", names.back()));
  }
  for (const Renderer& renderer : renderers()) {
    Pieces out;
    const std::uint64_t left_out = renderer.append(out, report, {});
    EXPECT_EQ(left_out > 0, !renderer.on_overflow.empty()) << renderer.kind;
  }
}

}  // namespace
}  // namespace sentinel::report
