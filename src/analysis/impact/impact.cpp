#include "analysis/impact/impact.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <tuple>

#include "analysis/impact/span_graph.h"
#include "analysis/impact/trace_spans.h"
#include "analysis/impact/what_if.h"
#include "analysis/scoped_rules.h"
#include "base/parallel.h"
#include "detect/detectors.h"
#include "detect/trace_index.h"
#include "score/energy.h"
#include "score/waste.h"

namespace sentinel::analysis {

namespace {

using model::Finding;
using model::FindingImpact;
using model::FindingType;
using model::Fix;

Fix fix_of(FindingType type) {
  switch (type) {
    case FindingType::kNPlusOneSql:
    case FindingType::kNPlusOneHttp:
    case FindingType::kNPlusOneMessaging:
    case FindingType::kExcessiveFanout:
    case FindingType::kChattyService:
      return Fix::kBatch;
    case FindingType::kRedundantSql:
    case FindingType::kRedundantHttp:
      return Fix::kCache;
    case FindingType::kSlowSql:
    case FindingType::kSlowHttp:
    case FindingType::kSlowMessaging:
      return Fix::kSpeedUp;
    case FindingType::kSerializedCalls:
      return Fix::kParallel;
    case FindingType::kPoolSaturation:  // how long a call waited for its connection is in no span
      return Fix::kNone;
  }
  return Fix::kNone;
}

// Energy of operations as the score counts it: the proxy figure of each, calibrated by service.
class Energy {
 public:
  Energy(const model::Symbols& symbols, const config::GreenConfig& green)
      : symbols_(symbols), green_(green), model_(symbols, green.enabled && green.per_operation_coefficients) {}

  [[nodiscard]] bool enabled() const { return green_.enabled; }
  [[nodiscard]] double of(const model::SpanRecord& span) const {
    if (!green_.calibration_factors) return model_.of(span);
    const auto factor = green_.calibration_factors->find(std::string(symbols_.text(span.service)));
    return factor == green_.calibration_factors->end() ? model_.of(span) : model_.of(span) * factor->second;
  }

 private:
  const model::Symbols& symbols_;
  const config::GreenConfig& green_;
  score::EnergyModel model_;
};

// Assesses trace after trace, with memory reused between them.
class Assessor {
 public:
  Assessor(const ImpactInputs& inputs, const TraceSpans& spans_of, const Energy& energy)
      : inputs_(inputs), spans_of_(spans_of), energy_(energy) {}

  void enter(std::size_t flagged, const model::TraceView& trace) {
    trace_ = trace;
    linker_.link(trace, spans_of_.context(flagged), inputs_.symbols, graph_spans_);
    graph_.build(graph_spans_);
    what_if_.reset();
  }

  void assess(const Finding& finding, FindingImpact& out);

  // What assess() has given refers to it.
  [[nodiscard]] base::Arena& texts() { return texts_; }

 private:
  void list_evidence(std::span<const std::uint32_t> spans, FindingImpact& out);
  void plan(const Finding& finding, FindingImpact& out);
  void leave_one_of_each(std::span<const std::uint32_t> spans, FindingImpact& out);
  [[nodiscard]] std::uint64_t slow_limit_us(const Finding& finding) const;
  void leave_one(detect::Members spans, bool longest, FindingImpact& out);

