#include "report/labels.h"

#include <algorithm>

#include "base/number_format.h"

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

std::string_view severity_word(model::Severity severity) {
  constexpr std::string_view kWords[] = {"CRITICAL", "WARNING", "INFO"};
  return kWords[static_cast<std::size_t>(severity)];
}

std::string spaced_type(model::FindingType type) {
  std::string name(model::slug(type));
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string duration_text(std::uint64_t us) {
  if (us < 1000) return std::to_string(us) + "µs";
  if (us < 1'000'000) return base::text_fixed(static_cast<double>(us) / 1e3, 1) + "ms";
  return base::text_fixed(static_cast<double>(us) / 1e6, 2) + "s";
}

std::string_view gate_rule_label(std::string_view rule) {
  for (const RuleLabel& known : kRuleLabels) {
    if (known.rule == rule) return known.label;
  }
  return rule;
}

}  // namespace sentinel::report
