// JUnit XML, as test reporters of CI systems read it: a suite a service (sorted), a case a finding.
//
// A case fails when its finding is among those that broke a rule of the quality gate; the others pass and carry their text as
// output. Acknowledged findings are skipped cases. A broken rule that no finding stands for is a failing case of the suite
// "quality gate", so the file has failures exactly when the gate failed. Without findings: one passing case. `time` of a case
// is the window of its calls. Pure function, any thread.
#pragma once

#include <string>

#include "model/report.h"

namespace sentinel::report {

void append_junit(std::string& out, const model::Report& report, bool show_acknowledged);

}  // namespace sentinel::report
