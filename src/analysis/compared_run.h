// One side of a comparison: a trace file, analysed now, or a saved report (chapter 03 §12).
//
// Owns what the views of its report point to; spans are let go as soon as the findings are there, so that two large files never
// stand in memory together. One thread; the analysis uses several.
#pragma once

#include <memory>
#include <string>

#include "analysis/acknowledgments.h"
#include "analysis/report_reader.h"
#include "analysis/run.h"
#include "base/result.h"
#include "config/config.h"
#include "model/report.h"

namespace sentinel::analysis {

class ComparedRun {
 public:
  // A saved report is recognised by its first key; naming an input format takes everything as traces. Findings come in
  // canonical order, without those that [[rules]] suppress. An Error names the file.
  [[nodiscard]] static base::Result<std::unique_ptr<ComparedRun>> load(const InputOptions& input, const config::Config& config,
                                                                       model::Confidence confidence);

  [[nodiscard]] model::Report& report() { return run_->report; }
  [[nodiscard]] ReportOrigin origin() const { return origin_; }

 private:
  base::Status read_report(ingest::ByteSource& source, const config::Config& config);

  std::unique_ptr<Run> run_ = std::make_unique<Run>();  // of a saved report only its report is filled
  std::string document_;                                // of a saved report
  base::Arena texts_;
  ReportOrigin origin_ = ReportOrigin::kFresh;
};

}  // namespace sentinel::analysis
