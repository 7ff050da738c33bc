#include "report/impact_text.h"

#include <array>

#include "base/number_format.h"
#include "report/labels.h"

namespace sentinel::report {

std::string saving_text(const model::FindingImpact& impact) {
  constexpr std::array<std::string_view, 5> kIf = {"", "batched", "cached", "run in parallel", "as fast as the threshold"};
  std::string out;
  if (impact.predicted()) {
    out += duration_text(impact.saving_us()) + " of " + duration_text(impact.trace_us);
    if (impact.saving_us() > 0) {
      const double share = static_cast<double>(impact.saving_us()) / static_cast<double>(impact.trace_us);
      out += " (" + base::text_fixed(share * 100.0, 1) + "%)";
    }
    out += " if ";
    out += kIf[static_cast<std::size_t>(impact.fix)];
    out += " · ";
  }
  return out + duration_text(impact.critical_path_us) + " on the critical path";
}

}  // namespace sentinel::report