  const ImpactInputs& inputs_;
  const TraceSpans& spans_of_;
  const Energy& energy_;
  base::Arena texts_;
  SpanLinker linker_;
  SpanGraph graph_;
  WhatIf what_if_{graph_};
  model::TraceView trace_;
  std::vector<GraphSpan> graph_spans_;
  std::vector<std::uint32_t> sorted_, chain_;
  detect::Groups<detect::TemplateKey> templates_;
  std::vector<WhatIf::Change> changes_;
};

void Assessor::assess(const Finding& finding, FindingImpact& out) {
  out.trace_us = graph_.end_to_end_us();
  out.avoidable_ops = score::extra_io_ops(finding);
  list_evidence(finding.spans, out);
  sorted_.assign(finding.spans.begin(), finding.spans.end());
  out.critical_path_us = graph_.critical_us(sorted_);
  if (energy_.enabled()) {
    double sum = 0.0;
    for (const std::uint32_t i : finding.spans) sum += energy_.of(*trace_.spans[i]);
    out.energy_kwh = sum;
  }
  out.fix = fix_of(finding.type);
  if (out.fix != Fix::kNone) plan(finding, out);
}

void Assessor::list_evidence(std::span<const std::uint32_t> spans, FindingImpact& out) {
  out.spans = spans.size();
  for (const std::uint32_t i : spans) out.critical_spans += graph_.on_critical_path(i) ? 1 : 0;
  const std::span<std::string_view> ids = texts_.array<std::string_view>(std::min(spans.size(), kEvidenceSpans));
  std::array<char, 16> buffer;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const model::SpanRecord& span = *trace_.spans[spans[i]];
    const std::string_view id = model::span_id_text(inputs_.symbols, span, buffer);
    ids[i] = span.has(model::kSpanIdIsText) ? id : texts_.copy(id);
  }
  out.span_ids = ids;
}

// Of some spans the first one stays, as long as the longest of them if it is to do all their work; the others vanish. The first
// is the first that the trace waits for, if there is one.
void Assessor::leave_one(detect::Members spans, bool longest, FindingImpact& out) {
  const auto key = [&](std::uint32_t i) { return std::tuple(!graph_.attached(i), graph_.start(i), graph_.rank(i)); };
  std::uint32_t kept = kNoSpan;
  std::int64_t most = 0;
  for (const std::uint32_t i : spans) {
    if (kept == kNoSpan || key(i) < key(kept)) kept = i;
    if (graph_.attached(i)) most = std::max(most, graph_.length(i));
  }
  if (longest) changes_.push_back({kept, std::max(most, graph_.length(kept))});
  for (const std::uint32_t i : spans) {
    if (i == kept) continue;
    changes_.push_back({i, 0});
    ++out.saved_ops;
    if (energy_.enabled()) *out.saved_energy_kwh += energy_.of(*trace_.spans[i]);
  }
}

// One call for each operation.
void Assessor::leave_one_of_each(std::span<const std::uint32_t> spans, FindingImpact& out) {
  templates_.reset(trace_.spans.size(), spans.size());
  for (const std::uint32_t i : spans) templates_.add({inputs_.symbols, *trace_.spans[i]}, i);
  for (const auto& group : templates_.all()) leave_one(templates_.members(group), out.fix == Fix::kBatch, out);
}

// Turns the fix into changed spans and replays the trace with them.
void Assessor::plan(const Finding& finding, FindingImpact& out) {
  changes_.clear();
  chain_.clear();
  if (energy_.enabled()) out.saved_energy_kwh = 0.0;
  switch (out.fix) {
    case Fix::kNone:
      return;
    case Fix::kBatch:
    case Fix::kCache:
      leave_one_of_each(finding.spans, out);
      break;
    case Fix::kSpeedUp: {
      const std::uint64_t limit_us = slow_limit_us(finding);
      const auto limit = static_cast<std::int64_t>(std::min<std::uint64_t>(limit_us, INT64_MAX));
      for (const std::uint32_t i : finding.spans) changes_.push_back({i, std::min(graph_.length(i), limit)});
      break;
    }
    case Fix::kParallel:
      for (const std::uint32_t i : finding.spans) {
        if (graph_.slot_of(i) != kNoSpan && (chain_.empty() || graph_.parent(i) == graph_.parent(chain_.front())))
          chain_.push_back(i);
      }
      break;
  }
  out.fixed_trace_us = what_if_.end_to_end_us(changes_, chain_);
  out.too_large = what_if_.exhausted();
}

// Under the rule that the finding was made with.
std::uint64_t Assessor::slow_limit_us(const Finding& finding) const {
  const config::Config& config = inputs_.config;
  return detect::slow_limit_us(config.rules.empty() ? config.detection.settings : settings_for(config, finding));
}

}  // namespace

void assess_impact(const ImpactInputs& inputs, unsigned threads, std::span<Finding* const> findings,
                   std::vector<FindingImpact>& impacts, std::vector<base::Arena>& texts) {
  impacts.assign(findings.size(), {});
  const TraceSpans spans_of(inputs.traces, inputs.context, findings, inputs.symbols.texts.size(), threads);
  const Energy energy(inputs.symbols, inputs.config.green);
  constexpr std::size_t kTracesPerRange = 64;
  const std::size_t flagged = spans_of.size();
  std::vector<std::unique_ptr<Assessor>> assessors(std::max(1U, threads));
  base::parallel_for(threads, (flagged + kTracesPerRange - 1) / kTracesPerRange, [&](std::size_t r, std::size_t thread) {
    if (assessors[thread] == nullptr) assessors[thread] = std::make_unique<Assessor>(inputs, spans_of, energy);
    Assessor& assessor = *assessors[thread];
    for (std::size_t t = r * kTracesPerRange; t < std::min((r + 1) * kTracesPerRange, flagged); ++t) {
      assessor.enter(t, spans_of.trace(t));
      for (const std::uint32_t f : spans_of.findings(t)) {
        assessor.assess(*findings[f], impacts[f]);
        findings[f]->impact = &impacts[f];
      }
    }
  });
  for (const auto& assessor : assessors) {
    if (assessor != nullptr) texts.push_back(std::move(assessor->texts()));
  }
}

}  // namespace sentinel::analysis
