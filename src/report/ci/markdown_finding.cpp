#include "report/ci/markdown_finding.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "report/ci/code_path.h"
#include "report/impact_text.h"
#include "report/labels.h"
#include "report/terminal.h"

namespace sentinel::report {
namespace {

using model::Finding;

// An https address without anything that could end the link or be read as markup.
bool is_plain_link(std::string_view url) {
  if (!url.starts_with("https://") || url.size() > kFullText) return false;
  return std::ranges::all_of(
      url, [](char c) { return base::is_alnum(c) || std::string_view("-._~/:?#=&%+,;").find(c) != std::string_view::npos; });
}

void append_fix_line(MarkdownText& text, const Finding& finding) {
  if (!finding.suggested_fix) return;
  text.add("- Suggested fix: ").prose(finding.suggested_fix->recommendation, kFullText);
  const std::string_view url = finding.suggested_fix->reference_url;
  if (is_plain_link(url)) text.add(" ([documentation](").add(url).add("))");
  text.add("\n");
}

}  // namespace

void append_severity(MarkdownText& text, model::Severity severity) {
  if (severity == model::Severity::kCritical) {
    text.add("**critical**");
  } else {
    text.add(model::slug(severity));
  }
}

MarkdownText& append_count(MarkdownText& text, std::uint64_t count, std::string_view noun) {
  return text.number(count).add(" ").add(noun).add(count == 1 ? "" : "s");
}

void append_place_cells(MarkdownText& text, const Finding& finding) {
  text.add(" | ").code(finding.service, kCellName).add(" | ").code(finding.source_endpoint, kCellName);
  text.add(" | ").code(finding.pattern.template_text, kCellTemplate).add(" | ").number(finding.pattern.occurrences);
}

void append_details(MarkdownText& text, std::size_t number, const Finding& finding, std::uint64_t traces) {
  text.add("\n<details>\n<summary>").number(number).add(". ").add(model::info(finding.type).label).add(" (");
  text.add(model::slug(finding.severity)).add(") on ").code(finding.source_endpoint, kCellName).add("</summary>\n\n");
  text.add("- Template: ").code(finding.pattern.template_text, kFullText).add("\n- Seen: ");
  append_count(text, finding.pattern.occurrences, "call").add(" within ").number(finding.pattern.window_ms);
  text.add(" ms in trace ").code(finding.trace_id, kFullText);
  if (traces > 1) text.add("; the problem is in ").number(traces).add(" traces");
  text.add("\n");
  if (code_path(finding)) text.add("- Source: ").code(location_text(finding.code_location), kFullText).add("\n");
  if (finding.impact != nullptr) text.add("- Saving: ").add(saving_text(*finding.impact)).add("\n");
  text.add("- Suggestion: ").prose(finding.suggestion, kFullText).add("\n");
  append_fix_line(text, finding);
  text.add("- Signature: ").code(finding.signature, kFullText).add("\n\n</details>\n");
}

}  // namespace sentinel::report
