#include "daemon/advisor.h"

#include <string>

#include "base/number_format.h"

namespace sentinel::daemon {
namespace {

using config::DaemonConfig;
using model::Warning;
using Warnings = std::vector<Warning>;

constexpr double kNearlyFull = 0.9;

std::string text(std::uint64_t number) { return std::to_string(number); }

void tune(Warnings& out, std::string message) { out.push_back({"tuning", std::move(message)}); }
void report_loss(Warnings& out, std::string message) { out.push_back({"ingestion_drops", std::move(message)}); }

void sampling(const AdvisorFacts&, const DaemonConfig& config, Warnings& out) {
  const double rate = config.sampling_rate;
  if (rate <= 0) {
    tune(out, "[daemon] sampling_rate is 0, so no trace is analysed: raise it, 1.0 keeps all");
  } else if (rate < 1) {
    tune(out, "[daemon] sampling_rate is " + base::text_plain(rate) +
                  ": absolute counts are a sample, and rare patterns can be missed. Set it to 1.0 to analyse every trace");
  }
}

void channel_full(const AdvisorFacts& facts, const DaemonConfig& config, Warnings& out) {
  if (facts.rejected_channel_full == 0) return;
  const std::string n = text(facts.rejected_channel_full);
  report_loss(out, n + " OTLP requests were refused since start because of channel saturation, the ingest queue being full "
                       "(perf_sentinel_otlp_rejected_total{reason=\"channel_full\"}): what is shown may be incomplete");
  tune(out, n + " OTLP requests found the ingest queue full: raise [daemon] ingest_queue_capacity (now " +
                text(config.ingest_queue_capacity) + ") or spread the load over more daemons");
}

void memory_pressure(const AdvisorFacts& facts, const DaemonConfig& config, Warnings& out) {
  if (facts.rejected_memory_pressure == 0) return;
  const std::string n = text(facts.rejected_memory_pressure);
  report_loss(out,
              n + " OTLP requests were refused since start at the memory high-water mark, bounding RSS against an OOM kill "
                  "(perf_sentinel_otlp_rejected_total{reason=\"memory_pressure\"}): what is shown may be incomplete");
  tune(out, n + " OTLP requests were refused for want of memory, with [daemon] memory_high_water_pct = " +
                text(config.memory_high_water_pct) + ": raise the container memory limit or spread the load over more daemons");
}

void shed(const AdvisorFacts& facts, const DaemonConfig& config, Warnings& out) {
  if (facts.shed_batches == 0) return;
  tune(out, text(facts.shed_batches) + " batches were dropped before analysis: raise [daemon] analysis_queue_capacity (now " +
                text(config.analysis_queue_capacity) + ") or give the daemon more CPU");
}

void window(const AdvisorFacts& facts, const DaemonConfig& config, Warnings& out) {
  if (static_cast<double>(facts.active_traces) < kNearlyFull * static_cast<double>(config.max_active_traces)) return;
  tune(out, text(facts.active_traces) + " traces are open, at or above 90 % of [daemon] max_active_traces (now " +
                text(config.max_active_traces) +
                "): past it traces are analysed before they are complete. Raise it, or lower [daemon] "
                "trace_ttl_ms (now " +
                text(config.trace_ttl_ms) + " ms)");
}

void services(const AdvisorFacts& facts, const DaemonConfig&, Warnings& out) {
  if (facts.service_overflow == 0) return;
  tune(out, text(facts.service_overflow) +
                " operations belong to services beyond the 1024-service cap, so per-service attribution "
                "undercounts: reduce the number of distinct service names");
}

void correlation(const AdvisorFacts& facts, const DaemonConfig& config, Warnings& out) {
  if (!config.correlation.enabled || facts.correlator_pairs_evicted == 0) return;
  tune(out, text(facts.correlator_pairs_evicted) +
                " correlation pairs were evicted or refused: raise [daemon.correlation] "
                "max_tracked_pairs (now " +
                text(config.correlation.max_tracked_pairs) + ") or disable correlation");
}

void blind(const AdvisorFacts& facts, const DaemonConfig&, Warnings& out) {
  const std::uint64_t unusable = facts.spans_not_io + facts.spans_missing_db_statement + facts.spans_missing_http_url;
  if (facts.spans_received < kBlindSpans || unusable < facts.spans_received) return;
  tune(out, text(facts.spans_received) +
                " spans were received and none is analysable: they carry no database statement and no HTTP "
                "URL, so nothing will ever be found. Fix the instrumentation, or the endpoint that it exports to");
}

// The rules in the order in which their warnings stand.
constexpr void (*kRules[])(const AdvisorFacts&, const DaemonConfig&, Warnings&) = {
    sampling, channel_full, memory_pressure, shed, window, services, correlation, blind};

}  // namespace

std::vector<Warning> advise(const AdvisorFacts& facts, const DaemonConfig& config) {
  Warnings out;
  if (facts.cold()) {
    out.push_back({"cold_start", std::string(kColdStartMessage)});
    sampling(facts, config, out);
    return out;
  }
  for (const auto rule : kRules) rule(facts, config, out);
  return out;
}

}  // namespace sentinel::daemon
