#include "analysis/culprits.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "analysis/evidence_search.h"

namespace sentinel::analysis {
namespace {

using model::FindingType;
using model::SpanRecord;

// What the spans of a finding have in common.
enum class Rule : std::uint8_t { kTemplate, kSlowTemplate, kHttpCalls, kRerun };

Rule rule_of(FindingType type) {
  switch (type) {
    case FindingType::kNPlusOneSql:
    case FindingType::kNPlusOneHttp:
    case FindingType::kNPlusOneMessaging:
      return Rule::kTemplate;
    case FindingType::kSlowSql:
    case FindingType::kSlowHttp:
    case FindingType::kSlowMessaging:
      return Rule::kSlowTemplate;
    case FindingType::kChattyService:
      return Rule::kHttpCalls;
    case FindingType::kRedundantSql:
    case FindingType::kRedundantHttp:
    case FindingType::kExcessiveFanout:
    case FindingType::kPoolSaturation:
    case FindingType::kSerializedCalls:
      return Rule::kRerun;
  }
  return Rule::kRerun;
}

// The kind of I/O that an N+1 or slow finding is about.
model::EventType event_type(FindingType type) {
  const FindingType first = type >= FindingType::kSlowSql ? FindingType::kSlowSql : FindingType::kNPlusOneSql;
  return static_cast<model::EventType>(static_cast<unsigned>(type) - static_cast<unsigned>(first));
}

bool same_grouping(const model::Symbols& symbols, const SpanRecord& span, const model::Finding& finding) {
  const std::span<const model::GroupPair> pairs = symbols.grouping(span.grouping).pairs;
  if (pairs.empty() || finding.grouping.empty()) return pairs.empty() == finding.grouping.empty();
  return pairs.front() == finding.grouping.front();
}

class Matcher {
 public:
  Matcher(const model::Symbols& symbols, const model::Finding& finding, const model::DetectionSettings& settings)
      : symbols_(symbols),
        finding_(finding),
        rule_(rule_of(finding.type)),
        template_id_(symbols.texts.find(finding.pattern.template_text)),
        slow_limit_us_(settings.slow_threshold_ms * 1000) {}

  [[nodiscard]] bool matches(const SpanRecord& span) const {
    if (!same_grouping(symbols_, span, finding_)) return false;
    if (rule_ == Rule::kHttpCalls) return span.type() == model::EventType::kHttpOut;
    if (span.type() != event_type(finding_.type) || span.template_id != template_id_) return false;
    return rule_ == Rule::kTemplate || span.duration_us > slow_limit_us_;
  }

 private:
  const model::Symbols& symbols_;
  const model::Finding& finding_;
  Rule rule_;
  model::TextId template_id_;
  std::uint64_t slow_limit_us_;
};

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
                                    std::span<const model::Finding* const> findings, const model::DetectionSettings& settings) {
  std::unordered_map<std::string, unsigned> uses;
  for (const model::Finding* finding : findings) ++uses[culprit_key(*finding)];

  std::vector<Culprits> out;
  std::optional<EvidenceSearch> search;
  for (const model::Finding* finding : findings) {
    Culprits entry = {culprit_key(*finding), {}};
    if (uses[entry.key] > 1) continue;
    if (rule_of(finding->type) == Rule::kRerun) {
      if (!search) search.emplace(trace, symbols, settings);
      for (const std::uint32_t i : search->find(*finding)) entry.span_ids.push_back(span_id(symbols, *trace.spans[i]));
      if (!entry.span_ids.empty()) out.push_back(std::move(entry));
      continue;
    }
    const Matcher matcher(symbols, *finding, settings);
    for (const SpanRecord* span : trace.spans) {
      if (matcher.matches(*span)) entry.span_ids.push_back(span_id(symbols, *span));
    }
    if (!entry.span_ids.empty()) out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace sentinel::analysis
