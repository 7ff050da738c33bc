// The finding list of the text report (chapter 07 §2.3): a problem is printed in full once, and again only where it got worse;
// its other instances take a line each.
#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "analysis/report_order.h"
#include "base/number_format.h"
#include "base/text.h"
#include "report/impact_text.h"
#include "report/labels.h"
#include "report/text_blocks.h"

namespace sentinel::report {
namespace {

using model::Finding;
using Group = analysis::Recurrence::Group;

constexpr std::size_t kMostCommonAbove = 5;   // more findings than this show their most common types,
constexpr std::size_t kThreeTypesAbove = 10;  // and more than this show three of them instead of two

void append_most_common(TerminalText& text, std::span<const Finding> findings) {
  if (findings.size() <= kMostCommonAbove) return;
  struct Count {
    std::string_view slug;
    std::size_t findings;
  };
  std::array<std::size_t, model::kFindingTypes> counts{};
  for (const Finding& f : findings) ++counts[static_cast<std::size_t>(f.type)];
  std::vector<Count> common;
  for (std::size_t type = 0; type < counts.size(); ++type) {
    if (counts[type] > 0) common.push_back({model::slug(static_cast<model::FindingType>(type)), counts[type]});
  }
  std::ranges::sort(common, [](const Count& a, const Count& b) {
    return a.findings != b.findings ? a.findings > b.findings : a.slug < b.slug;
  });
  common.resize(std::min<std::size_t>(common.size(), findings.size() > kThreeTypesAbove ? 3 : 2));
  text.add("  Most common: ");
  for (const Count& c : common) {
    text.add(&c == common.data() ? "" : ", ").add(c.slug).add(" (").number(c.findings).add(")");
  }
  text.line_end();
}

void append_counts(TerminalText& text, std::span<const Finding> findings) {
  text.begin(style::kBold).add("Found ").number(findings.size()).add(" finding(s):").end(style::kBold).line_end();
  std::array<std::size_t, 3> counts{};
  for (const Finding& f : findings) ++counts[static_cast<std::size_t>(f.severity)];
  constexpr model::Severity kSeverities[] = {model::Severity::kCritical, model::Severity::kWarning, model::Severity::kInfo};
  for (const model::Severity severity : kSeverities) {
    const std::string_view color = severity_style(severity);
    text.add(severity == model::Severity::kCritical ? "  " : ", ").begin(color);
    text.number(counts[static_cast<std::size_t>(severity)]).add(" ").add(model::slug(severity)).end(color);
  }
  text.line_end();
  append_most_common(text, findings);
  text.line_end();
}

void append_evidence(TerminalText& text, const Finding& f) {
  text.add("    ").add("Trace:", style::kDim).add("    ").untrusted(f.trace_id).line_end();
  text.add("    ").add("Service:", style::kDim).add("  ").untrusted(f.service).line_end();
  for (const model::GroupPair& pair : f.grouping) {
    text.add("    ").begin(style::kDim).untrusted(pair.key).add(":").end(style::kDim).add(" ").untrusted(pair.value).line_end();
  }
  text.add("    ").add("Endpoint:", style::kDim).add(" ").untrusted(f.source_endpoint).line_end();
  if (const std::string location = location_text(f.code_location); !location.empty()) {
    text.add("    ").add("Source:", style::kDim).add("   ").untrusted(location).line_end();
  }
  text.add("    ").add("Template:", style::kDim).add(" ").untrusted(f.pattern.template_text).line_end();
  text.add("    ").add("Hits:", style::kDim).add("     ").number(f.pattern.occurrences).add(" occurrences, ");
  text.number(f.pattern.distinct_params).add(" distinct params, ").number(f.pattern.window_ms).add("ms window").line_end();
  text.add("    ").add("Window:", style::kDim).add("   ").untrusted(f.first_timestamp).add(" -> ");
  text.untrusted(f.last_timestamp).line_end();
}

void append_advice(TerminalText& text, const Finding& f) {
  text.add("    ").add("Suggestion:", style::kCyan).add(" ").advice(f.suggestion).line_end();
  if (f.confidence == model::Confidence::kDaemonStaging || f.confidence == model::Confidence::kDaemonProduction) {
    text.add("    ").add("Confidence:", style::kDim).add(" ").add(model::slug(f.confidence)).line_end();
  }
  if (!f.suggested_fix) return;
  text.add("    ").add("Suggested fix:", style::kCyan).add(" ").advice(f.suggested_fix->recommendation);
  if (base::is_safe_url(f.suggested_fix->reference_url)) {
    text.add(" (see: ").untrusted(f.suggested_fix->reference_url).add(")");
  }
  text.line_end();
}

void append_impact(TerminalText& text, const model::GreenImpact& impact) {
  text.add("    ").add("Extra I/O:", style::kDim).add(" ").number(impact.extra_io_ops).add(" avoidable ops").line_end();
  const std::string_view color = band_style(impact.band);
  text.add("    ").add("IIS:", style::kDim).add("      ").add(base::text_fixed(impact.io_intensity_score, 1)).add(" ");
  text.begin(color).add("(").add(model::slug(impact.band)).add(")").end(color).line_end();
}

void append_saving(TerminalText& text, const model::FindingImpact& impact) {
  text.add("    ").add("Saving:", style::kDim).add("   ").add(saving_text(impact)).line_end();
}

void append_recurrence(TerminalText& text, const Group& group) {
  if (group.traces <= 1) return;
  text.add("    ").add("Recurrence:", style::kCyan).add(" detected in ").number(group.traces).add(" traces");
  if (group.extra_io_ops > 0) text.add(" · ~").number(group.extra_io_ops).add(" avoidable ops in total");
  text.line_end();
}

void append_full(TerminalText& text, const Finding& f, std::size_t number, const Group& group, bool show_saving) {
  const std::string_view color = bold_severity_style(f.severity);
  text.add("  ").begin(color).add("[").add(severity_word(f.severity)).add("] #").number(number).add(" ");
  text.add(model::info(f.type).label).end(color).line_end();
  append_evidence(text, f);
  append_advice(text, f);
  if (f.green_impact) append_impact(text, *f.green_impact);
  if (show_saving && f.impact != nullptr) append_saving(text, *f.impact);
  append_recurrence(text, group);
  text.line_end();
}

void append_stub(TerminalText& text, const Finding& f, std::size_t number, const Group& group, bool show_saving) {
  const std::string_view color = severity_style(f.severity);
  text.add("  ").begin(color).add("[").add(severity_word(f.severity)).add("]").end(color);
  text.begin(style::kDim).add(" #").number(number).add(" ").add(model::info(f.type).label).add(" · repeat of #");
  text.number(group.first + 1).add(" · trace ").untrusted(f.trace_id);
  if (show_saving && f.impact != nullptr && f.impact->predicted()) {
    text.add(" · saves ").add(duration_text(f.impact->saving_us()));
  }
  text.end(style::kDim).line_end();
}

}  // namespace

void append_coalesced_findings(TerminalText& text, std::span<const Finding> findings, std::span<const std::uint64_t> traces) {
  append_counts(text, findings);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    Group group;
    group.traces = traces[i];
    const std::uint64_t extra = findings[i].green_impact ? findings[i].green_impact->extra_io_ops : 0;
    if (__builtin_mul_overflow(extra, traces[i], &group.extra_io_ops)) group.extra_io_ops = UINT64_MAX;
    append_full(text, findings[i], i + 1, group, false);
  }
}

void append_findings(TerminalText& text, std::span<const Finding> findings, const TextOptions& options) {
  if (findings.empty()) {
    text.add("No performance anti-patterns detected.", style::kGreen).line_end();
    return;
  }
  append_counts(text, findings);
  const analysis::Recurrence recurrence = analysis::find_recurrence(findings);
  // The worst severity printed in full, by group; one past kInfo before anything was.
  constexpr auto kNothing = static_cast<std::uint8_t>(model::Severity::kInfo) + 1;
  std::vector<std::uint8_t> printed(recurrence.groups.size(), kNothing);
  bool after_stub = false;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const std::uint32_t group = recurrence.group_of[i];
    const auto severity = static_cast<std::uint8_t>(findings[i].severity);
    const bool full = severity < printed[group];
    if (full && after_stub) text.line_end();
    if (full) {
      printed[group] = severity;
      append_full(text, findings[i], i + 1, recurrence.groups[group], options.show_saving);
    } else {
      append_stub(text, findings[i], i + 1, recurrence.groups[group], options.show_saving);
    }
    after_stub = !full;
  }
  if (after_stub) text.line_end();
}

}  // namespace sentinel::report
