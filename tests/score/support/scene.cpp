#include "score/support/scene.h"

#include <unordered_map>

#include "base/time.h"
#include "normalize/peer_host.h"

namespace sentinel::score::test {

model::SpanRecord& SpanBuilder::record() { return scene_.records_[span_]; }

model::SpanExtra& SpanBuilder::extra() {
  if (record().extra == 0) record().extra = scene_.symbols.add_extra({});
  return scene_.symbols.mutable_extra(record().extra);
}

SpanBuilder& SpanBuilder::sql(std::string_view statement) {
  record().set_type(model::EventType::kSql);
  record().template_id = scene_.symbols.texts.intern(statement);
  return *this;
}

SpanBuilder& SpanBuilder::http(std::string_view target) {
  record().set_type(model::EventType::kHttpOut);
  if (const std::string* region = normalize::peer_region(target, scene_.config.service_regions)) {
    const model::TextId id = scene_.symbols.texts.intern(*region);
    extra().peer_region = id;
  }
  return *this;
}

SpanBuilder& SpanBuilder::messaging() {
  record().set_type(model::EventType::kMessaging);
  return *this;
}

SpanBuilder& SpanBuilder::response(std::uint64_t bytes) {
  record().flags |= model::kHasResponseSize;
  record().response_bytes = bytes;
  return *this;
}

SpanBuilder& SpanBuilder::region(std::string_view id) {
  record().region = scene_.symbols.texts.intern(id);
  return *this;
}

SpanBuilder& SpanBuilder::at(std::string_view timestamp) {
  std::uint64_t ms = 0;
  if (base::parse_canonical_iso(timestamp, &ms)) {
    record().start_us = ms * 1000;
    return *this;
  }
  const model::TextId id = scene_.symbols.texts.intern(timestamp);
  extra().timestamp_text = id;
  record().start_us = 0;
  return *this;
}

SpanBuilder Scene::span(std::string_view trace, std::string_view service, std::string_view endpoint) {
  model::SpanRecord& record = records_.emplace_back();
  record.trace = symbols.texts.intern(trace);
  record.service = symbols.texts.intern(service);
  record.endpoint = symbols.texts.intern(endpoint);
  SpanBuilder builder(*this, records_.size() - 1);
  return builder.sql("").at("2025-07-10T14:32:01.000Z");
}

void Scene::finding(model::FindingType type, std::string_view trace, std::string_view template_text, std::uint64_t occurrences,
                    std::string_view service, std::string_view endpoint) {
  const auto kept = [this](std::string_view text) { return symbols.text(symbols.texts.intern(text)); };
  model::Finding finding;
  finding.type = type;
  finding.trace_id = kept(trace);
  finding.service = kept(service);
  finding.source_endpoint = kept(endpoint);
  finding.pattern.template_text = kept(template_text);
  finding.pattern.occurrences = occurrences;
  findings.push_back(finding);
}

Scores Scene::score(unsigned threads) {
  std::vector<model::TextId> order;
  std::unordered_map<model::TextId, std::vector<const model::SpanRecord*>> by_trace;
  for (const model::SpanRecord& record : records_) {
    auto& spans = by_trace[record.trace];
    if (spans.empty()) order.push_back(record.trace);
    spans.push_back(&record);
  }
  model::TraceSet traces;
  for (const model::TextId trace : order) {
    const auto& spans = by_trace[trace];
    traces.traces.push_back({trace, traces.spans.size(), spans.size()});
    traces.spans.insert(traces.spans.end(), spans.begin(), spans.end());
  }
  return score::score(traces, symbols, findings, config, threads, daemon);
}

}  // namespace sentinel::score::test
