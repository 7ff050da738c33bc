// JSON of a daemon's API into what the monitor shows (chapter 06 §10, chapter 05 §8). Lenient: what is missing is absent. Pure
// functions; results own their texts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "disclosure/json_tree.h"
#include "tui/monitor_data.h"

namespace sentinel::cli {

[[nodiscard]] std::vector<model::Warning> daemon_hints(const disclosure::JsonNode& report);
[[nodiscard]] model::GreenSummary daemon_green(const disclosure::JsonNode& report);
[[nodiscard]] std::optional<std::vector<tui::ScraperRow>> daemon_scrapers(const disclosure::JsonNode& energy);
[[nodiscard]] std::optional<tui::DaemonLoad> daemon_load(const disclosure::JsonNode& status);
[[nodiscard]] std::optional<std::vector<tui::SettingRow>> daemon_settings(const disclosure::JsonNode& config);

}  // namespace sentinel::cli
