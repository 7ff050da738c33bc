#include "tui/monitor_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/number_format.h"
#include "base/text.h"
#include "tui/glyphs.h"

namespace sentinel::tui {
namespace {

constexpr Style kNotice = {.color = Color::kYellow};
constexpr std::size_t kModelColumns = 24;
constexpr std::size_t kWindowModelColumns = 32;
constexpr int kWideTable = 98;

Lines titled(std::string title, std::string about) {
  Lines lines;
  lines.emplace_back(std::move(title), kHeading);
  lines.emplace_back(std::move(about), kDim);
  lines.emplace_back();
  return lines;
}

Lines not_told(Lines lines, std::string_view path) {
  lines.emplace_back("The daemon does not tell: " + std::string(path) + " is not there. It may be an older version.", kDim);
  return lines;
}

// Exactly `columns` columns, cut or filled.
std::string left(std::string_view text, std::size_t columns) {
  std::string out = fit(base::for_terminal(text), columns);
  return out.append(columns - std::min(columns, columns_of(out)), ' ');
}
std::string right(const std::string& text, std::size_t columns) {
  const std::string cut = fit(text, columns);
  return std::string(columns - std::min(columns, columns_of(cut)), ' ') + cut;
}

std::string_view source_label(model::IntensitySource source) {
  switch (source) {
    case model::IntensitySource::kAnnual:
      return "Annual (cold)";
    case model::IntensitySource::kHourly:
      return "Hourly (cold)";
    case model::IntensitySource::kMonthlyHourly:
      return "MonthlyHourly (cold)";
    case model::IntensitySource::kRealTime:
      return "RealTime (hot)";
  }
  return "-";
}

template <class Map>
auto find_or(const Map& map, const std::string& key, typename Map::mapped_type otherwise) {
  const auto at = map.find(key);
  return at == map.end() ? otherwise : at->second;
}

void add_waste(Lines& lines, std::string_view what, std::string_view ratio_of, const std::optional<model::WasteFigure>& waste) {
  if (!waste) return;
  const bool within = waste->model == "estimated";
  Line& line = lines.emplace_back();
  line.continue_with("    ");
  line.add(std::string(what) + " waste: ", kBold);
  line.add(tiny(waste->waste_kwh) + " kWh of " + tiny(waste->energy_kwh) + " kWh (" +
           base::text_fixed(waste->ratio * 100.0, 1) + "% " + std::string(ratio_of) + "), ");
  line.add((waste->waste_gco2 ? tiny(*waste->waste_gco2) : std::string("-")) + " gCO2, model " +
           fit(base::for_terminal(waste->model), kModelColumns) + ", region " +
           fit(base::for_terminal(waste->region.value_or("-")), kModelColumns) + ", ");
  line.add(within ? "within the report totals" : "excluded from totals", kDim);
}

void add_services(Lines& lines, const model::GreenSummary& green, int columns) {
  const bool wide = columns >= kWideTable;
  const std::size_t service = wide ? 22 : 15;
  const std::size_t region = wide ? 14 : 11;
  const std::size_t source = wide ? 16 : 12;
  lines.emplace_back("By service", kBold);
  lines.emplace_back("  " + left("service", service) + " " + left("region", region) + " " + left("source", source) + " " +
                         right("meas%", 6) + " " + right("kWh", 11) + " " + right("kgCO2eq", 12),
                     kDim);
  for (const auto& [name, kwh] : green.per_service_energy_kwh) {
    const auto measured = green.per_service_measured_ratio.find(name);
    const auto carbon = green.per_service_carbon_kgco2eq.find(name);
    const std::string share =
        measured == green.per_service_measured_ratio.end() ? "-" : base::text_fixed(measured->second * 100.0, 0) + "%";
    lines.emplace_back("  " + left(name, service) + " " + left(find_or(green.per_service_region, name, "-"), region) + " " +
                       left(find_or(green.per_service_energy_model, name, green.energy_model), source) + " " + right(share, 6) +
                       " " + right(tiny(kwh), 11) + " " +
                       right(carbon == green.per_service_carbon_kgco2eq.end() ? "-" : base::text_fixed(carbon->second, 9), 12));
  }
  lines.emplace_back();
}

void add_regions(Lines& lines, const model::GreenSummary& green) {
  lines.emplace_back("By region", kBold);
  lines.emplace_back("  " + left("region", 14) + " " + right("gCO2/kWh", 9) + " " + left("source", 20) + " " +
                         left("estimated", 9) + " " + right("ops", 9) + " " + right("gCO2", 11),
                     kDim);
  for (const model::RegionRow& row : green.regions) {
    const std::string_view estimated = !row.estimated ? "-" : *row.estimated ? "yes" : "no";
    lines.emplace_back("  " + left(row.region, 14) + " " + right(base::text_fixed(row.grid_intensity, 1), 9) + " " +
                       left(source_label(row.source), 20) + " " + left(estimated, 9) + " " +
                       right(std::to_string(row.io_ops), 9) + " " + right(tiny(row.co2_gco2), 11));
  }
}

std::string whole(const std::optional<std::uint64_t>& value) { return value ? std::to_string(*value) : "-"; }

}  // namespace

std::string tiny(double value) {
  constexpr double kSmall = 1e-5;
  if (value == 0.0 || std::abs(value) >= kSmall || !std::isfinite(value)) {
    return base::text_fixed(value == 0.0 ? 0.0 : value, 6);
  }
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.3e", value);
  std::string out(text.data());
  const std::size_t exponent = out.find("e-0");  // two figures at least are written
  if (exponent != std::string::npos) out.erase(exponent + 2, 1);
  return out;
}

Lines advisor_lines(const MonitorSnapshot& snapshot) {
  Lines lines = titled("Settings advisor", "What the daemon says of its own settings under the load it has.");
  if (snapshot.hints.empty()) {
    lines.emplace_back("No hints: nothing that the daemon watches is too small.", kGood);
    return lines;
  }
  for (const model::Warning& hint : snapshot.hints) {
    Line& line = lines.emplace_back();
    line.continue_with("  ");
    const Style style = hint.kind == "ingestion_drops" ? kBad : hint.kind == "cold_start" ? kDim : kNotice;
    if (!hint.kind.empty()) line.add("[" + base::for_terminal(hint.kind) + "] ", style);
    line.add(base::strip_code_ticks(hint.message));
    lines.emplace_back();
  }
  return lines;
}

Lines energy_lines(const MonitorSnapshot& snapshot, int columns) {
  const model::GreenSummary& green = snapshot.green;
  Lines lines = titled("Energy and carbon",
                       "Of the daemon's latest window: by service with the source of its figures, by region "
                       "with the intensity of the grid (hot: read live, cold: from tables).");
  if (green.per_service_energy_kwh.empty() && green.regions.empty() && !green.database_waste && !green.messaging_waste) {
    lines.emplace_back("No figures yet: they come with the first analysed window, if [green] scoring is on.", kDim);
    return lines;
  }
  Line& window = lines.emplace_back();
  window.add("Window energy: ", kBold).add(tiny(green.energy_kwh) + " kWh");
  if (!green.energy_model.empty()) {
    window.add("   model: ", kBold).add(fit(base::for_terminal(green.energy_model), kWindowModelColumns));
  }
  add_waste(lines, "Database", "of SQL", green.database_waste);
  add_waste(lines, "Broker", "of messages", green.messaging_waste);
  lines.emplace_back();
  if (!green.per_service_energy_kwh.empty()) add_services(lines, green, columns);
  if (!green.regions.empty()) add_regions(lines, green);
  return lines;
}

Lines scraper_lines(const MonitorSnapshot& snapshot) {
  Lines lines = titled("Energy scrapers", "Whether the sources of measured energy and of grid intensity answer.");
  if (!snapshot.scrapers) return not_told(std::move(lines), "/api/energy");
  lines.emplace_back("  " + left("backend", 18) + " " + left("configured", 10) + " " + right("age (s)", 9) + " " +
                         right("ok", 8) + " " + right("failed", 8),
                     kDim);
  for (const ScraperRow& row : *snapshot.scrapers) {
    const bool failing = row.failed.value_or(0) > 0;
    Line& line = lines.emplace_back();
    const Style style = row.configured ? kPlain : kDim;
    line.add("  " + left(row.backend, 18) + " " + left(row.configured ? "yes" : "no", 10) + " " +
                 right(row.age_seconds ? base::text_fixed(*row.age_seconds, 0) : "-", 9) + " " +
                 right(whole(row.succeeded), 8) + " ",
             style);
    line.add(right(whole(row.failed), 8), failing ? kNotice : style);
  }
  lines.emplace_back();
  lines.emplace_back("electricity_maps has no age of its own: it works where the tab Energy shows RealTime (hot).", kDim);
  return lines;
}

Lines setting_lines(const MonitorSnapshot& snapshot) {
  Lines lines = titled("Settings of the daemon", "What is in effect, beside the default. Secrets are never shown.");
  if (!snapshot.settings) return not_told(std::move(lines), "/api/config");
  for (const SettingRow& row : *snapshot.settings) {
    if (!row.heading.empty()) {
      lines.emplace_back();
      lines.emplace_back(row.heading, kBold);
    }
    Line& line = lines.emplace_back();
    line.continue_with("    ");
    line.add(row.name, {.color = Color::kCyan}).add(" = ").add(base::for_terminal(row.value), kBold);
    line.add("  (default " + row.fallback, kDim);
    if (row.value != row.fallback && row.value != "-") line.add(", modified", kNotice);
    line.add(")", kDim);
    if (row.help.empty()) continue;
    Line& help = lines.emplace_back("    " + row.help, kDim);
    help.continue_with("    ");
  }
  return lines;
}

}  // namespace sentinel::tui
