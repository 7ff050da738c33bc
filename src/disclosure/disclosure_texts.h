// The fixed and derived texts of a disclosure (chapter 08 §7): crosswalk, coverage basis, disclaimers.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "disclosure/document.h"

namespace sentinel::disclosure {

// Which members of the scope come from whom.
inline constexpr std::array<std::string_view, 5> kOperatorDeclared = {"total_applications_declared", "total_requests_in_period",
                                                                      "applications_excluded", "environments_measured",
                                                                      "environments_excluded"};
inline constexpr std::array<std::string_view, 3> kMachineDerived = {"applications_measured", "requests_measured",
                                                                    "coverage_percentage"};

struct CrosswalkMapping {
  std::string_view report_field;
  std::string_view datapoint;
  std::string_view note;
};
inline constexpr std::string_view kCrosswalkStandard = "ESRS E1, Commission Delegated Regulation (EU) 2023/2772";
inline constexpr std::array<CrosswalkMapping, 3> kCrosswalkMappings = {{
    {"aggregate.total_energy_kwh", "E1-5 Energy consumption and mix",
     "In kWh where ESRS asks for MWh; not split into fossil, nuclear and renewable sources."},
    {"aggregate.total_carbon_kgco2eq (operational term)", "E1-6 Gross Scope 2 GHG emissions (location-based)",
     "Location-based. ESRS also asks for a market-based figure, which SCI leaves out."},
    {"embodied carbon (SCI M term, aggregate only)", "E1-6 Gross Scope 3 GHG emissions (categories 1 and 2)",
     "Life cycle of the hardware. For Scope 3 ESRS admits estimates and proxy data."},
}};
inline constexpr std::array<std::string_view, 3> kCrosswalkCaveats = {
    "An aid for mapping figures, neither a certification nor an audited inventory.",
    "Figures are uncertain by a factor of about 2x in either direction.",
    "Covers the computing itself: no other scope, and no market-based Scope 2 figure."};

// Share of windows below which attribution is said to rest on the proxy, and official documents are refused.
inline constexpr double kMinPeriodCoverage = 0.75;
// Share of days with traffic below which a warning is due.
inline constexpr double kMinTemporalCoverage = 0.80;

// The organisation's own disclaimers or the usual ones, and those that the figures call for.
[[nodiscard]] std::vector<std::string> disclaimers(const Document& document);

// "6/31 days (19.4 %), largest gap 5 days", and why that is no measure of uptime.
[[nodiscard]] std::string coverage_in_words(const TemporalCoverage& coverage);
// 50.0
[[nodiscard]] std::string percent(double share, int decimals);

}  // namespace sentinel::disclosure
