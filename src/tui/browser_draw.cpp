// How the browser's state looks (chapter 06 §9.1, §9.2).
#include <algorithm>

#include "report/labels.h"
#include "tui/bars.h"
#include "tui/browser.h"
#include "tui/detail_lines.h"
#include "tui/glyphs.h"
#include "tui/help.h"

namespace sentinel::tui {
namespace {

constexpr std::string_view kBrowserTabs[] = {"Analyze", "Inspect", "Explain"};
constexpr std::string_view kPanelNames[] = {"Traces", "Findings", "Detail", "Correlations"};

std::string_view name_of(Panel panel) { return kPanelNames[static_cast<std::size_t>(panel)]; }
std::string_view unit_of(Panel panel) {
  constexpr std::string_view kUnits[] = {"traces", "findings", "lines", "pairs"};
  return kUnits[static_cast<std::size_t>(panel)];
}

int total_columns(const Line& line) {
  std::size_t columns = 0;
  for (const Piece& piece : line.pieces) columns += columns_of(piece.text);
  return static_cast<int>(columns);
}

constexpr int kWideRow = 58;       // from this width on rows say more,
constexpr int kSecondColumn = 36;  // beginning here
constexpr int kThirdColumn = 60;
constexpr std::size_t kSearchShown = 16;
constexpr Style kActiveSearch = {.color = Color::kYellow};
constexpr int kOneRowCorrelation = 120;  // below this width a correlation takes two rows
constexpr std::size_t kSeverityColumn = 10;

Line& pad(Line& line, int columns) {
  const int used = total_columns(line);
  return line.add(std::string(static_cast<std::size_t>(std::max(1, columns - used)), ' '));
}

// "[acked by mira]", or "[acked]" where the name is unknown or does not fit.
void add_acceptance(Line& line, std::string_view author, int columns) {
  constexpr Style kAccepted = {.dim = true, .italic = true};
  const std::string named = " [acked by " + std::string(author) + "]";
  const int room = std::min(columns, columns < kWideRow ? columns : kSecondColumn - 1) - total_columns(line);
  const bool fits = !author.empty() && static_cast<int>(columns_of(named)) <= room;
  line.add(fits ? named : " [acked]", kAccepted);
}

// The selected row is reversed from edge to edge, whatever colours it has.
void put_row(Screen& screen, const Rect& at, const Lines& lines, bool selected) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const int y = at.y + static_cast<int>(i);
    put_line(screen, at.x, y, line, at.width);
    if (total_columns(line) > at.width && at.width > 0) {
      screen.put(at.x + at.width - 1, y, "…", line.pieces.empty() ? kPlain : line.pieces.back().style, 1);
    }
  }
  if (selected) screen.restyle(at, kSelected);
}

}  // namespace

void Browser::draw(Screen& screen) {
  too_small_ = draw_too_small(screen);
  if (too_small_) return;
  panels_area_ = {};
  draw_bar(screen);
  const Rect body = {0, 1, screen.columns(), screen.rows() - 2};
  const auto draw_page = [&](Pager& pager, std::string_view title) {
    pager.draw(screen, body.inside());
    draw_frame(screen, body, title, kActiveBorder, pager.position(), "lines");
  };
  switch (place_) {
    case Place::kAnalyze:
      draw_page(summary_, "Analyze");
      break;
    case Place::kInspect:
      draw_inspect(screen);
      break;
    case Place::kExplain: {
      const TraceIndex::Row* trace = selected_trace();
      draw_page(explain_, "Explain · " + std::string(trace != nullptr ? trace->id : "no trace"));
      break;
    }
  }
  draw_last_row(screen);
  if (help_open_) draw_help(screen, browser_keys());
  if (modal_) modal_->draw(screen);
}

void Browser::draw_bar(Screen& screen) const {
  std::vector<Hint> hints;
  const bool inspect = place_ == Place::kInspect;
  if (inspect) hints.push_back({"s sort: " + std::string(tui::name_of(order_)), 8, kPlain});
  if (mouse_mode_) {
    hints.push_back({"MOUSE", 9, {.color = Color::kYellow, .bold = true}});
    if (inspect && screen.columns() >= kAllPanelsColumns) {
      hints.push_back({"drag borders", 3});
      hints.push_back({"r reset", 3});
    }
    hints.push_back({"m off", 7});
  }
  if (place_ != Place::kExplain) hints.push_back({"Enter ↓", 5});
  if (place_ != Place::kAnalyze) hints.push_back({"Esc ↑", 5});
  if (inspect && search_.empty()) hints.push_back({"/ search", 4});
  if (inspect && !search_.empty()) hints.push_back({"/ search: " + fit(search_, kSearchShown), 8, kActiveSearch});
  if (place_ != Place::kAnalyze) hints.push_back({repeats_ == Repeats::kCollapsed ? "c show repeats" : "c collapse", 2});
  if (place_ != Place::kAnalyze) hints.push_back({"e export", 2});
  if (inspect && acknowledger_ != nullptr) hints.push_back({"a ack · u revoke", 6});
  if (!mouse_mode_ && inspect && screen.columns() >= kAllPanelsColumns) hints.push_back({"m resize", 1});
  hints.push_back({"? keys", 9});
  hints.push_back({"q quit", 10});
  draw_tabs(screen, kBrowserTabs, static_cast<std::size_t>(place_), hints);
}

