// GitLab's Code Quality report: a JSON array with an object a finding, in report order; acknowledged findings are not in it.
// Fingerprints are signatures; repeats of one, which GitLab would drop, end in -2, -3 and so on. Pure function, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/finding.h"

namespace sentinel::report {

// Findings without an acceptable code location point to line 1 of `fallback_file`.
void append_code_quality(std::string& out, std::span<const model::Finding> findings, std::string_view fallback_file);

}  // namespace sentinel::report
