#include "energy/scaphandre.h"

#include <algorithm>
#include <cmath>

#include "energy/prometheus_text.h"

namespace sentinel::energy {
namespace {

constexpr std::string_view kScaphandreLog = "energy_scraper/scaphandre";
constexpr double kMicro = 1e6;

bool matches(const ProcessPower& process, const config::ProcessMatcher& matcher) {
  return process.exe.find(matcher.exe_contains) != std::string::npos &&
         (!matcher.cmdline_contains || process.cmdline.find(*matcher.cmdline_contains) != std::string::npos);
}

}  // namespace

std::vector<ProcessPower> read_scaphandre(std::string_view text) {
  std::vector<ProcessPower> out;
  for_each_sample(text, "scaph_process_power_consumption_microwatts", [&](const Sample& sample) {
    std::optional<std::string> exe = label_value(sample.labels, "exe");
    if (!exe) return;
    out.push_back({std::move(*exe), label_value(sample.labels, "cmdline").value_or(""), sample.value});
  });
  return out;
}

const ProcessPower* Scaphandre::find(const std::string& service, const config::ProcessMatcher& matcher,
                                     std::span<const ProcessPower> readings) {
  const ProcessPower* found = nullptr;
  std::size_t count = 0;
  for (const ProcessPower& process : readings) {
    if (!matches(process, matcher)) continue;
    found = &process;
    ++count;
  }
  bool& told = ambiguous_[service];
  if (count > 1) {
    base::log(told ? base::LogLevel::kDebug : base::LogLevel::kWarn, kScaphandreLog,
              std::to_string(count) + " processes match service '" + service +
                  "': it stays unmeasured until process_map tells them apart by cmdline_contains");
    told = true;
    return nullptr;
  }
  if (count == 1) told = false;
  return found;
}

std::size_t Scaphandre::observe(std::span<Fetched> answers, const Operations& ops, Millis now, Board& board) {
  if (answers[0].problem) {
    without_readings_.end();
    without_power_.end();
    return 0;
  }
  const std::vector<ProcessPower> readings = read_scaphandre(answers[0].body);
  if (without_readings_.holds(readings.empty())) {
    base::log_warn(kScaphandreLog,
                   "three answers in a row hold no process: is the export of processes off, or the metric renamed?");
  }
  // A host without power sensors reports 0 for every process: that is no measurement.
  const bool no_power = std::ranges::all_of(readings, [](const ProcessPower& p) { return p.microwatts == 0; });
  if (without_power_.holds(no_power && !readings.empty())) {
    base::log_warn(kScaphandreLog, "every process draws 0 W: this host gives no power readings (RAPL), so nothing is measured");
  }
  if (no_power) return 0;
  std::vector<Coefficient> out;
  for (const auto& [service, matcher] : config_.process_map) {
    const std::uint64_t count = ops.since_last(service);
    if (count == 0) continue;
    const ProcessPower* process = find(service, matcher, readings);
    if (process == nullptr || !std::isfinite(process->microwatts) || process->microwatts < 0) continue;
    const double joules = process->microwatts / kMicro * static_cast<double>(config_.scrape_interval_secs);
    out.push_back({service, joules / kJoulesPerKwh / static_cast<double>(count)});
  }
  board.put(score::EnergySource::kScaphandreRapl, out, now);
  return out.size();
}

}  // namespace sentinel::energy
