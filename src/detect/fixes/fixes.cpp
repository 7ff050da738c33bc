#include "detect/fixes/fixes.h"

#include <array>

namespace sentinel::detect {

std::span<const std::span<const FixRow>> fix_tables() {
  static const std::array<std::span<const FixRow>, 9> kTables = {kJavaFixes, kCsharpFixes, kPythonFixes, kRustFixes,  kGoFixes,
                                                                 kNodeFixes, kRubyFixes,   kPhpFixes,    kBrokerFixes};
  return kTables;
}

std::optional<model::SuggestedFix> suggested_fix(const model::Finding& finding) {
  const bool messaging =
      finding.type == model::FindingType::kNPlusOneMessaging || finding.type == model::FindingType::kSlowMessaging;
  const Framework framework = messaging ? detect_broker(finding.pattern.template_text)
                                        : detect_framework(finding.scopes, finding.code_location, finding.service);
  if (framework == Framework::kUnknown) return std::nullopt;
  for (const std::span<const FixRow> table : fix_tables()) {
    for (const FixRow& row : table) {
      if (row.type != finding.type || row.framework != framework) continue;
      return model::SuggestedFix{model::slug(row.type), slug(framework), row.recommendation, row.reference_url};
    }
  }
  return std::nullopt;
}

}  // namespace sentinel::detect
