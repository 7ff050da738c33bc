#include "report/dashboard_data.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "analysis/culprits.h"
#include "analysis/explain.h"
#include "base/json_writer.h"
#include "report/dashboard_page.h"
#include "report/embedded_trace_json.h"
#include "report/finding_json.h"
#include "report/json_report.h"

namespace sentinel::report {
namespace {

using base::JsonWriter;
using Findings = std::vector<const model::Finding*>;

constexpr std::size_t kNotRanked = std::numeric_limits<std::size_t>::max();

// How a page has findings: its trees show what belongs to each, so that the evidence would say it twice.
constexpr bool kEvidence = false;

// Bytes of the members that say what a finding costs. Budgets are for the rest, so that as many findings and traces fit as in a
// page without them.
std::size_t impact_size(const model::Finding& finding) {
  if (finding.impact == nullptr) return 0;
  std::string members;
  JsonWriter json(members, JsonWriter::Style::kCompact);
  json.begin_object();
  write_impact_members(json, *finding.impact, kEvidence);
  json.end_object();
  return members.size() - 1;  // a comma for two brackets
}

// The same of all findings of a page.
std::size_t impact_size(const DashboardInput& input, const Findings& kept) {
  std::size_t bytes = 0;
  for (const model::Finding* finding : kept) bytes += impact_size(*finding);
  if (!input.show_acknowledged) return bytes;
  for (const model::AcknowledgedFinding& accepted : input.report.acknowledged_findings) bytes += impact_size(accepted.finding);
  return bytes;
}

// The findings that fit: all of them where the number of traces was chosen, else worst first until one would be too much; in
// report order.
Findings keep_findings(const DashboardInput& input) {
  const std::vector<model::Finding>& all = input.report.findings;
  std::vector<std::size_t> sizes(input.max_traces ? 0 : all.size());
  std::size_t total = 2;
  std::string scratch;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    scratch.clear();
    JsonWriter json(scratch, JsonWriter::Style::kCompact);
    write_finding(json, all[i], kEvidence);
    sizes[i] = scratch.size() + 1 - impact_size(all[i]);
    total += sizes[i];
  }
  Findings kept;
  if (input.max_traces || total <= kFindingsBudget) {
    for (const model::Finding& finding : all) kept.push_back(&finding);
    return kept;
  }
  std::size_t used = 2;
  for (const model::Severity severity : {model::Severity::kCritical, model::Severity::kWarning, model::Severity::kInfo}) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].severity != severity) continue;
      if (used + sizes[i] > kFindingsBudget) {
        std::ranges::sort(kept);
        return kept;
      }
      used += sizes[i];
      kept.push_back(&all[i]);
    }
  }
  return kept;  // not reached: the sum is beyond the budget
}

// A trace to embed, worst first.
struct Candidate {
  std::size_t trace = 0;
  std::size_t rank = 0;  // the smaller, the earlier
};

// Findings by the trace they name.
using ByTrace = std::unordered_map<std::string_view, Findings>;

ByTrace by_trace(const Findings& findings) {
  ByTrace out;
  for (const model::Finding* finding : findings) out[finding->trace_id].push_back(finding);
  return out;
}

// Where an endpoint stands among the top offenders.
class OffenderRanks {
 public:
  OffenderRanks(const model::Report& report, const model::Symbols& symbols) {
    for (std::size_t i = 0; i < report.green_summary.top_offenders.size(); ++i) {
      const model::TopOffender& offender = report.green_summary.top_offenders[i];
      const model::TextId service = symbols.texts.find(offender.service);
      const model::TextId endpoint = symbols.texts.find(offender.endpoint);
      if (service != base::kNoText && endpoint != base::kNoText) ranks_.try_emplace(key(service, endpoint), i);
    }
  }

  [[nodiscard]] std::size_t best_of(const model::TraceView& trace) const {
    std::size_t best = kNotRanked;
    for (const model::SpanRecord* span : trace.spans) {
      const auto at = ranks_.find(key(span->service, span->endpoint));
      if (at != ranks_.end()) best = std::min(best, at->second);
    }
    return best;
  }

 private:
  static std::uint64_t key(model::TextId service, model::TextId endpoint) { return std::uint64_t{service} << 32 | endpoint; }
  std::unordered_map<std::uint64_t, std::size_t> ranks_;
};

std::vector<Candidate> fresh_candidates(const DashboardInput& input, const ByTrace& findings) {
  std::vector<Candidate> out;
  const analysis::Run& run = *input.run;
  const OffenderRanks ranks(input.report, run.symbols);
  for (std::size_t i = 0; i < run.traces.size(); ++i) {
    const model::TraceView trace = run.traces.view(i);
    if (findings.contains(run.symbols.text(trace.trace))) out.push_back({i, ranks.best_of(trace)});
  }
  std::ranges::stable_sort(out, {}, &Candidate::rank);
  return out;
}

// Of a saved report: by the worst severity that refers to the trace, later ones first.
std::vector<Candidate> saved_candidates(const DashboardInput& input, const ByTrace& findings) {
  std::vector<Candidate> out;
  for (std::size_t i = input.saved_traces.size(); i-- > 0;) {
    const auto at = findings.find(input.saved_traces[i].trace_id);
    if (at == findings.end()) continue;
    const auto worst = std::ranges::min(at->second, {}, &model::Finding::severity)->severity;
    out.push_back({i, static_cast<std::size_t>(worst)});
  }
  std::ranges::stable_sort(out, {}, &Candidate::rank);
  return out;
}

void write_culprits(JsonWriter& json, const std::vector<analysis::Culprits>& culprits) {
  for (const analysis::Culprits& entry : culprits) {
    json.key(entry.key).begin_array();
    for (const std::string& id : entry.span_ids) json.string(id);
    json.end_array();
  }
}

