#include "report/gate_labels.h"

namespace sentinel::report {
namespace {

struct RuleLabel {
  std::string_view rule;
  std::string_view label;
};
constexpr RuleLabel kRuleLabels[] = {
    {"n_plus_one_sql_critical_max", "Max critical N+1 SQL"},
    {"n_plus_one_http_warning_max", "Max N+1 HTTP (warning+)"},
    {"n_plus_one_messaging_warning_max", "Max N+1 messaging (warning+)"},
    {"io_waste_ratio_max", "Max I/O waste ratio"},
    {"min_usable_span_ratio", "Min usable span ratio"},
};

}  // namespace

std::string_view gate_rule_label(std::string_view rule) {
  for (const RuleLabel& known : kRuleLabels) {
    if (known.rule == rule) return known.label;
  }
  return rule;
}

}  // namespace sentinel::report
