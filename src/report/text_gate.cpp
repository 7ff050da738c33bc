#include "base/number_format.h"
#include "report/labels.h"
#include "report/text_blocks.h"

namespace sentinel::report {
void append_gate(TerminalText& text, const model::QualityGate& gate, const TextOptions& options) {
  text.add("Quality gate: ", style::kBold);
  text.add(gate.passed ? "PASSED" : "FAILED", gate.passed ? style::kBoldGreen : style::kBoldRed);
  if (!gate.passed && options.informational_gate) text.add(" (for information only; analyze --ci would exit 1)");
  text.line_end();
  for (const model::GateRule& rule : gate.rules) {
    text.add("  ")
        .add("-", style::kDim)
        .add(" ")
        .untrusted(gate_rule_label(rule.rule))
        .add(": ")
        .add(base::text_plain(rule.threshold));
    text.add(" (actual ").add(base::text_plain(rule.actual)).add(") ");
    text.add(rule.passed ? "PASS" : "FAIL", rule.passed ? style::kGreen : style::kRed).line_end();
  }
  text.line_end();
}

void append_acknowledged(TerminalText& text, const model::Report& report, const TextOptions& options) {
  const std::size_t count = report.acknowledged_findings.size();
  if (count == 0) return;
  const std::string_view noun = count == 1 ? " finding" : " findings";
  text.line_end();
  if (!options.show_acknowledged) {
    text.begin(style::kDim).number(count).add(noun).add(" acknowledged and left out; list with --show-acknowledged");
    text.end(style::kDim).line_end();
    return;
  }
  text.begin(style::kBold).add("Acknowledged: ").number(count).add(noun).end(style::kBold).line_end();
  for (const model::AcknowledgedFinding& entry : report.acknowledged_findings) {
    const model::Acknowledgment& ack = entry.acknowledgment;
    text.add("  [ack] ").untrusted(ack.signature).add(" (").untrusted(ack.acknowledged_by).add(", ");
    text.untrusted(ack.acknowledged_at).add("): ").untrusted(ack.reason).line_end();
  }
}

}  // namespace sentinel::report
