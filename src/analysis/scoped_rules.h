// [[rules]] at work: thresholds for a part of the findings, and findings that are set aside with a reason.
//
// Thresholds. The detectors run once with the thresholds of [detection] and once more for each rule that sets any; a finding
// counts when it comes from the run that it belongs to: that of the first rule, in the order of the file, whose scope it
// matches and which sets a threshold of its detector, else the ordinary run. So a rule means exactly what its thresholds would
// mean for the whole configuration, seen through its scope.
//
// Suppressions. A finding that matches one leaves the report and the gate and joins the accepted findings, with the rule's
// reason; a warning counts them. Rules that have expired do nothing and give a warning. Without rules nothing of this costs or
// changes anything. Pure functions, any thread.
#pragma once

#include <vector>

#include "base/arena.h"
#include "config/config.h"
#include "detect/finding_sink.h"
#include "model/finding.h"
#include "model/report.h"
#include "model/symbols.h"
#include "model/trace_set.h"

namespace sentinel::analysis {

// The finding lies in the rule's scope. For suppressions the types count too.
[[nodiscard]] bool in_scope(const config::ScopedRule& rule, const model::Finding& finding);

// As detect::detect() and detect::detect_trace(), under the rules that set thresholds.
[[nodiscard]] std::vector<model::Finding> detect_under_rules(const model::TraceSet& traces, const model::Symbols& symbols,
                                                             const config::Config& config, unsigned threads,
                                                             std::vector<base::Arena>& texts,
                                                             detect::Evidence evidence = detect::Evidence::kLeftOut);
[[nodiscard]] std::vector<model::Finding> detect_trace_under_rules(const model::TraceView& trace, const model::Symbols& symbols,
                                                                   const config::Config& config, base::Arena& texts);

// Settings that judge a finding of this type and place: those of [detection] with the thresholds of the rule it belongs to.
[[nodiscard]] model::DetectionSettings settings_for(const config::Config& config, const model::Finding& finding);

// Moves suppressed findings to acknowledged_findings, keeping both orders, and adds the warnings of all rules.
void apply_suppressions(model::Report& report, const config::Config& config);

}  // namespace sentinel::analysis
