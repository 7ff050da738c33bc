#include "detect/detectors.h"

namespace sentinel::detect {

namespace {

// The SQL spans of one service and grouping identity.
using Services = Groups<std::uint64_t>;

void group_by_service(const TraceContext& in, Services& services) {
  services.reset(in.trace.spans.size(), in.index.count(model::EventType::kSql));
  for (std::uint32_t i = 0; i < in.trace.spans.size(); ++i) {
    const model::SpanRecord& s = in.span(i);
    if (s.type() != model::EventType::kSql) continue;
    services.add(s.service | std::uint64_t{model::grouping_identity(in.symbols, s)} << 32, i);
  }
}

PeakConcurrency::Peak peak_of(const TraceContext& in, Members spans) {
  PeakConcurrency& sweep = in.scratch.concurrency;
  sweep.clear();
  for (const std::uint32_t i : spans) {
    const model::SpanRecord& s = in.span(i);
    const std::optional<std::uint64_t> start = start_us(in.symbols, s);
    if (start) sweep.add(*start, saturating_add(*start, s.duration_us));
  }
  return sweep.peak();
}

// The calls open when the peak is first reached.
void set_open_spans(const TraceContext& in, Members spans, const PeakConcurrency::Peak& peak, model::Finding& f,
                    FindingSink& out) {
  std::vector<std::uint32_t>& open = in.scratch.order;
  open.clear();
  for (const std::uint32_t i : spans) {
    const std::optional<std::uint64_t> start = start_us(in.symbols, in.span(i));
    if (start && *start <= peak.at_us && saturating_add(*start, in.span(i).duration_us) > peak.at_us) open.push_back(i);
  }
  out.set_spans(f, open, open.size());
}

void report(const TraceContext& in, const Services::Group& group, Members spans, const PeakConcurrency::Peak& peak,
            FindingSink& out) {
  // Always a warning, whatever the peak: chapter 03 §18.
  model::Finding& f =
      out.add(model::FindingType::kPoolSaturation, model::Severity::kWarning, in.trace.trace, in.span(group.first));
  f.pattern.template_text = f.service;
  f.pattern.occurrences = peak.open;
  f.pattern.distinct_params = group.count;
  Bounds bounds;
  for (const std::uint32_t i : spans) bounds.add(in.symbols, in.span(i));
  if (out.keeps_spans()) set_open_spans(in, spans, peak, f, out);
  out.set_bounds(f, bounds);
  f.suggestion = out.keep(
      "{} had {} SQL calls open at once within {} ms: make slow queries shorter first, then check the size of the connection "
      "pool "
      "and watch the `db.client.connection.pool.*` metrics.",
      {f.service, peak.open, f.pattern.window_ms});
}

}  // namespace

void pool_saturation(const TraceContext& in, FindingSink& out) {
  const std::uint32_t threshold = in.settings.pool_saturation_concurrent_threshold;
  if (in.index.count(model::EventType::kSql) < threshold) return;
  Services& services = in.scratch.numbers;
  group_by_service(in, services);
  for (const Services::Group& group : services.all()) {
    if (group.count < threshold) continue;
    const Members spans = services.members(group);
    const PeakConcurrency::Peak peak = peak_of(in, spans);
    if (peak.open >= threshold) report(in, group, spans, peak, out);
  }
}

}  // namespace sentinel::detect