void Browser::draw_last_row(Screen& screen) const {
  if (typing_search_) {
    constexpr std::string_view kPrompt = "Search: ";
    constexpr int kAfterPrompt = 9;
    const int room = screen.columns() - kAfterPrompt - 2;
    std::string_view shown = search_;  // its end, where it is typed
    while (static_cast<int>(columns_of(shown)) > room) {
      shown.remove_prefix(1);
      while (!shown.empty() && (static_cast<unsigned char>(shown.front()) & 0xC0) == 0x80) shown.remove_prefix(1);
    }
    screen.put(1, screen.rows() - 1, kPrompt, kHeading, kAfterPrompt - 1);
    const int used = screen.put(kAfterPrompt, screen.rows() - 1, shown, kBold, room);
    screen.put(kAfterPrompt + used, screen.rows() - 1, " ", kSelected, 1);
    return;
  }
  if (!notice_.empty()) return draw_message(screen, notice_, kHeading);
  draw_credit(screen);
}

std::size_t Browser::rows_of(Panel panel) const {
  switch (panel) {
    case Panel::kTraces:
      return index_.size();
    case Panel::kFindings:
      return shown_findings_.size();
    case Panel::kCorrelations:
      return source_.report().correlations.size();
    case Panel::kDetail:
      break;
  }
  return 0;
}

// "Traces", with what the figures behind its rows are if there is room to say so, or what a search leaves.
std::string Browser::title_of(Panel panel, int columns) const {
  constexpr std::string_view kExplained = "Traces (findings)";
  if (panel != Panel::kTraces) return std::string(name_of(panel));
  if (!search_.empty()) return "Traces · " + std::to_string(index_.size()) + " of " + std::to_string(index_.total());
  return std::string(columns - 4 >= static_cast<int>(kExplained.size()) ? kExplained : name_of(panel));
}

void Browser::draw_inspect(Screen& screen) {
  const Rect area = {0, 1, screen.columns(), screen.rows() - 2};
  if (screen.columns() >= kAllPanelsColumns) {
    draw_all_panels(screen, area);
  } else {
    draw_one_panel(screen, area);
  }
}

void Browser::draw_all_panels(Screen& screen, const Rect& area) {
  panels_area_ = area;
  const PanelRects at = panes_.rects(area);
  draw_panel(screen, Panel::kTraces, at.traces, title_of(Panel::kTraces, at.traces.width));
  draw_panel(screen, Panel::kFindings, at.findings, title_of(Panel::kFindings, at.findings.width));
  draw_panel(screen, Panel::kCorrelations, at.correlations, title_of(Panel::kCorrelations, at.correlations.width));
  draw_panel(screen, Panel::kDetail, at.detail, title_of(Panel::kDetail, at.detail.width));
  if (mouse_mode_ && hovered_) draw_hot_border(screen, area);
}

// One panel has the whole window; its border says which there are, with how much is in them if there is room for that.
void Browser::draw_one_panel(Screen& screen, const Rect& area) {
  draw_panel(screen, panel_, area, {});
  const auto label = [&](Panel panel, bool counted) {
    std::string text = " " + std::string(name_of(panel));
    if (counted && panel != Panel::kDetail) text += " " + std::to_string(rows_of(panel));
    if (counted && panel == Panel::kTraces && !search_.empty()) text += " of " + std::to_string(index_.total());
    return text + " ";
  };
  int wanted = 0;
  for (unsigned i = 0; i < kPanels; ++i) wanted += static_cast<int>(columns_of(label(static_cast<Panel>(i), true))) + 1;
  const bool counted = wanted <= area.width - 4;
  int x = area.x + 2;
  for (unsigned i = 0; i < kPanels; ++i) {
    const auto panel = static_cast<Panel>(i);
    const Style style = panel == panel_ ? kActiveTab : kDim;
    x += screen.put(x, area.y, label(panel, counted), style, area.x + area.width - 2 - x) + 1;
  }
}

