// The texts of the monitor's tabs, laid out for a width (chapter 06 §10, chapter 04 §14.5). Pure functions.
#pragma once

#include <string>

#include "tui/lines.h"
#include "tui/monitor_data.h"

namespace sentinel::tui {

[[nodiscard]] Lines advisor_lines(const MonitorSnapshot& snapshot);
[[nodiscard]] Lines energy_lines(const MonitorSnapshot& snapshot, int columns);
[[nodiscard]] Lines scraper_lines(const MonitorSnapshot& snapshot);
[[nodiscard]] Lines setting_lines(const MonitorSnapshot& snapshot);

// "0.000000", "0.001230", "1.900e-6": what is very small keeps its figures.
[[nodiscard]] std::string tiny(double value);

}  // namespace sentinel::tui
