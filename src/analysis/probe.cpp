#include "analysis/probe.h"

#include <algorithm>
#include <string>

#include "config/config.h"
#include "config/key_table.h"
#include "detect/detect.h"

namespace sentinel::analysis {
namespace {

model::DetectionSettings with(const model::DetectionSettings& settings, const config::KeyRow& row, std::uint64_t value) {
  config::Config changed;
  changed.detection.settings = settings;
  config::set_whole_number(row, changed, value);
  return changed.detection.settings;
}

}  // namespace

std::optional<model::Finding> Probe::ask(const model::DetectionSettings& settings, base::Arena& texts) const {
  std::optional<model::Finding> largest;
  for (const model::Finding& f : detect::detect_trace({trace, spans}, symbols, settings, texts, detect::Evidence::kLeftOut)) {
    if (meant(f) && (!largest || f.pattern.occurrences > largest->pattern.occurrences)) largest = f;
  }
  return largest;
}

bool Probe::fires(const model::DetectionSettings& settings) const {
  base::Arena texts;
  return ask(settings, texts).has_value();
}

std::optional<std::uint64_t> turning_value(const Probe& probe, const model::DetectionSettings& settings, const ProbedKey& key) {
  const config::KeyRow* row = config::find_key("detection." + std::string(key.name));
  if (row == nullptr) return std::nullopt;
  const config::WholeBounds bounds = config::whole_bounds(*row);
  config::Config now;
  now.detection.settings = settings;
  std::uint64_t silent = config::whole_number(*row, now);
  std::uint64_t firing = key.way == Way::kDown ? bounds.min : bounds.max;
  if (firing == silent || !probe.fires(with(settings, *row, firing))) return std::nullopt;
  while (std::max(firing, silent) - std::min(firing, silent) > 1) {
    const std::uint64_t middle = std::min(firing, silent) + (std::max(firing, silent) - std::min(firing, silent)) / 2;
    (probe.fires(with(settings, *row, middle)) ? firing : silent) = middle;
  }
  return firing;
}

}  // namespace sentinel::analysis
