// The monitor's looks, tabs and curves (chapter 06 §10).
#include "tui/monitor.h"

#include <gtest/gtest.h>

#include <utility>

#include "support.h"
#include "tui/monitor_lines.h"

namespace sentinel::tui {
namespace {

using testing::drawn;
using testing::holds;
using testing::press;
using testing::text;

// Looks that a test puts in, and a clock that it sets.
class Looks final : public MonitorSource {
 public:
  [[nodiscard]] std::vector<MonitorPoll> take() override { return std::exchange(polls_, {}); }
  [[nodiscard]] std::int64_t now_ms() const override { return now_; }

  void answered(MonitorSnapshot snapshot) { polls_.push_back({.at_ms = now_, .snapshot = std::move(snapshot), .problem = {}}); }
  void failed() { polls_.push_back({.at_ms = now_, .snapshot = std::nullopt, .problem = "No answer: connection refused"}); }

  std::int64_t now_ = 0;

 private:
  std::vector<MonitorPoll> polls_;
};

MonitorSnapshot snapshot() {
  MonitorSnapshot out;
  out.green.energy_kwh = 1e-7;
  out.green.energy_model = "io_proxy_v3";
  out.green.per_service_energy_kwh = {{"front", 1e-7}};
  out.green.per_service_region = {{"front", "eu-west-3"}};
  out.green.per_service_carbon_kgco2eq = {{"front", 6e-9}};
  out.green.per_service_measured_ratio = {{"front", 0.0}};
  model::RegionRow row;
  row.region = "eu-west-3";
  row.grid_intensity = 53.3;
  row.io_ops = 1;
  row.co2_gco2 = 6.1e-6;
  row.source = model::IntensitySource::kMonthlyHourly;
  out.green.regions = {row};
  out.scrapers = {{.backend = "alumet", .configured = true, .age_seconds = 4.0, .succeeded = 88, .failed = 1},
                  {.backend = "kepler", .configured = false, .age_seconds = {}, .succeeded = {}, .failed = {}}};
  out.load = DaemonLoad{.active_traces = {9'000.0, 10'000.0}, .analysis_queue = {1.0, 0.0}, .findings_store = {58.0, 10'000.0}};
  out.settings = {
      {.name = "trace_ttl_ms", .value = "500", .fallback = "30000", .help = "How long.", .heading = {}},
      {.name = "tls", .value = "not configured", .fallback = "not configured", .help = {}, .heading = "Sub-systems"}};
  return out;
}

class MonitorView : public ::testing::Test {
 protected:
  void tick(std::int64_t ms) {
    looks_.now_ = ms;
    view_.tick();
  }
  Looks looks_;
  Monitor view_{looks_, "http://127.0.0.1:4318", 5};
};

TEST_F(MonitorView, SaysWhatItWaitsForBeforeTheFirstAnswer) {
  EXPECT_TRUE(holds(text(view_), "waiting"));
  EXPECT_TRUE(holds(text(view_), "/api/export/report"));
  press(view_, "Tab Tab");
  EXPECT_TRUE(holds(text(view_), "from the second look on"));
  looks_.failed();
  tick(1000);
  EXPECT_TRUE(holds(text(view_), "[STALE]"));
  EXPECT_TRUE(holds(text(view_), "No answer: connection refused"));
}

TEST_F(MonitorView, HeaderKeepsAgeAndStalenessAt80Columns) {
  looks_.now_ = 1000;
  looks_.answered(snapshot());
  tick(1000);
  looks_.failed();
  tick(13'000);
  const std::string row = drawn(view_, 80, 24).row_text(0);
  EXPECT_TRUE(holds(row, "12s ago")) << row;
  EXPECT_TRUE(holds(row, "[STALE]")) << row;
  EXPECT_TRUE(holds(drawn(view_, 160, 24).row_text(0), "http://127.0.0.1:4318 · every 5s · 12s ago · [STALE]"));
}

TEST_F(MonitorView, AFailedLookKeepsTheLatestAndASuccessEndsStaleness) {
  looks_.answered(snapshot());
  looks_.failed();
  tick(0);
  press(view_, "Tab");
  EXPECT_TRUE(holds(text(view_), "front"));
  EXPECT_TRUE(holds(text(view_), "[STALE]"));
  looks_.now_ = 5000;
  looks_.answered(snapshot());
  tick(5000);
  EXPECT_FALSE(holds(text(view_), "[STALE]"));
  EXPECT_TRUE(holds(text(view_), "0s ago"));
}

TEST_F(MonitorView, EnergyAndConfigOutliveALookWithoutThemAndStatusDoesNot) {
  looks_.answered(snapshot());
  MonitorSnapshot bare = snapshot();
  bare.scrapers.reset();
  bare.settings.reset();
  bare.load.reset();
  looks_.answered(bare);
  tick(0);
  press(view_, "Tab Tab");
  EXPECT_FALSE(holds(text(view_), "active_traces"));
  press(view_, "Tab");
  EXPECT_TRUE(holds(text(view_), "alumet"));
  press(view_, "Tab");
  EXPECT_TRUE(holds(text(view_), "trace_ttl_ms = 500  (default 30000, modified)"));
}

TEST_F(MonitorView, TablesFitTheirWindow) {
  looks_.answered(snapshot());
  tick(0);
  press(view_, "Tab");
  for (const int columns : {80, 120, 200}) {
    const Screen screen = drawn(view_, columns, 24);
    const int head = testing::row_with(screen, "kgCO2eq");
    const int row = testing::row_with(screen, "0.000000006");
    ASSERT_GE(head, 0) << columns;
    EXPECT_EQ(row, head + 1) << screen.text();
    EXPECT_EQ(screen.row_text(head).find("kgCO2eq") + 7, screen.row_text(row).find("0.000000006") + 11) << screen.text();
  }
  EXPECT_TRUE(holds(text(view_), "MonthlyHourly (cold)"));
}

TEST_F(MonitorView, TrendsShowWhatIsNowAndTheShareOfEachBound) {
  looks_.answered(snapshot());
  looks_.answered(snapshot());
  tick(0);
  press(view_, "Tab Tab");
  const std::string screen = text(view_);
  EXPECT_TRUE(holds(screen, "now 1.000e-7")) << screen;
  EXPECT_TRUE(holds(screen, "active_traces 90%"));
  EXPECT_TRUE(holds(screen, "findings_store 1%"));
  EXPECT_FALSE(holds(screen, "analysis_queue")) << "a bound of 0 has no share";
  EXPECT_TRUE(holds(screen, "-19m"));
  EXPECT_TRUE(holds(screen, "nearly full 90%"));
}

TEST_F(MonitorView, KeysQuitScrollAndExplain) {
  looks_.answered(snapshot());
  tick(0);
  EXPECT_TRUE(holds(text(view_), "No hints"));
  press(view_, "?");
  EXPECT_TRUE(holds(text(view_), "any key closes"));
  EXPECT_FALSE(press(view_, "Esc").quit);
  EXPECT_TRUE(press(view_, "Esc").quit);
  EXPECT_TRUE(press(view_, "q").quit);
  press(view_, "m");
  EXPECT_TRUE(view_.wants_mouse());
  EXPECT_TRUE(holds(text(view_), "[MOUSE]"));
}

TEST_F(MonitorView, BordersOfTrendsAreDraggedAndReset) {
  looks_.answered(snapshot());
  looks_.answered(snapshot());
  tick(0);
  press(view_, "Tab Tab m");
  const int before = testing::row_with(drawn(view_), "Headroom");
  const auto drag = [&](int from, int to) {
    static_cast<void>(view_.handle(mouse_event(MouseAction::kPress, 30, from)));
    static_cast<void>(view_.handle(mouse_event(MouseAction::kMove, 30, to)));
    static_cast<void>(view_.handle(mouse_event(MouseAction::kRelease, 30, to)));
  };
  drag(before, before + 6);
  EXPECT_NEAR(testing::row_with(drawn(view_), "Headroom"), before + 6, 1);
  press(view_, "r");
  EXPECT_EQ(testing::row_with(drawn(view_), "Headroom"), before);
}

TEST_F(MonitorView, AdvisorSaysWhatKindOfHintEachIs) {
  MonitorSnapshot with = snapshot();
  with.hints = {{"tuning", "raise `[daemon] max_active_traces`"}, {"", "an older daemon's text"}};
  looks_.answered(with);
  tick(0);
  EXPECT_TRUE(holds(text(view_), "[tuning] raise [daemon] max_active_traces"));
  EXPECT_TRUE(holds(text(view_), "an older daemon's text"));
}

TEST(Tiny, KeepsTheFiguresOfWhatIsSmall) {
  EXPECT_EQ(tiny(0.0), "0.000000");
  EXPECT_EQ(tiny(-0.0), "0.000000");
  EXPECT_EQ(tiny(1e-5), "0.000010");
  EXPECT_EQ(tiny(9.99e-6), "9.990e-6");
  EXPECT_EQ(tiny(1.9e-12), "1.900e-12");
  EXPECT_EQ(tiny(2.5), "2.500000");
}

TEST(WasteLine, SaysWhetherTheTotalsHoldIt) {
  MonitorSnapshot s = snapshot();
  model::WasteFigure waste;
  waste.energy_kwh = 0.004;
  waste.waste_kwh = 0.0007;
  waste.ratio = 0.175;
  waste.model = "estimated";
  s.green.database_waste = waste;
  waste.model = "alumet_rapl";
  waste.waste_gco2 = 0.21;
  waste.region = "eu-central-1";
  s.green.messaging_waste = waste;
  std::string all;
  for (const Line& line : energy_lines(s, 200)) all += text_of(line) + "\n";
  EXPECT_TRUE(
      holds(all,
            "Database waste: 0.000700 kWh of 0.004000 kWh (17.5% of SQL), - gCO2, model estimated, region -, within the "
            "report totals"))
      << all;
  EXPECT_TRUE(holds(all,
                    "Broker waste: 0.000700 kWh of 0.004000 kWh (17.5% of messages), 0.210000 gCO2, model alumet_rapl, region "
                    "eu-central-1, excluded from totals"))
      << all;
}

}  // namespace
}  // namespace sentinel::tui
