// `diff`: what changed between two runs, and what that means for a build (chapter 03 §12, chapter 07 §8).
#include "analysis/diff.h"

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analysis/bands.h"
#include "analysis/compared_run.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/acknowledge.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/overwrite.h"
#include "cli/report_files.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "config/key_table.h"
#include "report/ci/diff_markdown.h"
#include "report/diff_report.h"

namespace sentinel::cli {
namespace {

using analysis::BandRule;
using analysis::ComparedRun;

// The rules of a repeatable flag, each value of which is a list.
base::Result<std::vector<BandRule>> band_rules(const Arguments& arguments, std::string_view flag) {
  std::vector<BandRule> all;
  for (const std::string_view list : arguments.all(flag)) {
    base::Result<std::vector<BandRule>> rules = analysis::parse_band_rules(list);
    if (!rules) return rules.error();
    for (BandRule& rule : *rules) all.push_back(std::move(rule));
  }
  return all;
}

base::Result<std::unique_ptr<ComparedRun>> load_side(const Invocation& invocation, std::string_view flag) {
  analysis::InputOptions input = input_options(invocation.arguments);
  input.path = invocation.arguments.text(flag)->data();
  base::log_info("diff", concat({"reading ", input.path}));
  return ComparedRun::load(input, *invocation.config, confidence_of_this_run());
}

// Findings of runs with other thresholds look new or resolved without being so.
void warn_about_thresholds(const model::Report& before, const model::Report& after) {
  if (!before.detection_config || !after.detection_config) return;
  config::Config old_config;
  config::Config new_config;
  old_config.detection.settings = *before.detection_config;
  new_config.detection.settings = *after.detection_config;
  std::string differences;
  for (const config::KeyRow& row : config::key_table()) {
    if (row.section != "detection" || !config::is_whole_number(row)) continue;
    const std::uint64_t old_value = config::whole_number(row, old_config);
    const std::uint64_t new_value = config::whole_number(row, new_config);
    if (old_value == new_value) continue;
    differences +=
        concat({differences.empty() ? "" : ", ", row.key, " ", std::to_string(old_value), " and ", std::to_string(new_value)});
  }
  if (!differences.empty()) base::log_warn("diff", concat({"the two runs have different thresholds: ", differences}));
}

// SARIF holds the new findings only.
std::string sarif(const report::RenderOptions& options, const analysis::Diff& diff, std::span<const model::Warning> warnings) {
  std::string out;
  const std::uint64_t left_out = report::append_sarif(
      out, {.findings = diff.new_findings, .acknowledged = {}, .warnings = warnings, .version = SENTINEL_VERSION},
      {.compat = options.sarif_compat,
       .max_results = options.sarif_max,
       .fallback_file = options.fallback_file,
       .baseline_state = "new"});
  report_left_out(left_out, *report::renderer_named("sarif"), "the comparison");
  return out;
}

std::string markdown(const analysis::Diff& diff, std::span<const model::Warning> warnings, const analysis::Verdict* verdict) {
  std::string out;
  const std::uint64_t left_out = report::append_diff_markdown(out, diff, warnings, verdict);
  report_left_out(left_out, *report::renderer_named("markdown"), "the comparison");
  return out;
}

std::string render(const Arguments& arguments, const report::RenderOptions& options, const analysis::Diff& diff,
                   std::span<const model::Warning> warnings, const analysis::Verdict* verdict) {
  if (arguments.text("format") == "json") return report::diff_json(diff, warnings);
  if (arguments.text("format") == "sarif") return sarif(options, diff, warnings);
  if (arguments.text("format") == "markdown") return markdown(diff, warnings, verdict);
  return report::diff_text(diff, warnings, verdict, !arguments.typed("output") && wants_colors());
}

// One line: what was decided and by which rules.
void print_verdict(const analysis::Verdict& verdict) {
  std::string reasons;
  for (const analysis::RuleHits& hit : verdict.hits) {
    reasons += concat({reasons.empty() ? ": " : ", ", analysis::flag_of(hit.band), " ", base::for_terminal(hit.rule), " (",
                       std::to_string(hit.findings), ")"});
  }
  write_stderr(concat({"Diff verdict: ", analysis::word(verdict.band), reasons, "\n"}));
}

// The comparison comes first, then the verdict: fail wins over a failed write, comment does not.
ExitCode emit(const Arguments& arguments, std::string_view text, const analysis::Verdict* verdict) {
  const auto path = arguments.text("output");
  const bool to_file = arguments.typed("output");
  const base::Status written = to_file ? write_file(std::string(*path), text) : write_stdout(text);
  if (verdict != nullptr) print_verdict(*verdict);
  if (verdict != nullptr && verdict->band == analysis::VerdictBand::kFail) return ExitCode::kVerdict;
  if (!written) return refuse(ExitCode::kCannotRun, written.error());
  return verdict != nullptr && verdict->band == analysis::VerdictBand::kComment ? ExitCode::kComment : ExitCode::kDone;
}

}  // namespace

ExitCode run_diff(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto fail_on = band_rules(arguments, "fail-on");
  const auto comment_on = band_rules(arguments, "comment-on");
  for (const auto* rules : {&fail_on, &comment_on}) {
    if (*rules) continue;
    print_error(rules->error().text());
    return ExitCode::kUsage;
  }
  if (const base::Status kept = keeps_inputs(arguments, {"output"}, {"before", "after"}); !kept) {
    return refuse(ExitCode::kUsage, kept.error());
  }
  const auto options = render_options(arguments);
  if (!options) {
    print_error(options.error().text());
    return ExitCode::kUsage;
  }

  const auto acknowledgments = read_acknowledgments(arguments);
  if (!acknowledgments) return refuse(ExitCode::kCannotRun, acknowledgments.error());

  constexpr std::array<std::string_view, 2> kSides = {"before", "after"};
  std::array<std::unique_ptr<ComparedRun>, 2> sides;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    auto side = load_side(invocation, kSides[i]);
    if (!side) {
      print_input_error(side.error());
      return ExitCode::kCannotRun;
    }
    sides[i] = std::move(*side);
    acknowledge(invocation, *acknowledgments, sides[i]->report(), sides[i]->origin());
  }

  const model::Report& after = sides[1]->report();
  warn_about_thresholds(sides[0]->report(), after);
  const analysis::Diff diff = analysis::compare(sides[0]->report(), after);
  const analysis::Verdict verdict = analysis::judge(diff, *fail_on, *comment_on);
  const bool judged = !fail_on->empty() || !comment_on->empty();
  return emit(arguments, render(arguments, *options, diff, after.warning_details, judged ? &verdict : nullptr),
              judged ? &verdict : nullptr);
}

}  // namespace sentinel::cli
