// `query monitor`: what a running daemon does, look after look (chapter 06 §10).
//
// A state machine over a MonitorSource: looks and keys change the state, draw() shows it. No clock, thread or socket of its
// own. The source outlives the view. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "tui/chart.h"
#include "tui/monitor_data.h"
#include "tui/pager.h"
#include "tui/view.h"

namespace sentinel::tui {

class Monitor final : public View {
 public:
  // `refresh_s`: seconds between two looks, for the header and the time axis.
  Monitor(MonitorSource& source, std::string url, unsigned refresh_s);

  void draw(Screen& screen) override;
  [[nodiscard]] Reaction handle(const Event& event) override;
  [[nodiscard]] bool wants_mouse() const override { return mouse_mode_; }
  [[nodiscard]] int patience_ms() const override;
  void tick() override;
  void notice(std::string /*text*/) override {}

 private:
  enum class Tab : std::uint8_t { kAdvisor, kEnergy, kTrends, kScrapers, kConfig };
  static constexpr unsigned kTabs = 5;

  // One look's figures of the curves; a share is NaN where the daemon did not say it or has no bound.
  struct Point {
    double energy_kwh = 0.0;
    double carbon_g = 0.0;
    double active_traces = 0.0;
    double analysis_queue = 0.0;
    double findings_store = 0.0;
  };
  // Where the borders between the curves stand, in thousandths.
  struct Splits {
    int across = 500;
    int down = 500;
  };
  enum class Split : std::uint8_t { kAcross, kDown };

  void take(MonitorPoll poll);
  void change_tab(unsigned steps);
  void on_mouse(const Event& event);
  void draw_header(Screen& screen) const;
  void draw_trends(Screen& screen, const Rect& area);
  [[nodiscard]] Lines lines(int columns) const;
  [[nodiscard]] Chart amounts(double Point::*figure, Style style) const;
  [[nodiscard]] Chart headroom() const;
  [[nodiscard]] std::string oldest_label() const;
  [[nodiscard]] std::optional<Split> split_at(int x, int y) const;

  // -- fixed
  MonitorSource& source_;
  std::string url_;
  unsigned refresh_s_;

  // -- what came
  std::optional<MonitorSnapshot> latest_;
  std::deque<Point> points_;
  std::int64_t latest_ms_ = 0;
  bool stale_ = false;
  std::string problem_;

  // -- what is shown
  Tab tab_ = Tab::kAdvisor;
  Pager pager_;
  bool help_open_ = false;
  bool mouse_mode_ = false;
  bool too_small_ = false;
  Splits splits_;
  std::optional<Split> dragged_;
  Rect trends_;  // where draw() last put the curves; empty when it did not
};

}  // namespace sentinel::tui
