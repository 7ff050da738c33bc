#include "tui/disclose_preview.h"

#include <gtest/gtest.h>

#include "base/time.h"
#include "tui/support.h"

namespace sentinel::tui {
namespace {

using disclosure::PeriodFault;
using testing::holds;
using testing::press;
using testing::text;

Days day(std::string_view date) { return disclosure::parse_date(date).value(); }
std::string shown(const PreviewPeriod& period) {
  return disclosure::date_text(period.from()) + " " + disclosure::date_text(period.to());
}

TEST(AddMonths, ADayThatTheMonthDoesNotHaveBecomesItsLast) {
  EXPECT_EQ(disclosure::date_text(add_months(day("2026-01-31"), 1)), "2026-02-28");
  EXPECT_EQ(disclosure::date_text(add_months(day("2024-01-31"), 1)), "2024-02-29");
  EXPECT_EQ(disclosure::date_text(add_months(day("2026-03-30"), -1)), "2026-02-28");
  EXPECT_EQ(disclosure::date_text(add_months(day("2026-01-15"), -1)), "2025-12-15");
  EXPECT_EQ(disclosure::date_text(add_months(day("2026-12-01"), 12)), "2027-12-01");
  EXPECT_EQ(disclosure::date_text(add_months(day("1970-01-31"), -3)), "1969-10-31");
}

TEST(PreviewPeriod, SnapsToTheCalendarAroundTheLastWindow) {
  PreviewPeriod period(day("2026-02-17"), day("2026-01-03"), day("2026-02-17"));
  EXPECT_EQ(shown(period), "2026-02-01 2026-02-28");
  period.step(-1);
  EXPECT_EQ(shown(period), "2026-01-01 2026-01-31");
  period.step(-1);
  EXPECT_EQ(shown(period), "2025-12-01 2025-12-31");
  period.next_granularity();
  EXPECT_EQ(shown(period), "2025-10-01 2025-12-31");
  period.step(1);
  EXPECT_EQ(shown(period), "2026-01-01 2026-03-31");
  period.next_granularity();
  EXPECT_EQ(shown(period), "2026-01-01 2026-12-31");
  EXPECT_EQ(period.days(), 365);
  period.next_granularity();
  EXPECT_EQ(shown(period), "2026-01-03 2026-02-17") << "custom begins as the archives";
  period.next_granularity();
  EXPECT_EQ(period.type(), disclosure::PeriodType::kCalendarMonth);
}

TEST(PreviewPeriod, AnEdgeMovedPastTheOtherTakesItAlong) {
  PreviewPeriod period(day("2026-01-10"), day("2026-01-10"), day("2026-01-11"));
  for (int i = 0; i < 3; ++i) period.next_granularity();
  period.step(1);
  EXPECT_EQ(shown(period), "2026-01-11 2026-01-11");
  period.step(1);
  EXPECT_EQ(shown(period), "2026-01-12 2026-01-12");
  period.switch_edge();
  period.step(-1);
  EXPECT_EQ(shown(period), "2026-01-11 2026-01-11");
  period.step_months(1);
  EXPECT_EQ(shown(period), "2026-01-11 2026-02-11");
}

TEST(ShellQuoted, OnlyWhatAShellWouldReadOtherwise) {
  EXPECT_EQ(shell_quoted("archive/2026-01.ndjson"), "archive/2026-01.ndjson");
  EXPECT_EQ(shell_quoted("my file"), "'my file'");
  EXPECT_EQ(shell_quoted("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_quoted(""), "''");
}

class PreviewTest : public ::testing::Test {
 protected:
  disclosure::PeriodResult result_;
  std::vector<std::string> asked_;
  DisclosePreview preview_{PreviewStart{.first = day("2026-01-03"),
                                        .last = day("2026-01-17"),
                                        .today = day("2026-06-01"),
                                        .inputs = {"a.ndjson", "my archive"},
                                        .org_config = "org.toml",
                                        .output = {},
                                        .strict_attribution = false},
                           [this](const disclosure::PeriodRequest& request) {
                             asked_.push_back(disclosure::date_text(request.from) + " " + std::string(slug(request.intent)) +
                                              " " + std::string(slug(request.confidentiality)));
                             return result_;
                           }};
};

TEST_F(PreviewTest, BeginsWithTheMonthOfTheLastWindow) {
  const std::string screen = text(preview_, 80, 40);
  for (const char* part : {"‹ Month ›", "Intent: internal", "public (G2)", "2026-01-01 → 2026-01-31  (31 days)",
                           "2026-01-03 .. 2026-01-17", "Not enforced", "Windows aggregated:"}) {
    EXPECT_TRUE(holds(screen, part)) << part << "\n" << screen;
  }
}

TEST_F(PreviewTest, GivesACommandThatCanBeRunAsItStands) {
  press(preview_, "g i c");
  const std::string screen = text(preview_, 240, 40);
  EXPECT_TRUE(holds(screen,
                    "perf-sentinel disclose --intent official --confidentiality internal --period-type calendar-quarter --from "
                    "2026-01-01 --to 2026-03-31 --output disclosure-2026-01-01-2026-03-31.json --input a.ndjson"))
      << screen;
  EXPECT_TRUE(holds(screen, "'my archive' --org-config org.toml"));
}

TEST_F(PreviewTest, AsksOnceForEachSetting) {
  press(preview_, "i i c c Left Right Left");
  EXPECT_EQ(asked_, (std::vector<std::string>{"2026-01-01 internal public", "2026-01-01 official public",
                                              "2026-01-01 internal internal", "2025-12-01 internal public"}));
}

TEST_F(PreviewTest, SaysWhatKeepsItFromBeingOfficial) {
  result_.report.rejections = {"notes.sector: is missing"};
  press(preview_, "i");
  EXPECT_TRUE(holds(text(preview_, 80, 40), "- notes.sector: is missing"));
  result_.report.rejections.clear();
  press(preview_, "Left");
  EXPECT_TRUE(holds(text(preview_, 80, 40), "Passes"));
}

TEST_F(PreviewTest, SaysWhenThereIsNothingToShow) {
  result_.fault = PeriodFault::kNoWindow;
  press(preview_, "Left");
  EXPECT_TRUE(holds(text(preview_), "No archived window falls into this period."));
  result_.fault = PeriodFault::kFailed;
  result_.error.what = "cannot read a.ndjson";
  press(preview_, "Left");
  EXPECT_TRUE(holds(text(preview_), "cannot read a.ndjson"));
}

TEST_F(PreviewTest, TheCustomEdgeIsMarkedAndMoved) {
  press(preview_, "g g g");
  EXPECT_TRUE(holds(text(preview_), "2026-01-03 → 2026-01-17  (15 days)"));
  press(preview_, "Right Tab ]");
  const Screen screen = testing::drawn(preview_, 80, 24);
  EXPECT_TRUE(holds(screen.text(), "2026-01-04 → 2026-02-17  (45 days)"));
  EXPECT_TRUE(screen.at(22, 3).style.reverse) << "the second date";
  EXPECT_FALSE(screen.at(9, 3).style.reverse);
}

TEST_F(PreviewTest, FitsTheSmallestWindowAndScrolls) {
  const std::string screen = text(preview_, kMinColumns, kMinRows);
  EXPECT_TRUE(holds(screen, "Confidentiality: public (G2)")) << screen;
  EXPECT_TRUE(holds(text(preview_, 59, 15), "please make it"));
  (void)text(preview_, 80, 24);
  press(preview_, "End");
  EXPECT_TRUE(holds(text(preview_, 80, 24), "Not enforced"));
  EXPECT_TRUE(press(preview_, "q").quit);
}

}  // namespace
}  // namespace sentinel::tui
