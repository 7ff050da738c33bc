#include "tui/browser.h"

#include <gtest/gtest.h>

#include "tui/glyphs.h"
#include "tui/help.h"
#include "tui/support.h"

namespace sentinel::tui {
namespace {

using testing::drawn;
using testing::holds;
using testing::press;
using testing::row_with;
using testing::SampleSource;
using testing::text;

class BrowserTest : public ::testing::Test {
 protected:
  SampleSource source_;
  Browser browser_{source_, {}};
};

// Whether a text stands in the panel that begins at column x.
bool selected(const Screen& screen, std::string_view row) {
  const int y = row_with(screen, row);
  return y >= 0 && screen.at(1, y).style.reverse;
}

TEST_F(BrowserTest, EnterGoesDeeperAndEscComesBack) {
  EXPECT_TRUE(holds(text(browser_), "┌ Analyze ─"));
  press(browser_, "Enter");
  EXPECT_TRUE(holds(text(browser_), "┌ Traces (findings) ─"));
  press(browser_, "Enter Enter Enter");
  EXPECT_TRUE(holds(text(browser_), "┌ Explain · a1 ─"));
  press(browser_, "Esc");
  EXPECT_TRUE(holds(text(browser_), "┌ Detail ─"));
  press(browser_, "Esc Esc Esc");
  EXPECT_TRUE(holds(text(browser_), "┌ Analyze ─")) << "Detail, Findings, Traces, Analyze";
}

TEST_F(BrowserTest, EnterOnATraceWithoutFindingsStays) {
  press(browser_, "Enter End Enter Down");
  EXPECT_TRUE(holds(text(browser_), "This trace has no findings."));
  EXPECT_TRUE(selected(drawn(browser_), "│c1 ")) << "the selection still moves in Traces and stops at its end";
}

TEST_F(BrowserTest, DetailGoesBackToWhereItWasEnteredFrom) {
  source_.report_.correlations.push_back(testing::correlation("b1"));
  press(browser_, "Enter Left Enter");
  EXPECT_TRUE(holds(text(browser_), "Trace:              b1")) << "the trace the pair was seen in";
  press(browser_, "Esc Esc");
  EXPECT_TRUE(holds(text(browser_), "┌ Analyze ─")) << "Correlations leads up to Analyze";
}

TEST_F(BrowserTest, ACorrelationWithoutAKnownTraceDoesNothing) {
  source_.report_.correlations.push_back(testing::correlation("gone"));
  press(browser_, "Enter Left Enter");
  EXPECT_TRUE(holds(text(browser_), "Trace:              a1"));
}

TEST_F(BrowserTest, CorrelationsSayTheFiguresFirstAndBothEndsWhole) {
  source_.report_.correlations.push_back(testing::correlation("b1"));
  press(browser_, "Enter");
  EXPECT_TRUE(
      holds(text(browser_, 260, 60), "│ 87 %  120 ms  (5×)  cart@k8s.namespace.name=shop:n_plus_one_sql → pay:n_plus_one_sql"));
  const std::string narrow = text(browser_, 100, 40);
  EXPECT_TRUE(holds(narrow, "│ 87 %  120 ms  (5×)  cart@shop:n_plus_one_sql"));
  EXPECT_TRUE(holds(narrow, "│      → pay:n_plus_one_sql"));
}

TEST_F(BrowserTest, TheOrderOfTracesCyclesAndTheSelectionReturnsToTheFirst) {
  press(browser_, "Enter Down s");
  const Screen screen = drawn(browser_);
  EXPECT_TRUE(holds(screen.text(), "s sort: severity"));
  EXPECT_TRUE(selected(screen, "│a1 (1)"));
  press(browser_, "s");
  EXPECT_TRUE(selected(drawn(browser_), "│b1 (2)"));
  press(browser_, "s");
  EXPECT_TRUE(holds(text(browser_), "s sort: id"));
}

TEST_F(BrowserTest, AnOrderToBeginWithIsKept) {
  Browser browser(source_, {.place = Place::kInspect, .order = TraceOrder::kImpact, .trace = {}});
  EXPECT_TRUE(selected(drawn(browser), "│b1 (2)"));
}

TEST_F(BrowserTest, OpensOnAGivenTrace) {
  Browser browser(source_, {.place = Place::kExplain, .order = TraceOrder::kId, .trace = "a2"});
  EXPECT_TRUE(holds(text(browser), "┌ Explain · a2 ─"));
  press(browser, "Esc");
  EXPECT_TRUE(selected(drawn(browser), "│a2 (1)"));
}

TEST_F(BrowserTest, ChangingTheTraceStartsAtItsFirstFinding) {
  press(browser_, "Enter Down Down Enter Down");
  EXPECT_TRUE(holds(text(browser_), "SELECT 3"));
  press(browser_, "Esc Up Down");
  EXPECT_TRUE(holds(text(browser_), "SELECT 2"));
}

TEST_F(BrowserTest, RepeatedCallsAreOneLineUntilAskedFor) {
  press(browser_, "Enter Enter Enter Enter");
  EXPECT_TRUE(holds(text(browser_), "└─ SELECT 1 ×3 (900µs to 1.1ms, 3.0ms in all) ← n plus one sql critical (×12)"));
  press(browser_, "c");
  const std::string all = text(browser_);
  EXPECT_TRUE(holds(all, "├─ SELECT 1 (900µs) ← n plus one sql critical (×12)"));
  EXPECT_TRUE(holds(all, "└─ SELECT 1 (1.0ms)"));
}

TEST(TreeLines, ADeepTreeKeepsRoomForItsTexts) {
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(std::to_string(i));
  std::vector<analysis::ExplainSpan> spans(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    spans[i].span_id = ids[i];
    if (i > 0) spans[i].parent_span_id = ids[i - 1];
    spans[i].template_text = ids[i];
  }
  const Lines lines = tree_lines(analysis::build_explain_tree("t", spans, {}), Repeats::kCollapsed);
  EXPECT_EQ(text_of(lines[11]), std::string(30, ' ') + "└─ 10 (0µs)");
  EXPECT_EQ(text_of(lines[12]), "⋯1  " + std::string(30, ' ') + "└─ 11 (0µs)");
  EXPECT_EQ(text_of(lines[40]), "⋯29 " + std::string(30, ' ') + "└─ 39 (0µs)");
}

TEST_F(BrowserTest, SaysWhatThereIsInsteadOfSpansOrASummary) {
  press(browser_, "Enter Down Down");
  EXPECT_TRUE(holds(text(browser_), "No spans of this trace are at hand"));
  source_.has_summary_ = false;
  Browser bare(source_, {});
  EXPECT_TRUE(holds(text(bare), "No summary of this run is at hand"));
}

TEST_F(BrowserTest, SearchNarrowsWhileItIsTypedAndEscTakesItBack) {
  press(browser_, "Enter / b 1");
  std::string screen = text(browser_);
  EXPECT_TRUE(holds(screen, "Search: b1"));
  EXPECT_TRUE(holds(screen, "Traces · 1 of 4"));
  EXPECT_TRUE(holds(screen, "/ search: b1"));
  EXPECT_FALSE(holds(screen, "│a1"));
  press(browser_, "Enter / x x");
  EXPECT_TRUE(holds(text(browser_), "Nothing matches"));
  press(browser_, "Esc");
  EXPECT_TRUE(holds(text(browser_), "1 of 4")) << "back to the search before";
  press(browser_, "/ Back Back Enter");
  EXPECT_TRUE(holds(text(browser_), "│a1 (1)"));
}

TEST_F(BrowserTest, KeysTypedIntoASearchAreText) {
  press(browser_, "Enter /");
  EXPECT_FALSE(press(browser_, "q").quit);
  EXPECT_TRUE(holds(text(browser_), "Search: q"));
  EXPECT_TRUE(press(browser_, "Esc q").quit);
}

TEST_F(BrowserTest, AnyKeyClosesTheHelp) {
  press(browser_, "?");
  EXPECT_TRUE(holds(text(browser_), "any key closes"));
  press(browser_, "Down");
  EXPECT_FALSE(holds(text(browser_), "any key closes"));
}

TEST_F(BrowserTest, ExportsWhatIsSelected) {
  EXPECT_FALSE(press(browser_, "e").save.has_value()) << "nothing is selected in Analyze";
  Reaction reaction = press(browser_, "Enter e");
  ASSERT_TRUE(reaction.save.has_value());
  EXPECT_EQ(reaction.save->name, "trace-a1");
  EXPECT_TRUE(holds(reaction.save->json, "\"trace_id\": \"a1\""));
  reaction = press(browser_, "Enter e");
  ASSERT_TRUE(reaction.save.has_value());
  EXPECT_EQ(reaction.save->name, "finding-n_plus_one_sql-a1");
  EXPECT_TRUE(holds(reaction.save->json, "\"signature\": \"s1\""));
}

TEST_F(BrowserTest, AnExportIsNamedByNothingThatCouldLeaveTheFolder) {
  source_.report_.findings[0].trace_id = "../../etc/x";
  const model::Finding& finding = source_.report_.findings[0];
  struct Hostile final : Source {
    explicit Hostile(const model::Report& report, std::string_view id) : report_(report), ids_{id} {}
    [[nodiscard]] const model::Report& report() const override { return report_; }
    [[nodiscard]] std::span<const std::string_view> traces() const override { return ids_; }
    [[nodiscard]] const analysis::ExplainTree* tree(std::string_view) override { return nullptr; }
    const model::Report& report_;
    std::array<std::string_view, 1> ids_;
  } hostile(source_.report_, finding.trace_id);
  Browser browser(hostile, {.place = Place::kInspect, .order = TraceOrder::kId, .trace = {}});
  const Reaction reaction = press(browser, "Enter e");
  ASSERT_TRUE(reaction.save.has_value());
  EXPECT_EQ(reaction.save->name, "finding-n_plus_one_sql-______etc_x");
}

TEST_F(BrowserTest, BordersAreDraggedInMouseModeAndPutBack) {
  press(browser_, "Enter");
  (void)drawn(browser_);
  EXPECT_FALSE(browser_.wants_mouse());
  press(browser_, "m");
  EXPECT_TRUE(browser_.wants_mouse());
  EXPECT_TRUE(holds(text(browser_), "MOUSE"));
  (void)browser_.handle(mouse_event(MouseAction::kPress, 24, 5));
  (void)browser_.handle(mouse_event(MouseAction::kMove, 40, 5));
  (void)browser_.handle(mouse_event(MouseAction::kRelease, 40, 5));
  EXPECT_EQ(drawn(browser_).at(40, 1).code, U'┌');
  press(browser_, "r");
  EXPECT_EQ(drawn(browser_).at(24, 1).code, U'┌');
}

TEST_F(BrowserTest, TheBorderUnderTheMouseIsMarked) {
  press(browser_, "Enter m");
  (void)drawn(browser_);
  (void)browser_.handle(mouse_event(MouseAction::kMove, 24, 5));
  EXPECT_EQ(drawn(browser_).at(24, 5).style, kHotBorder);
}

TEST_F(BrowserTest, BelowOneHundredColumnsOnePanelHasTheWindow) {
  press(browser_, "Enter");
  const std::string traces = text(browser_, 99, 24);
  EXPECT_TRUE(holds(traces, "┌─ Traces 4 ─ Findings 1 ─ Detail ─ Correlations 0 ─"));
  EXPECT_FALSE(holds(traces, "SELECT 1"));
  press(browser_, "Tab");
  EXPECT_TRUE(holds(text(browser_, 80, 24), "[1] N+1 SQL CRITICAL                cart  GET /cart/{id}"));
  EXPECT_TRUE(holds(text(browser_, 100, 24), "┌ Traces ─"));
}

TEST_F(BrowserTest, AWindowTooSmallSaysSoAndOnlyQuits) {
  for (const auto& [columns, rows] : {std::pair{59, 15}, {60, 14}, {20, 5}, {1, 1}}) {
    EXPECT_FALSE(holds(text(browser_, columns, rows), "Analyze")) << columns;
  }
  EXPECT_TRUE(holds(text(browser_, 59, 24), "This window is 59×24"));
  press(browser_, "Enter");
  EXPECT_TRUE(holds(text(browser_, 60, 15), "┌ Analyze ─")) << "Enter was for nobody";
  (void)text(browser_, 20, 5);
  EXPECT_TRUE(press(browser_, "q").quit);
}

// Every row has exactly as many columns as the window, at any size, in every place: nothing is cut in half or pushed out.
TEST_F(BrowserTest, NoRowIsEverWiderThanTheWindow) {
  source_.report_.findings[0].service = "カート\u202Eservice\x1b[2J";
  source_.report_.findings[0].pattern.template_text = "SELECT 日本語 FROM t WHERE x = 'e\u0301\u0301\u0301\u0301\u0301'";
  for (const char* way : {"", "Enter", "Enter", "Enter", "Enter", "?"}) {
    press(browser_, way);
    for (int columns = 1; columns <= 140; columns += 3) {
      for (const int rows : {1, 5, 15, 24, 60}) {
        const Screen screen = drawn(browser_, columns, rows);
        for (int y = 0; y < rows; ++y) ASSERT_LE(columns_of(screen.row_text(y)), static_cast<std::size_t>(columns));
      }
    }
  }
}

TEST_F(BrowserTest, HelpIsWholeInTheSmallestWindow) {
  press(browser_, "?");
  const std::string screen = text(browser_, kMinColumns, kMinRows);
  for (const KeyHelp& key : browser_keys()) {
    EXPECT_TRUE(holds(screen, key.keys)) << key.keys;
    EXPECT_TRUE(holds(screen, key.meaning)) << key.meaning;
  }
}

TEST_F(BrowserTest, SummaryGivesEveryFigureItsUnit) {
  const std::string screen = text(browser_, 120, 60);
  for (const char* line : {"4 traces with 44 events in 3 ms", "4 findings: 1 critical, 2 warning, 1 info",
                           "Max critical N+1 SQL: 0 findings (actual 1 finding)", "Max I/O waste ratio: 30.0% (actual 25.0%)",
                           "17 avoidable ops in 2 traces"}) {
    EXPECT_TRUE(holds(screen, line)) << line << "\n" << screen;
  }
}

}  // namespace
}  // namespace sentinel::tui
