// A small source with traces, findings and trees, and a browser driven by words.
#pragma once

#include <array>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tui/browser.h"
#include "tui/screen.h"
#include "tui/source.h"

namespace sentinel::tui::testing {

inline model::Finding finding(std::string_view trace, std::string_view template_text, model::Severity severity,
                              std::uint64_t extra_ops, std::string_view signature) {
  static constexpr std::array<model::GroupPair, 1> kGrouping = {{{"k8s.namespace.name", "shop"}}};
  model::Finding f;
  f.type = model::FindingType::kNPlusOneSql;
  f.severity = severity;
  f.trace_id = trace;
  f.service = "cart";
  f.grouping = kGrouping;
  f.source_endpoint = "GET /cart/{id}";
  f.pattern.template_text = template_text;
  f.pattern.occurrences = extra_ops + 1;
  f.pattern.distinct_params = extra_ops + 1;
  f.pattern.window_ms = 44;
  f.suggestion = "Load the rows with one `IN` query";
  f.green_impact = model::GreenImpact{extra_ops, 9.3, model::Band::kHigh};
  f.signature = signature;
  return f;
}

// A pair seen five times, 120 ms apart, in this trace.
inline model::Correlation correlation(std::string_view sample_trace) {
  model::Correlation c;
  c.source.service = "cart";
  c.source.grouping_key = "k8s.namespace.name";
  c.source.grouping_value = "shop";
  c.target.service = "pay";
  c.co_occurrence_count = 5;
  c.confidence = 0.873;
  c.median_lag_ms = 120.4;
  c.sample_trace_id = sample_trace;
  return c;
}

// Traces a1 (critical, 11 ops, seen in a2 too), a2 (warning), b1 (two findings), c1 (none), with spans but for b1.
class SampleSource final : public Source {
 public:
  SampleSource() {
    using enum model::Severity;
    report_.analysis = {.duration_ms = 3, .events_processed = 44, .traces_analyzed = 4, .ingest = {}};
    report_.findings = {finding("a1", "SELECT 1", kCritical, 11, "s1"), finding("a2", "SELECT 1", kWarning, 6, "s1"),
                        finding("b1", "SELECT 2", kInfo, 40, "s2"), finding("b1", "SELECT 3", kWarning, 0, "s3")};
    report_.findings[3].service = "pay";
    report_.findings[3].type = model::FindingType::kSlowSql;
    report_.quality_gate.rules.push_back({"n_plus_one_sql_critical_max", 0.0, 1.0, false});
    report_.quality_gate.rules.push_back({"io_waste_ratio_max", 0.3, 0.25, true});
    report_.quality_gate.passed = false;
  }

  [[nodiscard]] const model::Report& report() const override { return report_; }
  [[nodiscard]] bool has_summary() const override { return has_summary_; }
  [[nodiscard]] std::span<const std::string_view> traces() const override { return kTraces; }
  [[nodiscard]] const analysis::ExplainTree* tree(std::string_view trace_id) override {
    if (trace_id == "b1") return nullptr;
    std::vector<analysis::ExplainSpan> spans;
    const auto add = [&](std::string_view id, std::string_view parent, std::string_view text, std::uint64_t us) {
      analysis::ExplainSpan span;
      span.span_id = id;
      span.parent_span_id = parent;
      span.template_text = text;
      span.duration_us = us;
      spans.push_back(span);
    };
    add("r", {}, "GET /cart", 90'000);
    add("x", "r", "SELECT 1", 900);
    add("y", "r", "SELECT 1", 1'100);
    add("z", "r", "SELECT 1", 1'000);
    tree_ = analysis::build_explain_tree(trace_id, spans, report_.findings);
    return &tree_;
  }

  model::Report report_;
  bool has_summary_ = true;

 private:
  static constexpr std::array<std::string_view, 4> kTraces = {"c1", "b1", "a2", "a1"};
  analysis::ExplainTree tree_;
};

// Presses the keys named in `words`: Enter, Esc, Tab, Up …, or characters as they are.
inline Reaction press(View& view, std::string_view words) {
  static const std::map<std::string, Key> kKeys = {{"Enter", Key::kEnter},     {"Esc", Key::kEscape},  {"Tab", Key::kTab},
                                                   {"BackTab", Key::kBackTab}, {"Up", Key::kUp},       {"Down", Key::kDown},
                                                   {"Left", Key::kLeft},       {"Right", Key::kRight}, {"PgUp", Key::kPageUp},
                                                   {"PgDn", Key::kPageDown},   {"Home", Key::kHome},   {"End", Key::kEnd},
                                                   {"Back", Key::kBackspace}};
  std::istringstream in{std::string(words)};
  Reaction last;
  for (std::string word; in >> word;) {
    if (const auto key = kKeys.find(word); key != kKeys.end()) {
      last = view.handle(key_event(key->second));
      continue;
    }
    for (const char c : word) last = view.handle(character_event(static_cast<char32_t>(c)));
  }
  return last;
}

inline Screen drawn(View& view, int columns = 120, int rows = 40) {
  Screen screen(columns, rows);
  view.draw(screen);
  return screen;
}

inline std::string text(View& view, int columns = 120, int rows = 40) { return drawn(view, columns, rows).text(); }

inline bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// The row of a screen in which `part` stands, -1 when there is none.
inline int row_with(const Screen& screen, std::string_view part) {
  for (int y = 0; y < screen.rows(); ++y) {
    if (holds(screen.row_text(y), part)) return y;
  }
  return -1;
}

}  // namespace sentinel::tui::testing
