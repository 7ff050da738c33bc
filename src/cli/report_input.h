// What `report` and the like read: a trace file, or a report saved earlier (chapter 06 §1.2).
//
// An object that has the shape of a report is one; everything else is traces. The result owns all that its report points to.
#pragma once

#include <memory>
#include <string>

#include "analysis/acknowledgments.h"
#include "analysis/report_reader.h"
#include "analysis/run.h"
#include "base/result.h"
#include "config/config.h"

namespace sentinel::cli {

struct ReportInput {
  std::unique_ptr<analysis::Run> run;  // null for a saved report
  analysis::SavedReport saved;         // empty for traces
  std::string document;                // of a saved report

  [[nodiscard]] model::Report& report() { return run != nullptr ? run->report : saved.report; }
  [[nodiscard]] analysis::ReportOrigin origin() const {
    return run != nullptr ? analysis::ReportOrigin::kFresh : analysis::ReportOrigin::kLoaded;
  }
};

// Reads, and analyses what is not a report yet. Null `path`: standard input. The Error names the input.
[[nodiscard]] base::Result<ReportInput> read_report_input(const char* path, const config::Config& config, unsigned threads);

}  // namespace sentinel::cli