void Browser::draw_panel(Screen& screen, Panel panel, const Rect& rect, std::string_view title) {
  const Rect inside = rect.inside();
  Position position;
  if (panel == Panel::kDetail) {
    detail_.draw(screen, inside);
    position = detail_.position();
  } else {
    Selection& selection = panel == Panel::kTraces ? traces_ : panel == Panel::kFindings ? findings_ : correlations_;
    const int rows = row_height(panel, inside);
    position = selection.window(static_cast<std::size_t>(inside.height / rows), rows_of(panel));
    if (rows_of(panel) == 0) draw_hint(screen, panel, inside);
    for (std::size_t i = 0; i < position.shown; ++i) {
      const Rect at = {inside.x, inside.y + static_cast<int>(i) * rows, inside.width, rows};
      put_row(screen, at, list_row(panel, position.first + i, at), position.first + i == selection.row());
    }
  }
  draw_frame(screen, rect, title, panel == panel_ ? kActiveBorder : kDim, position, unit_of(panel));
}

// Correlations name two ends, which seldom fit one row.
int Browser::row_height(Panel panel, const Rect& inside) {
  return panel == Panel::kCorrelations && inside.width < kOneRowCorrelation && inside.height >= 2 ? 2 : 1;
}

Lines Browser::list_row(Panel panel, std::size_t row, const Rect& at) const {
  if (panel == Panel::kCorrelations) return correlation_lines(source_.report().correlations[row], at.height, at.width);
  return {panel == Panel::kTraces ? trace_row(index_.row(row), at.width) : finding_row(row, at.width)};
}

// A wide panel says more of each row, in columns.
Line Browser::trace_row(const TraceIndex::Row& trace, int columns) {
  Line line;
  const Style id_style = trace.count > 0 ? kPlain : kDim;
  if (columns < kWideRow) {
    const std::string count = trace.count > 0 ? " (" + std::to_string(trace.count) + ")" : "";
    line.add(fit(trace.id, static_cast<std::size_t>(std::max(1, columns - static_cast<int>(count.size())))), id_style);
    return line.add(count, style_of(trace.worst));
  }
  line.add(fit(trace.id, kSecondColumn - 2), id_style);
  pad(line, kSecondColumn);
  if (trace.count == 0) return line.add("no findings", kDim);
  std::string severity(report::severity_word(trace.worst));
  severity.resize(kSeverityColumn, ' ');
  line.add(std::move(severity), style_of(trace.worst))
      .add(std::to_string(trace.count) + (trace.count == 1 ? " finding" : " findings"));
  if (trace.impact == 0) return line;
  return pad(line, kThirdColumn).add(std::to_string(trace.impact) + " avoidable ops", kDim);
}

Line Browser::finding_row(std::size_t row, int columns) const {
  const model::Finding& finding = source_.report().findings[shown_findings_[row]];
  Line line;
  line.add("[" + std::to_string(row + 1) + "] ", kDim).add(std::string(model::info(finding.type).label) + " ");
  line.add(std::string(report::severity_word(finding.severity)), style_of(finding.severity));
  if (const auto author = source_.accepted_by(finding)) add_acceptance(line, *author, columns);
  if (columns < kWideRow) return line;
  return pad(line, kSecondColumn).add(std::string(finding.service) + "  " + std::string(finding.source_endpoint), kDim);
}

void Browser::draw_hint(Screen& screen, Panel panel, const Rect& inside) const {
  Lines hint;
  switch (panel) {
    case Panel::kTraces:
      hint.emplace_back(search_.empty() ? "The input has no traces." : "Nothing matches the search; / changes it.", kDim);
      break;
    case Panel::kFindings:
      hint.emplace_back("No findings in this trace.", kDim);
      break;
    default:
      if (source_.is_live()) {
        hint.emplace_back("No correlations yet: they need time to pass between traces, and [daemon.correlation] enabled.",
                          kDim);
        break;
      }
      hint.emplace_back("No correlations: they need time to pass between traces, so only a daemon sees them.", kDim);
  }
  const Lines folded = fold(hint, std::max(1, inside.width));
  for (std::size_t i = 0; i < folded.size() && static_cast<int>(i) < inside.height; ++i) {
    put_line(screen, inside.x, inside.y + static_cast<int>(i), folded[i], inside.width);
  }
}

void Browser::draw_hot_border(Screen& screen, const Rect& area) const {
  const PanelRects at = panes_.rects(area);
  switch (*hovered_) {
    case Border::kAfterTraces:
      return screen.restyle({at.findings.x - 1, at.findings.y, 2, at.findings.height}, kHotBorder);
    case Border::kAfterFindings:
      return screen.restyle({at.correlations.x - 1, at.correlations.y, 2, at.correlations.height}, kHotBorder);
    case Border::kAboveDetail:
      return screen.restyle({at.detail.x, at.detail.y - 1, at.detail.width, 2}, kHotBorder);
  }
}

}  // namespace sentinel::tui
