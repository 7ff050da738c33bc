#include "analysis/evidence_search.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "detect/group_facts.h"

namespace sentinel::analysis {

using model::FindingType;
using model::SpanRecord;

EvidenceSearch::EvidenceSearch(const model::TraceView& trace, const model::Symbols& symbols,
                               const model::DetectionSettings& settings)
    : trace_(trace), symbols_(symbols), settings_(settings) {
  index_.build(trace_, symbols_, detect::saturating_mul(settings.slow_threshold_ms, 1000));
}

namespace {

// What a finding says about its group: where, how often, from when to when.
std::string statement(FindingType type, std::string_view service, std::string_view endpoint, std::string_view template_text,
                      std::span<const model::GroupPair> grouping, std::uint64_t occurrences, std::string_view first,
                      std::string_view last) {
  std::string out(1, static_cast<char>(type));
  const model::GroupPair pair = grouping.empty() ? model::GroupPair{} : grouping.front();
  for (const std::string_view part : {service, endpoint, template_text, pair.key, pair.value, first, last}) {
    out += std::to_string(part.size());
    out += ':';
    out += part;
  }
  out += std::to_string(occurrences);
  return out;
}

}  // namespace

std::vector<std::uint32_t> EvidenceSearch::find(const model::Finding& finding) {
  bool& collected = collected_[static_cast<std::size_t>(finding.type)];
  if (!collected) {
    collected = true;
    collect(finding.type);
  }
  const auto at = by_statement_.find(statement(finding.type, finding.service, finding.source_endpoint,
                                               finding.pattern.template_text, finding.grouping, finding.pattern.occurrences,
                                               finding.first_timestamp, finding.last_timestamp));
  return at == by_statement_.end() ? Spans{} : at->second;
}

void EvidenceSearch::collect(FindingType type) {
  std::vector<Group> groups;
  switch (type) {
    case FindingType::kRedundantSql:
      groups = repeated(model::EventType::kSql);
      break;
    case FindingType::kRedundantHttp:
      groups = repeated(model::EventType::kHttpOut);
      break;
    case FindingType::kExcessiveFanout:
      groups = families();
      break;
    case FindingType::kSerializedCalls:
      groups = chains();
      break;
    case FindingType::kPoolSaturation:
      groups = pools();
      break;
    default:
      break;
  }
  for (Group& group : groups) file(type, std::move(group));
}

void EvidenceSearch::file(FindingType type, Group group) {
  const SpanRecord& place = span(group.place);
  detect::Bounds bounds;
  for (const std::uint32_t i : group.spans) bounds.add(symbols_, span(i));
  const detect::Bounds::Result ends = bounds.result(texts_);
  const auto [at, is_new] = by_statement_.try_emplace(
      statement(type, symbols_.text(place.service), symbols_.text(place.endpoint), group.template_text,
                symbols_.grouping(place.grouping).pairs, group.occurrences, ends.first, ends.last));
  if (is_new) {
    at->second = std::move(group.evidence.empty() ? group.spans : group.evidence);
  } else {
    at->second.clear();
  }
}

// One operation with the same parameters.
std::vector<EvidenceSearch::Group> EvidenceSearch::repeated(model::EventType type) const {
  std::map<std::array<std::uint64_t, 4>, Spans> by_params;
  for (std::uint32_t i = 0; i < trace_.spans.size(); ++i) {
    const SpanRecord& s = span(i);
    if (s.type() != type) continue;
    by_params[{s.template_id, model::grouping_identity(symbols_, s), s.params.low, s.params.high}].push_back(i);
  }
  std::vector<Group> out;
  for (auto& [key, spans] : by_params) {
    if (spans.size() < 2) continue;
    Group group;
    group.place = spans.front();
    group.occurrences = spans.size();
    group.template_text = symbols_.text(span(group.place).template_id);
    group.spans = std::move(spans);
    out.push_back(std::move(group));
  }
  return out;
}

// All children of one span.
std::vector<EvidenceSearch::Group> EvidenceSearch::families() {
  std::vector<Group> out;
  for (const detect::ParentGroup& family : index_.parents()) {
    Group group;
    for (const std::uint32_t i : index_.children(family)) group.spans.push_back(i);
    const std::uint32_t parent = index_.find_span(family.key);
    group.occurrences = group.spans.size();
    if (parent == detect::kNone) {
      std::array<char, 16> buffer;
      group.place = family.first;
      group.template_text =
          texts_.copy(std::string("parent:") + std::string(model::parent_id_text(symbols_, span(family.first), buffer)));
    } else {
      group.place = parent;
      group.template_text = symbols_.text(span(parent).template_id);
    }
    out.push_back(std::move(group));
  }
  return out;
}

// The longest chain of each span's children.
std::vector<EvidenceSearch::Group> EvidenceSearch::chains() {
  std::vector<Group> out;
  std::vector<detect::Interval> intervals;
  for (const detect::ParentGroup& family : index_.parents()) {
    intervals.clear();
    for (const std::uint32_t i : index_.children(family)) {
      const std::optional<std::uint64_t> start = detect::start_us(symbols_, span(i));
      if (start) intervals.push_back({*start, detect::saturating_add(*start, span(i).duration_us), i});
    }
    Group group;
    for (const detect::Interval& step : chain_.select(intervals, settings_.serialized_min_sequential)) {
      group.spans.push_back(step.span);
    }
    if (group.spans.empty()) continue;
    const std::uint32_t parent = index_.find_span(family.key);
    group.place = parent == detect::kNone ? group.spans.front() : parent;
    group.occurrences = group.spans.size();
    group.template_text = symbols_.text(span(group.place).endpoint);
    out.push_back(std::move(group));
  }
  return out;
}

// SQL calls of one service.
std::vector<EvidenceSearch::Group> EvidenceSearch::pools() const {
  std::map<std::pair<model::TextId, std::uint32_t>, Spans> by_service;
  for (std::uint32_t i = 0; i < trace_.spans.size(); ++i) {
    const SpanRecord& s = span(i);
    if (s.type() == model::EventType::kSql) by_service[{s.service, model::grouping_identity(symbols_, s)}].push_back(i);
  }
  std::vector<Group> out;
  for (auto& [key, spans] : by_service) out.push_back(pool(std::move(spans)));
  return out;
}

// Its evidence are the calls open when the peak is first reached; an end counts before a start at the same time.
EvidenceSearch::Group EvidenceSearch::pool(Spans spans) const {
  struct Event {
    std::uint64_t at;
    bool starts;
    auto operator<=>(const Event&) const = default;
  };
  std::vector<Event> events;
  for (const std::uint32_t i : spans) {
    const std::optional<std::uint64_t> start = detect::start_us(symbols_, span(i));
    if (!start) continue;
    events.push_back({*start, true});
    events.push_back({detect::saturating_add(*start, span(i).duration_us), false});
  }
  std::ranges::sort(events);
  std::uint64_t open = 0;
  std::uint64_t peak = 0;
  std::uint64_t peak_at = 0;
  for (const Event& event : events) {
    if (!event.starts) {
      if (open > 0) --open;
      continue;
    }
    if (++open > peak) {
      peak = open;
      peak_at = event.at;
    }
  }
  Group group;
  for (const std::uint32_t i : spans) {
    const std::optional<std::uint64_t> start = detect::start_us(symbols_, span(i));
    if (start && *start <= peak_at && detect::saturating_add(*start, span(i).duration_us) > peak_at)
      group.evidence.push_back(i);
  }
  group.place = spans.front();
  group.occurrences = peak;
  group.template_text = symbols_.text(span(group.place).service);
  group.spans = std::move(spans);
  return group;
}

}  // namespace sentinel::analysis
