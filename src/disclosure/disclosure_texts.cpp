#include "disclosure/disclosure_texts.h"

#include "base/number_format.h"

namespace sentinel::disclosure {
namespace {

constexpr std::string_view kUsualDisclaimers[] = {
    "Figures give a direction; they are not of regulatory grade.",
    "They are uncertain by a factor of about 2x, up or down.",
    "The optimisation potential leaves out embodied emissions of hardware (SCI M term).",
    "Carbon of a single service is operational only; embodied carbon (SCI M term) is in the total and attributed to no "
    "service.",
    "Energy and carbon are attributed to services by runtime measurement in windows whose energy_model is not empty; older "
    "archives are attributed by share of I/O operations.",
    "Not suitable for reporting under CSRD or GHG Protocol Scope 3.",
    "Methodology: ISO/IEC 21031:2024 (SCI).",
    "The crosswalk to ESRS E1 under methodology.standard_crosswalk helps with mapping; it does not replace an audited "
    "inventory.",
};

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

}  // namespace

std::string percent(double share, int decimals) { return base::text_fixed(share * 100.0, decimals); }

std::string coverage_in_words(const TemporalCoverage& c) {
  return std::to_string(c.observed_days) + "/" + std::to_string(c.days_in_period) + " declared days had measured traffic (" +
         percent(c.ratio, 1) + "%, largest gap " + std::to_string(c.largest_gap_days) +
         (c.largest_gap_days == 1 ? " day" : " days") +
         "). Windows are archived only when there is traffic, so quiet days count as missing: a lower bound on activity, no " +
         "measure of the daemon's uptime.";
}

std::vector<std::string> disclaimers(const Document& document) {
  std::vector<std::string> out = document.organisation.disclaimers;
  if (out.empty()) out.assign(std::begin(kUsualDisclaimers), std::end(kUsualDisclaimers));
  const Aggregate& a = document.aggregate;
  if (document.intent == Intent::kInternal && a.period_coverage < kMinPeriodCoverage) {
    out.push_back("Runtime attribution covers " + percent(a.period_coverage, 1) + "% of the windows, below the threshold of " +
                  percent(kMinPeriodCoverage, 0) + "%. The rest rests on the I/O proxy. Not suitable for official disclosure.");
  }
  if (a.binary_versions.size() > 1) {
    out.push_back("Windows of several versions are added up: " + joined(a.binary_versions) +
                  ". Check that they are compatible before comparing figures.");
  }
  if (document.calibration.calibration_applied) {
    out.push_back(
        "In at least one window energy was computed with the operator's own coefficients, as "
        "methodology.calibration_inputs.calibration_applied records.");
  }
  out.push_back("Temporal coverage: " + coverage_in_words(a.temporal_coverage));
  return out;
}

}  // namespace sentinel::disclosure
