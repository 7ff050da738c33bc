// What a comparison means for a build: pass, comment or fail, by rules such as "new:warning:n_plus_one_sql".
//
// A rule names what it is about (new findings, regressions of known ones, or any of both), how bad it must be at least and of
// which type. A rule that one finding matches decides; fail wins over comment. Pure functions, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/diff.h"
#include "base/result.h"

namespace sentinel::analysis {

enum class VerdictBand : std::uint8_t { kPass, kComment, kFail };
[[nodiscard]] constexpr std::string_view word(VerdictBand band) {
  constexpr std::array<std::string_view, 3> kWords = {"PASS", "COMMENT", "FAIL"};
  return kWords[static_cast<std::size_t>(band)];
}
// The flag whose rules lead to a band; empty for pass.
[[nodiscard]] constexpr std::string_view flag_of(VerdictBand band) {
  constexpr std::array<std::string_view, 3> kFlags = {"", "--comment-on", "--fail-on"};
  return kFlags[static_cast<std::size_t>(band)];
}

struct BandRule {
  enum class About : std::uint8_t { kNew, kRegression, kAny };
  About about = About::kNew;
  model::Severity at_least = model::Severity::kInfo;  // this bad or worse
  std::optional<model::FindingType> type;
  std::string text;  // as written

  [[nodiscard]] bool matches(const model::Finding& finding) const {
    return finding.severity <= at_least && (!type || *type == finding.type);
  }
};

// "new[:severity[:type]]", also "regression" and "any" in the first place, several separated by commas. The error says which
// part is wrong and what may stand there.
[[nodiscard]] base::Result<std::vector<BandRule>> parse_band_rules(std::string_view list);

struct RuleHits {
  VerdictBand band = VerdictBand::kPass;
  std::string_view rule;     // text of the rule, which must outlive this
  std::size_t findings = 0;  // more than none
};

struct Verdict {
  VerdictBand band = VerdictBand::kPass;
  std::vector<RuleHits> hits;  // rules that something matched: those of fail first, in the order given
};

[[nodiscard]] Verdict judge(const Diff& diff, std::span<const BandRule> fail_on, std::span<const BandRule> comment_on);

}  // namespace sentinel::analysis
