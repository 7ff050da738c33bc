#include "report/text_report.h"

#include "report/terminal.h"
#include "report/text_blocks.h"

namespace sentinel::report {

std::string text_report(const model::Report& report, const TextOptions& options) {
  TerminalText text(options.colors);
  append_header(text, report, options);
  append_findings(text, report.findings, options);
  append_green_summary(text, report);
  append_gate(text, report.quality_gate, options);
  append_acknowledged(text, report, options);
  return text.take();
}

}  // namespace sentinel::report
