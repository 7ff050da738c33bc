// What keys and the mouse do (chapter 06 §9.3).
#include <algorithm>

#include "base/json_writer.h"
#include "report/explain_report.h"
#include "report/finding_json.h"
#include "tui/browser.h"
#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr std::size_t kLongestSearch = 256;  // bytes
constexpr long kWheelLines = 3;

// What of a text can stand in a file name, so much of it that the message about it fits a window of 80 columns.
constexpr std::size_t kLongestTraceName = 32;
constexpr std::size_t kLongestFindingName = 16;
std::string file_name_part(std::string_view text, std::size_t longest) {
  std::string out(text.substr(0, longest));
  std::ranges::replace_if(
      out, [](char c) { return !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'); },
      '_');
  return out;
}

void remove_last_character(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.pop_back();
  if (!text.empty()) text.pop_back();
}

}  // namespace

Reaction Browser::handle(const Event& event) {
  if (event.kind == Event::Kind::kMouse) {
    if (!modal_) on_mouse(event);
    return {};
  }
  const bool quits = event.key == Key::kCharacter && event.character == U'q';
  if (too_small_) return {.quit = quits, .save = {}};
  notice_.clear();
  if (modal_) {
    on_modal_event(event);
    return {};
  }
  if (typing_search_) {
    on_search_key(event);
    return {};
  }
  if (help_open_) {
    help_open_ = false;
    return {.quit = quits, .save = {}};
  }
  return on_key(event);
}

Reaction Browser::on_key(const Event& event) {
  switch (event.key) {
    case Key::kCharacter:
      return on_character(event.character);
    case Key::kEnter:
      go_deeper();
      break;
    case Key::kEscape:
      go_up();
      break;
    case Key::kTab:
    case Key::kRight:
      if (place_ == Place::kInspect) set_panel(neighbour(panel_, 1));
      break;
    case Key::kBackTab:
    case Key::kLeft:
      if (place_ == Place::kInspect) set_panel(neighbour(panel_, kPanels - 1));
      break;
    default:
      move(event.key);
  }
  return {};
}

Reaction Browser::on_character(char32_t character) {
  switch (character) {
    case U'q':
      return {.quit = true, .save = {}};
    case U'k':
      return on_key(key_event(Key::kUp));
    case U'j':
      return on_key(key_event(Key::kDown));
    case U'l':
      return on_key(key_event(Key::kRight));
    case U'h':
      return on_key(key_event(Key::kLeft));
    case U's':
      if (place_ == Place::kInspect) change_order();
      break;
    case U'c':
      toggle_repeats();
      break;
    case U'r':
      if (place_ == Place::kInspect) panes_ = {};
      break;
    case U'm':
      mouse_mode_ = !mouse_mode_;
      dragged_.reset();
      hovered_.reset();
      break;
    case U'/':
      if (place_ == Place::kInspect) {
        typing_search_ = true;
        search_before_ = search_;
      }
      break;
    case U'?':
      help_open_ = true;
      break;
    case U'e':
      return export_selection();
    case U'a':
      if (place_ == Place::kInspect) open_modal(AckModal::Kind::kAcknowledge);
      break;
    case U'u':
      if (place_ == Place::kInspect) open_modal(AckModal::Kind::kRevoke);
      break;
    default:
      break;
  }
  return {};
}

// Narrows while it is typed; Enter keeps, Esc goes back to what was before.
void Browser::on_search_key(const Event& event) {
  switch (event.key) {
    case Key::kCharacter:
      if (search_.size() < kLongestSearch && event.character >= U' ') {
        std::string text = search_;
        append_utf8(text, event.character);
        search(std::move(text));
      }
      return;
    case Key::kBackspace: {
      std::string text = search_;
      remove_last_character(text);
      search(std::move(text));
      return;
    }
    case Key::kEnter:
      typing_search_ = false;
      return;
    case Key::kEscape:
      typing_search_ = false;
      search(search_before_);
      return;
    default:
      return;
  }
}

void Browser::set_panel(Panel panel) {
  if (panel == Panel::kDetail) detail_from_ = panel_ == Panel::kCorrelations ? Panel::kCorrelations : Panel::kFindings;
  panel_ = panel;
}

void Browser::go_deeper() {
  if (place_ == Place::kAnalyze) {
    place_ = Place::kInspect;
    return;
  }
  if (place_ != Place::kInspect) return;
  switch (panel_) {
    case Panel::kTraces:
      if (!shown_findings_.empty()) set_panel(Panel::kFindings);
      return;
    case Panel::kFindings:
      if (!shown_findings_.empty()) set_panel(Panel::kDetail);
      return;
    case Panel::kCorrelations:
      follow_correlation();
      return;
    case Panel::kDetail:
      place_ = Place::kExplain;
      fill_explain(false);
      return;
  }
}

