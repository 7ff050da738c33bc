// The interactive view over an analysis: Analyze, Inspect with its four panels, Explain (chapter 06 §9.1-§9.3).
//
// A state machine over a Source: events change the state, draw() shows it. No clock, terminal or file; the same events give the
// same screens. The source outlives the browser. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tui/ack_modal.h"
#include "tui/acknowledger.h"
#include "tui/pager.h"
#include "tui/panes.h"
#include "tui/source.h"
#include "tui/trace_index.h"
#include "tui/tree_lines.h"
#include "tui/view.h"

namespace sentinel::tui {

enum class Place : std::uint8_t { kAnalyze, kInspect, kExplain };

struct BrowserStart {
  Place place = Place::kAnalyze;
  TraceOrder order = TraceOrder::kId;
  std::string_view trace;                // selected at first; empty: the first one
  Acknowledger* acknowledger = nullptr;  // of a daemon; it outlives the browser
  std::string author = {};               // who accepts, unless something else is typed
};

class Browser final : public View {
 public:
  Browser(Source& source, const BrowserStart& start);

  void draw(Screen& screen) override;
  [[nodiscard]] Reaction handle(const Event& event) override;
  [[nodiscard]] bool wants_mouse() const override { return mouse_mode_; }
  [[nodiscard]] int patience_ms() const override;
  void tick() override;
  void notice(std::string text) override { notice_ = std::move(text); }

 private:
  // -- events (browser_keys.cpp)
  Reaction on_key(const Event& event);
  Reaction on_character(char32_t character);
  void on_search_key(const Event& event);
  void on_mouse(const Event& event);
  void go_deeper();
  void go_up();
  void follow_correlation();
  void move(Key key);
  void set_panel(Panel panel);
  void toggle_repeats();
  void change_order();
  [[nodiscard]] Reaction export_selection();
  void open_modal(AckModal::Kind kind);
  void on_modal_event(const Event& event);

  // -- state that follows from the selection (browser.cpp)
  void search(std::string text);
  void trace_changed();
  void finding_changed();
  void fill_detail(bool keep_position);
  void fill_explain(bool keep_position);
  [[nodiscard]] const TraceIndex::Row* selected_trace() const;
  [[nodiscard]] const model::Finding* selected_finding() const;

  // -- drawing (browser_draw.cpp)
  void draw_bar(Screen& screen) const;
  void draw_last_row(Screen& screen) const;
  void draw_inspect(Screen& screen);
  void draw_all_panels(Screen& screen, const Rect& area);
  void draw_one_panel(Screen& screen, const Rect& area);
  void draw_panel(Screen& screen, Panel panel, const Rect& rect, std::string_view title);
  [[nodiscard]] static int row_height(Panel panel, const Rect& inside);
  [[nodiscard]] Lines list_row(Panel panel, std::size_t row, const Rect& at) const;
  [[nodiscard]] static Line trace_row(const TraceIndex::Row& trace, int columns);
  [[nodiscard]] Line finding_row(std::size_t row, int columns) const;
  void draw_hint(Screen& screen, Panel panel, const Rect& inside) const;
  void draw_hot_border(Screen& screen, const Rect& area) const;
  [[nodiscard]] std::string title_of(Panel panel, int columns) const;
  [[nodiscard]] std::size_t rows_of(Panel panel) const;

  // -- fixed
  Source& source_;
  Acknowledger* acknowledger_;
  std::string author_;

  // -- what is shown
  TraceIndex index_;
  Place place_;
  TraceOrder order_;
  Panel panel_ = Panel::kTraces;
  Panel detail_from_ = Panel::kFindings;  // where Esc leads from Detail
  Repeats repeats_ = Repeats::kCollapsed;
  Selection traces_;
  Selection findings_;
  Selection correlations_;
  std::vector<std::uint32_t> shown_findings_;  // of the selected trace
  Pager summary_;
  Pager detail_;
  Pager explain_;

  // -- overlays and modes
  std::optional<AckModal> modal_;
  bool help_open_ = false;
  bool too_small_ = false;
  bool mouse_mode_ = false;
  bool typing_search_ = false;
  std::string search_;
  std::string search_before_;  // what Esc goes back to
  std::string notice_;
  Panes panes_;
  Rect panels_area_;  // where draw() last put the panels; empty when it put one
  std::optional<Border> dragged_;
  std::optional<Border> hovered_;
};

}  // namespace sentinel::tui
