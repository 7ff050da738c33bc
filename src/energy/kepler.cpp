#include "energy/kepler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "energy/prometheus_text.h"

namespace sentinel::energy {
namespace {

constexpr std::string_view kKeplerLog = "energy_scraper/kepler";

struct Metric {
  std::string_view name;
  std::string_view label;
};
constexpr std::array<Metric, 2> kMetrics = {
    {{"kepler_container_cpu_joules_total", "container_name"},  // by KeplerConfig::MetricKind
     {"kepler_process_cpu_joules_total", "comm"}}};

}  // namespace

std::size_t Kepler::observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) {
  if (answers[0].problem) {
    for (Streak* streak : {&without_samples_, &without_services_, &standing_still_}) streak->end();
    return 0;
  }
  const Metric& metric = kMetrics[static_cast<std::size_t>(config_.metric_kind)];
  const SumByLabel joules = sum_by_label(answers[0].body, metric.name, metric.label);
  if (without_samples_.holds(joules.empty())) {
    base::log_warn(kKeplerLog, "three answers in a row hold no sample of " + std::string(metric.name) +
                                   ": is this Kepler older than 0.10?");
  }
  std::vector<Coefficient> out;
  bool any_label = false;
  bool moved = false;
  bool stood = false;  // while the service worked
  for (const auto& [service, label] : config_.service_mappings) {
    const auto sum = joules.find(label);
    if (sum == joules.end()) continue;
    any_label = true;
    const auto total = ops.total.find(service);
    const Seen current{sum->second, total == ops.total.end() ? 0 : total->second};
    const auto [known, is_new] = seen_.try_emplace(service, current);
    if (is_new) continue;
    const Seen before = std::exchange(known->second, current);
    const double delta = current.joules - before.joules;
    moved |= delta != 0;
    stood |= delta == 0 && current.ops > before.ops;
    if (!std::isfinite(delta) || delta <= 0 || current.ops <= before.ops) continue;
    out.push_back({service, delta / kJoulesPerKwh / static_cast<double>(current.ops - before.ops)});
  }
  if (without_services_.holds(!joules.empty() && !config_.service_mappings.empty() && !any_label)) {
    base::log_warn(kKeplerLog, "samples come, but none with a value of service_mappings: no service is measured");
  }
  if (standing_still_.holds(stood && !moved)) {
    base::log_warn(kKeplerLog,
                   "services work, but their counters stand still: a virtual machine gives Kepler no power readings, so "
                   "nothing is measured");
  }
  board.put(score::EnergySource::kKeplerEbpf, out, now);
  return out.size();
}

}  // namespace sentinel::energy
