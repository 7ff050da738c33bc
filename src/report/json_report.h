// The JSON report (chapter 07 §3): one pretty-printed object with a final newline, keys in the order of the chapter.
//
// Texts are written as they are, escaped but not sanitised. Pure function, any thread.
#pragma once

#include <string>

#include "model/report.h"

namespace sentinel::report {

// `show_acknowledged` keeps acknowledged_findings.
[[nodiscard]] std::string json_report(const model::Report& report, bool show_acknowledged);

}  // namespace sentinel::report
