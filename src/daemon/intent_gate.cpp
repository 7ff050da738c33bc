#include "daemon/intent_gate.h"

#include "disclosure/org_config.h"
#include "disclosure/validate.h"

namespace sentinel::daemon {

std::vector<std::string> intent_refusal(const config::ReportingConfig& reporting) {
  if (reporting.intent == "audited") {
    return {"[reporting] intent \"audited\" is reserved for later", "use \"internal\" or \"official\""};
  }
  if (reporting.intent != "official") return {};
  const auto organisation = disclosure::load_org_config(reporting.org_config_path.value_or(""));
  if (!organisation) return {"[reporting] intent \"official\" needs the organisation's file", organisation.error().text()};
  std::vector<std::string> reasons = disclosure::organisation_rejections(*organisation);
  if (!reasons.empty()) reasons.insert(reasons.begin(), "the organisation's file does not allow official disclosures");
  return reasons;
}

}  // namespace sentinel::daemon