void Browser::go_up() {
  if (place_ == Place::kExplain) {
    place_ = Place::kInspect;
    panel_ = Panel::kDetail;
    return;
  }
  if (place_ != Place::kInspect) return;
  switch (panel_) {
    case Panel::kFindings:
      panel_ = Panel::kTraces;
      return;
    case Panel::kDetail:
      panel_ = detail_from_;
      return;
    case Panel::kTraces:
    case Panel::kCorrelations:
      place_ = Place::kAnalyze;
      return;
  }
}

// To the Detail of the trace that a correlation was seen in; a search that hides it is given up.
void Browser::follow_correlation() {
  if (correlations_.row() >= source_.report().correlations.size()) return;
  const std::optional<std::string>& trace = source_.report().correlations[correlations_.row()].sample_trace_id;
  if (!trace) return;
  std::size_t at = index_.find(*trace);
  if (at == index_.size() && !search_.empty()) {
    index_.search({});
    at = index_.find(*trace);
    if (at == index_.size()) index_.search(search_);
  }
  if (at == index_.size()) return;
  if (index_.size() == index_.total()) search_.clear();
  traces_.select(at);
  trace_changed();
  set_panel(Panel::kDetail);
}

void Browser::move(Key key) {
  if (place_ == Place::kAnalyze) {
    summary_.handle(key);
    return;
  }
  if (place_ == Place::kExplain) {
    explain_.handle(key);
    return;
  }
  switch (panel_) {
    case Panel::kTraces: {
      const std::size_t before = traces_.row();
      if (traces_.handle(key, index_.size()) && traces_.row() != before) trace_changed();
      return;
    }
    case Panel::kFindings: {
      const std::size_t before = findings_.row();
      if (findings_.handle(key, shown_findings_.size()) && findings_.row() != before) finding_changed();
      return;
    }
    case Panel::kDetail:
      detail_.handle(key);
      return;
    case Panel::kCorrelations:
      correlations_.handle(key, source_.report().correlations.size());
      return;
  }
}

void Browser::change_order() {
  order_ = next(order_);
  index_.sort(order_);
  traces_.reset();
  trace_changed();
}

void Browser::toggle_repeats() {
  if (place_ == Place::kAnalyze) return;
  repeats_ = repeats_ == Repeats::kCollapsed ? Repeats::kAll : Repeats::kCollapsed;
  fill_detail(true);
  if (place_ == Place::kExplain) fill_explain(true);
}

Reaction Browser::export_selection() {
  const TraceIndex::Row* trace = selected_trace();
  if (place_ == Place::kAnalyze || trace == nullptr) {
    notice_ = "Nothing is selected here: Enter goes to Inspect";
    return {};
  }
  const model::Finding* finding = selected_finding();
  const bool whole_trace = place_ == Place::kExplain || panel_ == Panel::kTraces || finding == nullptr;
  if (!whole_trace) {
    std::string text;
    base::JsonWriter json(text, base::JsonWriter::Style::kPretty);
    report::write_finding(json, *finding);
    const std::string name =
        std::string(model::slug(finding->type)) + "-" + file_name_part(finding->trace_id, kLongestFindingName);
    return {.quit = false, .save = Export{"finding-" + name, text + "\n"}};
  }
  const analysis::ExplainTree* tree = source_.tree(trace->id);
  if (tree == nullptr) {
    notice_ = "This trace has no spans to export";
    return {};
  }
  return {.quit = false, .save = Export{"trace-" + file_name_part(trace->id, kLongestTraceName), report::explain_json(*tree)}};
}

void Browser::on_mouse(const Event& event) {
  if (!mouse_mode_ || too_small_) return;
  if (event.action == MouseAction::kWheelUp || event.action == MouseAction::kWheelDown) {
    for (long i = 0; i < kWheelLines; ++i) move(event.action == MouseAction::kWheelUp ? Key::kUp : Key::kDown);
    return;
  }
  if (place_ != Place::kInspect || panels_area_.width == 0) return;
  const std::optional<Border> under = panes_.border_at(panels_area_, event.x, event.y);
  switch (event.action) {
    case MouseAction::kPress:
      dragged_ = under;
      break;
    case MouseAction::kRelease:
      dragged_.reset();
      break;
    default:
      if (dragged_) panes_.drag(*dragged_, panels_area_, event.x, event.y);
  }
  hovered_ = dragged_ ? dragged_ : under;
}

}  // namespace sentinel::tui
