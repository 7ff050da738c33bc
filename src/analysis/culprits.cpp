#include "analysis/culprits.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace sentinel::analysis {
namespace {

using model::SpanRecord;

void append_bounded(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

std::string span_id(const model::Symbols& symbols, const SpanRecord& span) {
  std::array<char, 24> buffer;
  return std::string(model::span_id_text(symbols, span, buffer));
}

}  // namespace

std::string culprit_key(const model::Finding& finding) {
  std::string out(finding.trace_id);
  for (const std::string_view part : {finding.signature, finding.first_timestamp, finding.last_timestamp}) {
    out += '|';
    out += part;
  }
  if (!finding.grouping.empty()) {
    out += '|';
    append_bounded(out, finding.grouping.front().key);
    out += '|';
    append_bounded(out, finding.grouping.front().value);
  }
  return out;
}

std::vector<Culprits> find_culprits(const model::TraceView& trace, const model::Symbols& symbols,
                                    std::span<const model::Finding* const> findings) {
  struct Use {
    const model::Finding* first = nullptr;
    bool ambiguous = false;
  };
  std::unordered_map<std::string, Use> uses;
  for (const model::Finding* finding : findings) {
    Use& use = uses[culprit_key(*finding)];
    if (use.first == nullptr) use.first = finding;
    use.ambiguous = use.ambiguous || !std::ranges::equal(use.first->spans, finding->spans);
  }

  std::vector<Culprits> out;
  for (const model::Finding* finding : findings) {
    Culprits entry = {culprit_key(*finding), {}};
    const Use& use = uses[entry.key];
    if (finding->spans.empty() || use.ambiguous || use.first != finding) continue;
    for (const std::uint32_t i : finding->spans) entry.span_ids.push_back(span_id(symbols, *trace.spans[i]));
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace sentinel::analysis
