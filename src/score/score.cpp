#include "score/score.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/parallel.h"
#include "score/carbon.h"
#include "score/constants.h"
#include "score/waste.h"
#include "score/window.h"

namespace sentinel::score {

namespace {

// Spans after which a chunk ends at the next trace. Part of the result: sums are folded chunk by chunk.
constexpr std::size_t kChunkSpans = 32'768;

struct Chunk {
  std::size_t first;  // traces
  std::size_t last;
};

std::vector<Chunk> cut(const model::TraceSet& traces) {
  std::vector<Chunk> chunks;
  std::size_t spans = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < traces.size(); ++i) {
    spans += traces.traces[i].count;
    if (spans < kChunkSpans && i + 1 < traces.size()) continue;
    chunks.push_back({first, i + 1});
    first = i + 1;
    spans = 0;
  }
  return chunks;
}

using Windows = std::vector<std::unique_ptr<Window>>;

Windows pass(const WindowInputs& inputs, const std::vector<Chunk>& chunks, unsigned threads) {
  Windows windows(chunks.size());
  base::parallel_for(threads, chunks.size(), [&](std::size_t i) {
    windows[i] = std::make_unique<Window>(inputs);
    windows[i]->add_traces(chunks[i].first, chunks[i].last);
  });
  return windows;
}

// The regions that come first in the order of the input, and whether there are more than the cap lets in.
bool admit_regions(const Windows& windows, std::set<std::string, std::less<>>& admitted) {
  bool refused = false;
  for (const auto& window : windows) {
    refused |= window->refused_regions();
    for (const RegionTotals& totals : window->regions()) {
      if (admitted.contains(totals.region.key())) continue;
      if (admitted.size() < kMaxRegions) {
        admitted.insert(totals.region.key());
      } else {
        refused = true;
      }
    }
  }
  return refused;
}

// The whole run as one window. Which regions fall to the cap depends on all earlier chunks, so when it is reached, which is
// rare, the chunks are gone through again knowing who is in.
std::unique_ptr<Window> accumulate(WindowInputs& inputs, std::set<std::string, std::less<>>& admitted, unsigned threads) {
  const std::vector<Chunk> chunks = cut(inputs.traces);
  if (chunks.empty()) return std::make_unique<Window>(inputs);
  Windows windows = pass(inputs, chunks, threads);
  if (windows.size() > 1 && admit_regions(windows, admitted)) {
    inputs.admitted = &admitted;
    windows = pass(inputs, chunks, threads);
  }
  for (std::size_t i = 1; i < windows.size(); ++i) {
    windows[0]->merge(*windows[i]);
    windows[i].reset();
  }
  return std::move(windows[0]);
}

struct EndpointLine {
  std::string_view service;
  std::string_view endpoint;
  const EndpointTotals* totals;
  double intensity;
};

// Sorted by service, then endpoint.
std::vector<EndpointLine> endpoint_lines(const Window& window, const model::Symbols& symbols) {
  std::vector<EndpointLine> lines;
  lines.reserve(window.endpoints().size());
  for (const EndpointTotals& totals : window.endpoints()) {
    lines.push_back({symbols.text(totals.service), symbols.text(totals.endpoint), &totals,
                     window.io_intensity(totals.service, totals.endpoint)});
  }
  std::ranges::sort(lines, {}, [](const EndpointLine& line) { return std::tie(line.service, line.endpoint); });
  return lines;
}

// Grams per operation of the default region, where every operation costs the same (04 §2.5).
std::optional<double> grams_per_op(const config::GreenConfig& config, const Window& window, const Readings* readings) {
  if (readings != nullptr && !(readings->services.empty() && readings->regions.empty())) return std::nullopt;
  const bool uniform = config.service_regions.empty() && !window.has_span_regions() && !config.per_operation_coefficients &&
                       !config.calibration_factors.has_value();
  if (!uniform || !config.default_region) return std::nullopt;
  const RegionFacts* region = find_region(*config.default_region);
  if (region == nullptr) return std::nullopt;
  return (kEnergyPerIoOpKwh * region->annual) * pue(region->provider);
}

std::vector<model::TopOffender> top_offenders(std::vector<EndpointLine> lines, std::optional<double> grams) {
  std::ranges::stable_sort(lines, std::ranges::greater{}, &EndpointLine::intensity);
  std::vector<model::TopOffender> offenders;
  offenders.reserve(lines.size());
  for (const EndpointLine& line : lines) {
    model::TopOffender& offender = offenders.emplace_back();
    offender.endpoint = line.endpoint;
    offender.service = line.service;
    offender.io_intensity_score = line.intensity;
    offender.band = model::io_intensity_band(line.intensity);
    if (grams) offender.co2_grams = static_cast<double>(line.totals->io_ops) * *grams;
  }
  return offenders;
}

void stamp_impact(std::span<model::Finding> findings, const Window& window, const model::Symbols& symbols) {
  const char* service = nullptr;  // of the finding before: those of a trace mostly share theirs
  const char* endpoint = nullptr;
  double intensity = 0.0;
  for (model::Finding& finding : findings) {
    if (finding.service.data() != service || finding.source_endpoint.data() != endpoint) {
      service = finding.service.data();
      endpoint = finding.source_endpoint.data();
      intensity = window.io_intensity(symbols.texts.find(finding.service), symbols.texts.find(finding.source_endpoint));
    }
    finding.green_impact = model::GreenImpact{extra_io_ops(finding), intensity, model::io_intensity_band(intensity)};
  }
}

double embodied_grams(const config::GreenConfig& config) {
  return config.embodied_carbon_per_request_gco2 > 0 ? config.embodied_carbon_per_request_gco2 : kDefaultEmbodiedGrams;
}

// A batch run starts no scraper, so measured sources that the configuration names stay silent: say so.
std::vector<model::Warning> backend_warnings(const config::GreenConfig& config) {
  if (config.configured_backends.empty()) return {};
  std::string tables;
  for (const std::string& name : config.configured_backends) {
    if (!tables.empty()) tables += ", ";
    tables += "`[green." + name + "]`";
  }
  return {{"tuning",
           tables + " configured, but only the daemon reads such sources: no scraper ran and this run keeps the proxy energy "
                    "model and the built-in grid intensities"}};
}

}  // namespace

