// The parts of the text report, in the order in which they are printed (chapter 07 §2.1-§2.5). Each ends with its line end.
#pragma once

#include <span>

#include "model/report.h"
#include "report/terminal.h"
#include "report/text_report.h"

namespace sentinel::report {

void append_header(TerminalText& text, const model::Report& report, const TextOptions& options);
void append_findings(TerminalText& text, std::span<const model::Finding> findings, const TextOptions& options);
// The same for findings that each stand for `traces[i]` detections in as many traces; not empty.
void append_coalesced_findings(TerminalText& text, std::span<const model::Finding> findings,
                               std::span<const std::uint64_t> traces);
void append_green_summary(TerminalText& text, const model::Report& report);
void append_gate(TerminalText& text, const model::QualityGate& gate, const TextOptions& options);
void append_acknowledged(TerminalText& text, const model::Report& report, const TextOptions& options);

}  // namespace sentinel::report
