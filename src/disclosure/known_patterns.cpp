#include "disclosure/known_patterns.h"

#include <algorithm>

#include "analysis/report_shape.h"

namespace sentinel::disclosure {
namespace {

using model::FindingType;

constexpr std::string_view kRepeated[] = {"7.1", "6.1"};
constexpr std::string_view kRedundant[] = {"7.1", "6.5"};
constexpr std::string_view kChatty[] = {"4.9", "4.10", "6.1"};
constexpr std::string_view kConcurrent[] = {"3.2"};
constexpr std::string_view kSerial[] = {"8.10"};

}  // namespace

bool is_known_pattern(std::string_view name) { return analysis::finding_type_named(name).has_value(); }

bool is_core_pattern(std::string_view name) { return std::ranges::find(kCorePatterns, name) != kCorePatterns.end(); }

bool is_avoidable(FindingType type) { return model::info(type).avoidable; }

std::span<const std::string_view> rgesn_criteria(FindingType type) {
  switch (type) {
    case FindingType::kNPlusOneSql:
    case FindingType::kNPlusOneHttp:
    case FindingType::kNPlusOneMessaging:
      return kRepeated;
    case FindingType::kRedundantSql:
    case FindingType::kRedundantHttp:
      return kRedundant;
    case FindingType::kChattyService:
      return kChatty;
    case FindingType::kExcessiveFanout:
    case FindingType::kPoolSaturation:
      return kConcurrent;
    case FindingType::kSerializedCalls:
      return kSerial;
    case FindingType::kSlowSql:
    case FindingType::kSlowHttp:
    case FindingType::kSlowMessaging:
      break;
  }
  return {};
}

}  // namespace sentinel::disclosure