model::ScoringConfig scoring_config(const config::GreenConfig& config) {
  model::ScoringConfig recorded;
  recorded.api_version = config.emaps_api_version;
  recorded.emission_factor_type = config.emaps_emission_factor_type;
  recorded.temporal_granularity = config.emaps_temporal_granularity;
  recorded.electricity_maps = config.electricity_maps;
  recorded.embodied_per_request_gco2 = embodied_grams(config);
  recorded.network_energy_per_byte_kwh = kNetworkKwhPerByte;
  recorded.per_operation_coefficients = config.per_operation_coefficients;
  recorded.use_hourly_profiles = config.use_hourly_profiles;
  return recorded;
}

Scores score(const model::TraceSet& traces, const model::Symbols& symbols, std::span<model::Finding> findings,
             const config::GreenConfig& config, unsigned threads, const DaemonInputs& daemon) {
  std::optional<EnergyModel> own;
  if (daemon.energy == nullptr) own.emplace(symbols, uses_coefficients(config));
  WindowInputs inputs{.traces = traces,
                      .symbols = symbols,
                      .config = config,
                      .energy = daemon.energy != nullptr ? *daemon.energy : *own,
                      .readings = daemon.readings};
  std::set<std::string, std::less<>> admitted;
  const std::unique_ptr<Window> window = accumulate(inputs, admitted, threads);

  Scores scores;
  const std::vector<EndpointLine> lines = endpoint_lines(*window, symbols);
  scores.per_endpoint_io_ops.reserve(lines.size());
  for (const EndpointLine& line : lines) {
    scores.per_endpoint_io_ops.push_back({std::string(line.service), std::string(line.endpoint), line.totals->io_ops});
  }
  model::GreenSummary& summary = scores.summary;
  summary.total_io_ops = window->total_ops();
  if (!config.enabled) return scores;

  const AvoidableOps avoidable = avoidable_ops(findings);
  summary.avoidable_io_ops = avoidable.total;
  summary.total_sql_io_ops = window->ops(model::EventType::kSql);
  summary.avoidable_sql_io_ops = avoidable.sql;
  summary.total_messaging_io_ops = window->ops(model::EventType::kMessaging);
  summary.avoidable_messaging_io_ops = avoidable.messaging;
  summary.io_waste_ratio = share(avoidable.total, summary.total_io_ops);
  summary.io_waste_ratio_band = model::io_waste_ratio_band(summary.io_waste_ratio);
  summary.top_offenders = top_offenders(lines, grams_per_op(config, *window, daemon.readings));
  summary.scoring_config = scoring_config(config);
  if (traces.size() > 0) {
    add_carbon(*window, {traces.size(), avoidable, symbols, embodied_grams(config), daemon.readings}, summary);
  }
  stamp_impact(findings, *window, symbols);
  scores.warnings = backend_warnings(config);
  return scores;
}

}  // namespace sentinel::score
