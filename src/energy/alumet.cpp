#include "energy/alumet.h"

#include <algorithm>
#include <cmath>

namespace sentinel::energy {
namespace {

constexpr std::string_view kAlumetLog = "energy_scraper/alumet";

}  // namespace

std::optional<double> Alumet::kwh(const SumByLabel& joules, const std::string& label) const {
  const auto found = joules.find(label);
  if (found == joules.end() || !std::isfinite(found->second) || found->second <= 0) return std::nullopt;
  const double watts = found->second / config_.energy_interval_secs;
  const double energy = watts * static_cast<double>(config_.scrape_interval_secs) / kJoulesPerKwh;
  return std::isfinite(energy) ? std::optional(energy) : std::nullopt;
}

void Alumet::watch(const SumByLabel& joules) {
  const bool none = joules.empty();
  if (without_samples_.holds(none)) {
    base::log_warn(kAlumetLog, "three answers in a row hold no sample of metric '" + *config_.metric_name + "' with label '" +
                                   *config_.label_key + "': check both names against what Alumet exposes");
  }
  const auto absent = [&](const std::string& label) { return !none && !joules.contains(label); };
  const auto& mappings = config_.service_mappings;
  const bool no_service =
      !mappings.empty() && std::ranges::all_of(mappings, [&](const auto& mapping) { return absent(mapping.second); });
  if (without_services_.holds(no_service)) {
    base::log_warn(kAlumetLog, "samples come, but none with a value of service_mappings: no service is measured");
  }
  if (without_database_.holds(config_.database && absent(config_.database->label_value))) {
    base::log_warn(kAlumetLog, "samples come, but none of the database's label '" + config_.database->label_value + "'");
  }
  if (without_broker_.holds(config_.broker && absent(config_.broker->label_value))) {
    base::log_warn(kAlumetLog, "samples come, but none of the broker's label '" + config_.broker->label_value + "'");
  }
}

std::size_t Alumet::observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) {
  if (answers[0].problem) {
    for (Streak* streak : {&without_samples_, &without_services_, &without_database_, &without_broker_}) streak->end();
    return 0;
  }
  const SumByLabel joules = sum_by_label(answers[0].body, *config_.metric_name, *config_.label_key);
  watch(joules);
  std::vector<Coefficient> out;
  for (const auto& [service, label] : config_.service_mappings) {
    const std::uint64_t count = ops.since_last(service);
    const std::optional<double> energy = kwh(joules, label);
    if (count == 0 || !energy) continue;
    out.push_back({service, *energy / static_cast<double>(count)});
  }
  board.put(score::EnergySource::kAlumetRapl, out, now);
  const auto of_workload = [&](const std::optional<config::AlumetLabel>& workload) -> std::optional<double> {
    if (!workload || !joules.contains(workload->label_value)) return std::nullopt;
    return kwh(joules, workload->label_value).value_or(0.0);
  };
  board.bank(of_workload(config_.database), of_workload(config_.broker), now);
  return out.size();
}

}  // namespace sentinel::energy
