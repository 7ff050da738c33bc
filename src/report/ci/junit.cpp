#include "report/ci/junit.h"

#include <algorithm>
#include <vector>

#include "base/number_format.h"
#include "base/xml_writer.h"
#include "report/ci/code_path.h"
#include "report/ci/messages.h"
#include "report/labels.h"

namespace sentinel::report {
namespace {

using base::XmlWriter;
using model::Finding;
using model::FindingType;
using model::GateRule;
using model::Severity;

constexpr std::size_t kCaseBytes = 1400;
constexpr std::string_view kGateSuite = "quality gate";

// Which findings each rule judges (chapter 03 §11).
struct RuleScope {
  std::string_view rule;
  bool (*covers)(const Finding&);
};

template <FindingType type, Severity at_least>
bool is(const Finding& finding) {
  return finding.type == type && finding.severity <= at_least;  // worst first
}

constexpr RuleScope kScopes[] = {
    {"n_plus_one_sql_critical_max", is<FindingType::kNPlusOneSql, Severity::kCritical>},
    {"n_plus_one_http_warning_max", is<FindingType::kNPlusOneHttp, Severity::kWarning>},
    {"n_plus_one_messaging_warning_max", is<FindingType::kNPlusOneMessaging, Severity::kWarning>},
    {"io_waste_ratio_max", [](const Finding& finding) { return model::info(finding.type).avoidable; }},
};

// A broken rule, and what it judges.
struct Broken {
  const GateRule* rule = nullptr;
  bool (*covers)(const Finding&) = nullptr;  // null: no finding
  bool has_finding = false;
};

std::vector<Broken> broken_rules(const model::Report& report) {
  std::vector<Broken> out;
  for (const GateRule& rule : report.quality_gate.rules) {
    if (rule.passed) continue;
    Broken broken{.rule = &rule};
    for (const RuleScope& scope : kScopes) {
      if (scope.rule == rule.rule) broken.covers = scope.covers;
    }
    broken.has_finding = broken.covers != nullptr && std::ranges::any_of(report.findings, broken.covers);
    out.push_back(broken);
  }
  return out;
}

struct Case {
  const Finding* finding = nullptr;
  const model::Acknowledgment* acknowledgment = nullptr;  // set: skipped
  const GateRule* broken = nullptr;                       // set: failed
};

struct Totals {
  std::uint64_t tests = 0;
  std::uint64_t failures = 0;
  std::uint64_t skipped = 0;
  std::uint64_t window_ms = 0;
};

Totals totals_of(std::span<const Case> cases) {
  Totals out{.tests = cases.size()};
  for (const Case& one : cases) {
    out.failures += one.broken != nullptr ? 1 : 0;
    out.skipped += one.acknowledgment != nullptr ? 1 : 0;
    out.window_ms += one.finding->pattern.window_ms;
  }
  return out;
}

// All cases, those of a service together, services sorted, report order within.
std::vector<Case> cases_of(const model::Report& report, const std::vector<Broken>& broken, bool show_acknowledged) {
  std::vector<Case> out;
  out.reserve(report.findings.size() + report.acknowledged_findings.size());
  for (const Finding& finding : report.findings) {
    const auto at = std::ranges::find_if(broken, [&](const Broken& b) { return b.covers != nullptr && b.covers(finding); });
    out.push_back({.finding = &finding, .broken = at == broken.end() ? nullptr : at->rule});
  }
  if (show_acknowledged) {
    for (const auto& entry : report.acknowledged_findings) {
      out.push_back({.finding = &entry.finding, .acknowledgment = &entry.acknowledgment});
    }
  }
  std::ranges::stable_sort(out, {}, [](const Case& one) { return one.finding->service; });
  return out;
}

class JunitWriter {
 public:
  explicit JunitWriter(std::string& out) : xml_(out) {}

  void write(const model::Report& report, bool show_acknowledged) {
    const std::vector<Broken> broken = broken_rules(report);
    const std::vector<Case> cases = cases_of(report, broken, show_acknowledged);
    const auto gate_failures =
        static_cast<std::uint64_t>(std::ranges::count_if(broken, [](const Broken& b) { return !b.has_finding; }));
    const bool is_clean = cases.empty() && gate_failures == 0;
    Totals totals = totals_of(cases);
    totals.tests += gate_failures + (is_clean ? 1 : 0);
    totals.failures += gate_failures;
    xml_.open("testsuites");
    head("perf-sentinel", totals);
    for (std::span<const Case> rest = cases; !rest.empty();) {
      const std::string_view service = rest.front().finding->service;
      const auto end = std::ranges::find_if(rest, [&](const Case& one) { return one.finding->service != service; });
      const auto size = static_cast<std::size_t>(end - rest.begin());
      suite(service, rest.first(size));
      rest = rest.subspan(size);
    }
    if (gate_failures > 0 || is_clean) gate_suite(broken, gate_failures);
    xml_.close();
  }