// What is embedded, already encoded: the elements of `embedded_traces` and the members of `culprit_spans`.
struct Embedded {
  std::string traces;
  std::string culprits;
  Kept count;
};

void append_item(std::string& list, std::string_view item) {
  if (!list.empty()) list += ',';
  list += item;
}

class Embedding {
 public:
  Embedding(const DashboardInput& input, const Findings& kept) : input_(input), findings_(by_trace(kept)) {}

  // `empty_size`: bytes of the data without any trace; `report_size`: of the report in it.
  Embedded run(std::size_t empty_size, std::size_t report_size) {
    if (input_.run != nullptr) return fresh(empty_size);
    return saved(report_size);
  }

 private:
  Embedded fresh(std::size_t used) {
    const std::vector<Candidate> candidates = fresh_candidates(input_, findings_);
    Embedded out;
    out.count.total = candidates.size();
    const std::size_t most = std::min<std::uint64_t>(candidates.size(), input_.max_traces.value_or(candidates.size()));
    for (std::size_t i = 0; i < most; ++i) {
      const std::string culprits = encode(input_.run->traces.view(candidates[i].trace));
      used += trace_.size() + culprits.size() + 1;
      if (!input_.max_traces && used > kDashboardBudget) break;
      append_item(out.traces, trace_);
      if (culprits.size() > 2) append_item(out.culprits, std::string_view(culprits).substr(1, culprits.size() - 2));
      ++out.count.kept;
    }
    return out;
  }

  // Writes a trace into trace_; gives its culprits as an object, or nothing where there is no index.
  std::string encode(const model::TraceView& view) {
    const model::Symbols& symbols = input_.run->symbols;
    const std::string_view id = symbols.text(view.trace);
    base::Arena texts;
    encode(id, analysis::explain_spans(view, symbols, texts));
    std::string out;
    if (!input_.report.detection_config) return out;
    JsonWriter json(out, JsonWriter::Style::kCompact);
    json.begin_object();
    write_culprits(json, analysis::find_culprits(view, symbols, findings_.at(id)));
    json.end_object();
    return out;
  }

  void encode(std::string_view id, std::span<const analysis::ExplainSpan> spans) {
    trace_.clear();
    JsonWriter json(trace_, JsonWriter::Style::kCompact);
    write_embedded_trace(json, id, spans);
  }

  Embedded saved(std::size_t report_size) {
    const std::vector<Candidate> candidates = saved_candidates(input_, findings_);
    Embedded out;
    out.count.total = candidates.size();
    const std::size_t room = kDashboardBudget - std::min(kDashboardBudget, report_size);
    std::size_t used = 0;
    for (const Candidate& candidate : candidates) {
      if (input_.max_traces && out.count.kept == *input_.max_traces) break;
      const analysis::EmbeddedTrace& trace = input_.saved_traces[candidate.trace];
      encode(trace.trace_id, trace.spans);
      if (!input_.max_traces && used + trace_.size() + 1 > room) continue;
      used += trace_.size() + 1;
      append_item(out.traces, trace_);
      ++out.count.kept;
    }
    return out;
  }

  const DashboardInput& input_;
  ByTrace findings_;
  std::string trace_;
};

void write_kept(JsonWriter& json, std::string_view name, const Kept& kept) {
  json.key(name).begin_object();
  json.field("kept", std::uint64_t{kept.kept}).field("total", std::uint64_t{kept.total});
  json.end_object();
}

std::string encode_report(const DashboardInput& input, const Findings& kept) {
  std::string out;
  JsonWriter json(out, JsonWriter::Style::kCompact);
  const ReportParts parts = {.findings = &kept,
                             .most_offenders = kShownOffenders,
                             .endpoints = false,
                             .acknowledged = input.show_acknowledged,
                             .evidence = kEvidence};
  write_report(json, input.report, parts);
  return out;
}

std::string encode_data(const DashboardInput& input, std::string_view report, const Embedded& embedded, const Kept& findings,
                        bool says_traces) {
  std::string out;
  out.reserve(report.size() + embedded.traces.size() + embedded.culprits.size() + 4096);
  JsonWriter json(out, JsonWriter::Style::kCompact);
  json.begin_object();
  json.field("version", std::string_view(SENTINEL_VERSION));
  json.field("input_label", clean_label(input.label));
  json.key("report").raw(report);
  json.key("embedded_traces").raw("[" + embedded.traces + "]");
  if (!embedded.culprits.empty()) json.key("culprit_spans").raw("{" + embedded.culprits + "}");
  if (says_traces) write_kept(json, "trimmed_traces", embedded.count);
  if (findings.trimmed()) write_kept(json, "trimmed_findings", findings);
  if (!input.pg_stat.empty()) json.key("pg_stat").raw(input.pg_stat);
  if (!input.mysql_stat.empty()) json.key("mysql_stat").raw(input.mysql_stat);
  if (!input.diff.empty()) json.key("diff").raw(input.diff);
  if (!input.daemon_url.empty()) json.key("daemon").begin_object().field("url", input.daemon_url).end_object();
  json.end_object();
  return out;
}

}  // namespace

DashboardData dashboard_data(const DashboardInput& input) {
  const Findings kept = keep_findings(input);
  const Kept findings = {kept.size(), input.report.findings.size()};
  const std::string report = encode_report(input, kept);
  Embedded none;
  none.count.total = by_trace(kept).size();
  const std::size_t uncounted = impact_size(input, kept);
  const std::size_t empty_size = encode_data(input, report, none, findings, true).size() - uncounted;
  const Embedded embedded = Embedding(input, kept).run(empty_size, report.size() - uncounted);
  return {encode_data(input, report, embedded, findings, embedded.count.trimmed()), findings, embedded.count};
}

}  // namespace sentinel::report
