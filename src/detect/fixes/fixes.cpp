#include "detect/fixes/fixes.h"

#include <array>
#include <cstdint>

#include "base/index_table.h"

namespace sentinel::detect {

std::span<const std::span<const FixRow>> fix_tables() {
  static const std::array<std::span<const FixRow>, 9> kTables = {kJavaFixes, kCsharpFixes, kPythonFixes, kRustFixes,  kGoFixes,
                                                                 kNodeFixes, kRubyFixes,   kPhpFixes,    kBrokerFixes};
  return kTables;
}

namespace {

bool is_messaging(const model::Finding& finding) {
  return finding.type == model::FindingType::kNPlusOneMessaging || finding.type == model::FindingType::kSlowMessaging;
}

std::optional<model::SuggestedFix> row_of(model::FindingType type, Framework framework) {
  if (framework == Framework::kUnknown) return std::nullopt;
  for (const std::span<const FixRow> table : fix_tables()) {
    for (const FixRow& row : table) {
      if (row.type != type || row.framework != framework) continue;
      return model::SuggestedFix{model::slug(row.type), slug(framework), row.recommendation, row.reference_url};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<model::SuggestedFix> suggested_fix(const model::Finding& finding) {
  return row_of(finding.type, is_messaging(finding) ? detect_broker(finding.pattern.template_text)
                                                    : detect_framework(finding.scopes, finding.code_location, finding.service));
}

std::optional<model::SuggestedFix> FixFinder::fix_for(const model::Finding& finding) {
  if (!finding.scopes.empty() || finding.code_location.present() || is_messaging(finding)) return suggested_fix(finding);
  const auto place = reinterpret_cast<std::uintptr_t>(finding.service.data());
  Known& known = by_service_[base::spread(place) % kKnown];
  if (known.service.data() != finding.service.data() || known.service.size() != finding.service.size()) {
    known = {finding.service, detect_framework({}, {}, finding.service)};
  }
  return row_of(finding.type, known.framework);
}

}  // namespace sentinel::detect
