#include "disclosure/document.h"

namespace sentinel::disclosure {

std::string_view slug(Intent intent) {
  switch (intent) {
    case Intent::kOfficial:
      return "official";
    case Intent::kAudited:
      return "audited";
    case Intent::kInternal:
      break;
  }
  return "internal";
}

std::string_view slug(Confidentiality level) { return level == Confidentiality::kPublic ? "public" : "internal"; }

std::string_view slug(PeriodType type) {
  switch (type) {
    case PeriodType::kCalendarQuarter:
      return "calendar-quarter";
    case PeriodType::kCalendarMonth:
      return "calendar-month";
    case PeriodType::kCalendarYear:
      return "calendar-year";
    case PeriodType::kCustom:
      break;
  }
  return "custom";
}

std::string_view slug(Conformance conformance) {
  switch (conformance) {
    case Conformance::kCoreRequired:
      return "core-required";
    case Conformance::kExtended:
      return "extended";
    case Conformance::kPartial:
      break;
  }
  return "partial";
}

}  // namespace sentinel::disclosure
