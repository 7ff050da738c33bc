#include "analysis/acknowledgments.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "analysis/gate.h"
#include "base/text.h"
#include "detect/signature.h"

namespace sentinel::analysis {
namespace {

constexpr std::string_view kUnmatchedKind = "unmatched_acknowledgment";

// By signature; of several active entries with one signature the last in the file counts.
using ActiveEntries = std::unordered_map<std::string_view, const model::Acknowledgment*>;

ActiveEntries active_entries(const AckFile& file, std::uint64_t now_ms) {
  ActiveEntries active;
  for (const AckEntry& entry : file) {
    if (entry.active(now_ms)) active[entry.acknowledgment.signature] = &entry.acknowledgment;
  }
  return active;
}

const model::Acknowledgment* match(const ActiveEntries& active, const model::Finding& finding) {
  const auto find = [&](std::string_view signature) {
    const auto at = active.find(signature);
    return at == active.end() ? nullptr : at->second;
  };
  if (!finding.signature.empty()) return find(finding.signature);
  return find(detect::signature(finding.type, finding.service, finding.source_endpoint, finding.pattern.template_text));
}

using SeenEndpoints = std::set<std::pair<std::string_view, std::string_view>>;

std::string unmatched_message(const model::Acknowledgment& ack, const SeenEndpoints& seen) {
  std::string out = "acknowledgment `" + ack.signature + "` matched no finding: ";
  if (!ack.service || !ack.source_endpoint) {
    out +=
        "the problem is fixed, or its endpoint was not exercised; add `service` and `source_endpoint` to the entry to tell "
        "which";
  } else if (seen.contains({*ack.service, *ack.source_endpoint})) {
    out += "its endpoint was exercised, so the problem looks fixed and the entry can be removed";
  } else {
    out += "its endpoint emitted no I/O in this run, which proves nothing; keep the entry";
  }
  return base::strip_invisible(out);
}

void warn_unmatched(model::Report& report, const ActiveEntries& active, const std::set<const model::Acknowledgment*>& matched) {
  std::map<std::string_view, const model::Acknowledgment*> unmatched;
  for (const auto& [signature, ack] : active) {
    if (!matched.contains(ack)) unmatched.emplace(signature, ack);
  }
  if (unmatched.empty()) return;
  SeenEndpoints seen;
  for (const model::EndpointIoOps& row : report.per_endpoint_io_ops) seen.emplace(row.service, row.endpoint);
  for (const auto& [signature, ack] : unmatched) {
    report.warning_details.push_back({std::string(kUnmatchedKind), unmatched_message(*ack, seen)});
  }
}

}  // namespace

void apply_acknowledgments(model::Report& report, const AckFile& file, std::uint64_t now_ms, ReportOrigin origin,
                           const config::ThresholdsConfig& thresholds) {
  // Of a fresh analysis these are findings that [[rules]] set aside.
  if (origin == ReportOrigin::kLoaded) report.acknowledged_findings.clear();
  std::erase_if(report.warning_details, [](const model::Warning& w) { return w.kind == kUnmatchedKind; });

  if (const ActiveEntries active = active_entries(file, now_ms); !active.empty()) {
    std::set<const model::Acknowledgment*> matched;
    for (const model::AcknowledgedFinding& aside : report.acknowledged_findings) {
      if (const model::Acknowledgment* ack = match(active, aside.finding)) matched.insert(ack);
    }
    std::vector<model::Finding> open;
    open.reserve(report.findings.size());
    for (const model::Finding& finding : report.findings) {
      if (const model::Acknowledgment* ack = match(active, finding)) {
        matched.insert(ack);
        report.acknowledged_findings.push_back({finding, *ack});
      } else {
        open.push_back(finding);
      }
    }
    report.findings = std::move(open);
    if (origin == ReportOrigin::kFresh) warn_unmatched(report, active, matched);
  }

  const auto& ingest = report.analysis.ingest;
  report.quality_gate = evaluate_gate(report.findings, report.green_summary.io_waste_ratio,
                                      ingest ? ingest->usable_ratio() : std::nullopt, thresholds);
}

}  // namespace sentinel::analysis