 private:
  std::string_view seconds(std::uint64_t milliseconds) {
    scratch_.clear();
    base::append_unsigned(scratch_, milliseconds / 1000);
    const std::uint64_t rest = milliseconds % 1000;
    scratch_ += rest < 10 ? ".00" : rest < 100 ? ".0" : ".";
    base::append_unsigned(scratch_, rest);
    return scratch_;
  }

  void head(std::string_view name, const Totals& totals) {
    xml_.attribute("name", name).attribute("tests", totals.tests).attribute("failures", totals.failures);
    xml_.attribute("errors", std::uint64_t{0})
        .attribute("skipped", totals.skipped)
        .attribute("time", seconds(totals.window_ms));
  }

  void suite(std::string_view service, std::span<const Case> cases) {
    xml_.open("testsuite");
    head(service, totals_of(cases));
    for (const Case& one : cases) write_case(one);
    xml_.close();
  }

  void write_case(const Case& one) {
    const Finding& finding = *one.finding;
    scratch_.assign(model::slug(finding.type));
    scratch_ += ": ";
    scratch_ += finding.pattern.template_text;
    xml_.open("testcase").attribute("classname", finding.source_endpoint).attribute("name", scratch_);
    xml_.attribute("time", seconds(finding.pattern.window_ms));
    if (one.acknowledgment != nullptr) {
      xml_.open("skipped").attribute("message", one.acknowledgment->reason).close();
    } else if (one.broken != nullptr) {
      scratch_.clear();
      append_message(scratch_, finding, Controls::kReplace);
      xml_.open("failure").attribute("message", scratch_).attribute("type", model::slug(finding.type));
      xml_.text(details(finding, one.broken)).close();
    } else {
      xml_.open("system-out").text(details(finding, nullptr)).close();
    }
    xml_.close();
  }

  // What a person needs to act on it, a line each. The message of a failure is an attribute already.
  std::string_view details(const Finding& finding, const GateRule* broken) {
    details_.clear();
    line("severity", model::slug(finding.severity));
    if (broken == nullptr) {
      line("finding", "");
      append_message(details_, finding, Controls::kReplace);
    } else {
      line("quality gate", gate_rule_label(broken->rule));
      details_ += ' ' + base::text_plain(broken->threshold) + ", actual " + base::text_plain(broken->actual);
    }
    line("trace", finding.trace_id);
    if (const auto path = code_path(finding)) {
      line("source", *path);
      if (finding.code_location.lineno) {
        details_ += ':';
        base::append_unsigned(details_, *finding.code_location.lineno);
      }
    }
    if (finding.suggested_fix) {
      line("fix", "");
      append_fix(details_, finding, Controls::kReplace);
    }
    line("signature", finding.signature);
    return details_;
  }

  void line(std::string_view name, std::string_view text) {
    if (!details_.empty()) details_ += '\n';
    details_ += name;
    details_ += ": ";
    append_clean(details_, text, Controls::kReplace);
  }

  // Rules that no finding stands for; a run in which all is well has one case as well, for readers that take an empty file
  // for a crash.
  void gate_suite(const std::vector<Broken>& broken, std::uint64_t failures) {
    xml_.open("testsuite");
    head(kGateSuite, {.tests = std::max<std::uint64_t>(failures, 1), .failures = failures});
    for (const Broken& one : broken) {
      if (one.has_finding) continue;
      xml_.open("testcase").attribute("classname", kGateSuite).attribute("name", gate_rule_label(one.rule->rule));
      xml_.attribute("time", seconds(0));
      const std::string message =
          "limit " + base::text_plain(one.rule->threshold) + ", actual " + base::text_plain(one.rule->actual);
      xml_.open("failure").attribute("message", message).attribute("type", one.rule->rule).text(message).close();
      xml_.close();
    }
    if (failures == 0) {
      xml_.open("testcase").attribute("classname", kGateSuite).attribute("name", "no findings").attribute("time", seconds(0));
      xml_.close();
    }
    xml_.close();
  }

  XmlWriter xml_;
  std::string scratch_;
  std::string details_;
};

}  // namespace

void append_junit(std::string& out, const model::Report& report, bool show_acknowledged) {
  out.reserve(out.size() + kCaseBytes * (report.findings.size() + 1));
  JunitWriter(out).write(report, show_acknowledged);
}

}  // namespace sentinel::report
