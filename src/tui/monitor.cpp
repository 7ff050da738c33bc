#include "tui/monitor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/number_format.h"
#include "tui/bars.h"
#include "tui/glyphs.h"
#include "tui/help.h"
#include "tui/monitor_lines.h"

namespace sentinel::tui {
namespace {

constexpr std::array<std::string_view, 5> kTabNames = {"Advisor", "Energy", "Trends", "Scrapers", "Config"};
constexpr std::string_view kTabSeparator = " · ";
constexpr int kPatienceMs = 200;      // within which a new look is seen
constexpr double kNearlyFull = 90.0;  // per cent of a bound
constexpr double kRoomAbove = 1.15;   // of the largest value, in charts
constexpr int kLeastShare = 200;      // thousandths that a curve keeps when borders are dragged
constexpr long kMonitorWheelLines = 3;
constexpr Style kStale = {.color = Color::kRed, .bold = true};
constexpr Style kYellowBold = {.color = Color::kYellow, .bold = true};

constexpr KeyHelp kKeyTable[] = {
    {"Tab Shift-Tab → ←", "next or previous tab"},      {"↑ ↓ k j", "scroll"}, {"PgUp PgDn Home End", "by pages, or to an end"},
    {"m r", "mouse for borders of Trends; reset them"}, {"?", "this help"},    {"q Esc", "quit"},
};

double percent(const DaemonLoad::Part& part) {
  if (!part.used || !part.most || *part.most <= 0) return std::numeric_limits<double>::quiet_NaN();
  return std::clamp(100.0 * *part.used / *part.most, 0.0, 100.0);
}

std::string ago(std::int64_t ms) {
  const std::int64_t s = std::max<std::int64_t>(0, ms / 1000);
  return std::to_string(s) + "s ago";
}

}  // namespace

Monitor::Monitor(MonitorSource& source, std::string url, unsigned refresh_s)
    : source_(source), url_(std::move(url)), refresh_s_(refresh_s) {}

int Monitor::patience_ms() const { return kPatienceMs; }

void Monitor::tick() {
  for (MonitorPoll& poll : source_.take()) take(std::move(poll));
}

void Monitor::take(MonitorPoll poll) {
  if (!poll.snapshot) {
    stale_ = true;
    problem_ = std::move(poll.problem);
    return;
  }
  MonitorSnapshot& now = *poll.snapshot;
  if (latest_ && !now.scrapers) now.scrapers = std::move(latest_->scrapers);
  if (latest_ && !now.settings) now.settings = std::move(latest_->settings);
  Point point;
  point.energy_kwh = now.green.energy_kwh;
  for (const model::RegionRow& row : now.green.regions) point.carbon_g += row.co2_gco2;
  const DaemonLoad load = now.load.value_or(DaemonLoad{});
  point.active_traces = percent(load.active_traces);
  point.analysis_queue = percent(load.analysis_queue);
  point.findings_store = percent(load.findings_store);
  points_.push_back(point);
  if (points_.size() > kChartSlots) points_.pop_front();
  latest_ = std::move(now);
  latest_ms_ = poll.at_ms;
  stale_ = false;
  problem_.clear();
}

void Monitor::change_tab(unsigned steps) {
  tab_ = static_cast<Tab>((static_cast<unsigned>(tab_) + steps) % kTabs);
  pager_.show({});
}

Reaction Monitor::handle(const Event& event) {
  if (event.kind == Event::Kind::kMouse) {
    on_mouse(event);
    return {};
  }
  const bool quits = event.key == Key::kEscape || (event.key == Key::kCharacter && event.character == U'q');
  if (too_small_) return {.quit = quits, .save = {}};
  if (help_open_) {
    help_open_ = false;
    return {.quit = quits && event.key == Key::kCharacter, .save = {}};
  }
  if (quits) return {.quit = true, .save = {}};
  if (event.key == Key::kTab || event.key == Key::kRight) {
    change_tab(1);
  } else if (event.key == Key::kBackTab || event.key == Key::kLeft) {
    change_tab(kTabs - 1);
  } else if (event.key != Key::kCharacter) {
    pager_.handle(event.key);
  } else if (event.character == U'j') {
    pager_.handle(Key::kDown);
  } else if (event.character == U'k') {
    pager_.handle(Key::kUp);
  } else if (event.character == U'm') {
    mouse_mode_ = !mouse_mode_;
    dragged_.reset();
  } else if (event.character == U'r') {
    splits_ = {};
  } else if (event.character == U'?') {
    help_open_ = true;
  }
  return {};
}

std::optional<Monitor::Split> Monitor::split_at(int x, int y) const {
  if (!trends_.holds(x, y)) return std::nullopt;
  const int down = trends_.y + trends_.height * splits_.down / 1000;
  const int across = trends_.x + trends_.width * splits_.across / 1000;
  if (y < down - 1 && std::abs(x - across) <= 1) return Split::kAcross;
  if (std::abs(y - down) <= 1) return Split::kDown;
  return std::nullopt;
}

void Monitor::on_mouse(const Event& event) {
  if (!mouse_mode_ || too_small_) return;
  if (event.action == MouseAction::kWheelUp || event.action == MouseAction::kWheelDown) {
    for (long i = 0; i < kMonitorWheelLines; ++i) pager_.handle(event.action == MouseAction::kWheelUp ? Key::kUp : Key::kDown);
    return;
  }
  if (tab_ != Tab::kTrends || trends_.width <= 0 || trends_.height <= 0) return;
  if (event.action == MouseAction::kPress) dragged_ = split_at(event.x, event.y);
  if (event.action == MouseAction::kRelease) dragged_.reset();
  if (!dragged_) return;
  const auto share = [](int at, int from, int size) {
    return std::clamp((at - from) * 1000 / size, kLeastShare, 1000 - kLeastShare);
  };
  if (*dragged_ == Split::kAcross) splits_.across = share(event.x, trends_.x, trends_.width);
  if (*dragged_ == Split::kDown) splits_.down = share(event.y, trends_.y, trends_.height);
}

void Monitor::draw(Screen& screen) {
  too_small_ = draw_too_small(screen);
  if (too_small_) return;
  draw_header(screen);
  const Rect body = {0, 1, screen.columns(), screen.rows() - 2};
  const std::string title = std::string(kTabNames[static_cast<std::size_t>(tab_)]) +
                            (tab_ == Tab::kTrends ? " · Tab ⇄ · m resize · q" : " · Tab ⇄ · j/k ↕ · q");
  trends_ = {};
  if (tab_ == Tab::kTrends && points_.size() >= 2) {
    draw_frame(screen, body, title, kActiveBorder, {}, "lines");
    draw_trends(screen, body.inside());
  } else {
    pager_.show(lines(body.inside().width), true);
    pager_.draw(screen, body.inside());
    draw_frame(screen, body, title, kActiveBorder, pager_.position(), "lines");
  }
  if (stale_ && !problem_.empty()) {
    draw_message(screen, problem_, kBad);
  } else {
    draw_credit(screen);
  }
  if (help_open_) draw_help(screen, kKeyTable);
}

void Monitor::draw_header(Screen& screen) const {
  std::vector<Hint> hints;
  hints.push_back({url_, 7});
  hints.push_back({"every " + std::to_string(refresh_s_) + "s", 5});
  hints.push_back({latest_ ? ago(source_.now_ms() - latest_ms_) : "waiting", 9});
  if (stale_) hints.push_back({"[STALE]", 10, kStale});
  if (mouse_mode_) hints.push_back({"[MOUSE]", 8, kYellowBold});
  hints.push_back({"? keys", 3});
  draw_tabs(screen, kTabNames, static_cast<std::size_t>(tab_), hints, kTabSeparator);
}

Lines Monitor::lines(int columns) const {
  if (tab_ == Tab::kTrends) {
    Lines out;
    out.emplace_back("Trends", kHeading);
    out.emplace_back("Energy, carbon and headroom over time, from the second look on: one every " + std::to_string(refresh_s_) +
                         " s, at most " + std::to_string(kChartSlots) + " of them.",
                     kDim);
    return out;
  }
  if (!latest_) {
    Lines out;
    out.emplace_back("Waiting for the daemon's first answer to /api/export/report.", kDim);
    return out;
  }
  switch (tab_) {
    case Tab::kEnergy:
      return energy_lines(*latest_, columns);
    case Tab::kScrapers:
      return scraper_lines(*latest_);
    case Tab::kConfig:
      return setting_lines(*latest_);
    case Tab::kAdvisor:
    case Tab::kTrends:
      break;
  }
  return advisor_lines(*latest_);
}

std::string Monitor::oldest_label() const {
  const std::uint64_t seconds = std::uint64_t{kChartSlots - 1} * refresh_s_;
  if (seconds < 120) return "-" + std::to_string(seconds) + "s";
  if (seconds < 7200) return "-" + std::to_string(seconds / 60) + "m";
  return "-" + base::text_fixed(static_cast<double>(seconds) / 3600.0, 1) + "h";
}

Chart Monitor::amounts(double Point::*figure, Style style) const {
  Series series{.values = {}, .legend = "now " + tiny(points_.back().*figure), .style = style};
  double most = 0.0;
  for (const Point& point : points_) {
    series.values.push_back(point.*figure);
    most = std::max(most, point.*figure);
  }
  Chart chart;
  chart.top = most > 0 ? most * kRoomAbove : 1.0;
  chart.top_label = most > 0 ? tiny(chart.top) : "1";
  chart.oldest_label = oldest_label();
  chart.series.push_back(std::move(series));
  return chart;
}

Chart Monitor::headroom() const {
  struct Part {
    std::string_view name;
    double Point::*share;
    Color color;
  };
  constexpr Part kParts[] = {{"active_traces", &Point::active_traces, Color::kGreen},
                             {"analysis_queue", &Point::analysis_queue, Color::kYellow},
                             {"findings_store", &Point::findings_store, Color::kCyan}};
  Chart chart;
  chart.top = 100.0;
  chart.top_label = "100%";
  chart.middle_label = "50%";
  chart.oldest_label = oldest_label();
  chart.series.push_back({std::vector<double>(kChartSlots, kNearlyFull), "nearly full 90%", kDim});
  for (const Part& part : kParts) {
    const double now = points_.back().*part.share;
    if (std::isnan(now)) continue;
    Series series{
        .values = {}, .legend = std::string(part.name) + " " + base::text_fixed(now, 0) + "%", .style = {.color = part.color}};
    if (now >= kNearlyFull) series.style = kStale;
    for (const Point& point : points_) series.values.push_back(point.*part.share);
    chart.series.push_back(std::move(series));
  }
  return chart;
}

void Monitor::draw_trends(Screen& screen, const Rect& area) {
  trends_ = area;
  const int upper = area.height * splits_.down / 1000;
  const int first = area.width * splits_.across / 1000;
  const auto framed = [&](const Rect& at, std::string_view title, const Chart& chart) {
    draw_frame(screen, at, title, kDim, {}, "");
    draw_chart(screen, at.inside(), chart);
  };
  framed({area.x, area.y, first, upper}, "Energy · kWh a window", amounts(&Point::energy_kwh, {.color = Color::kYellow}));
  framed({area.x + first, area.y, area.width - first, upper}, "Carbon · gCO2e a window",
         amounts(&Point::carbon_g, {.color = Color::kGreen}));
  framed({area.x, area.y + upper, area.width, area.height - upper}, "Headroom · % of the bound", headroom());
}

}  // namespace sentinel::tui
