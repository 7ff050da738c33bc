// The preview of a disclosure: which period it would cover, what it would say, whether it could be official, and the command
// that writes it (chapter 08 §15). Never hashes and never writes.
//
// A state machine like the browser. Reports are made by the function given, once a setting, and kept. One thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "disclosure/period_report.h"
#include "tui/pager.h"
#include "tui/preview_period.h"
#include "tui/view.h"

namespace sentinel::tui {

struct PreviewStart {
  std::optional<Days> first;  // days of the first and the last archived window
  std::optional<Days> last;
  Days today = 0;  // stands in when the archives hold no window
  std::vector<std::string> inputs;
  std::string org_config;
  std::string output;  // empty: named after the period
  bool strict_attribution = false;
};

class DisclosePreview final : public View {
 public:
  using Report = std::function<disclosure::PeriodResult(const disclosure::PeriodRequest&)>;

  DisclosePreview(PreviewStart start, Report report);

  void draw(Screen& screen) override;
  [[nodiscard]] Reaction handle(const Event& event) override;
  void notice(std::string /*text*/) override {}

 private:
  void on_character(char32_t character);
  void recompute();
  [[nodiscard]] Lines settings_lines() const;
  [[nodiscard]] std::string command() const;
  [[nodiscard]] disclosure::PeriodRequest request() const;

  PreviewStart start_;
  Report report_;
  PreviewPeriod period_;
  disclosure::Intent intent_ = disclosure::Intent::kInternal;
  disclosure::Confidentiality confidentiality_ = disclosure::Confidentiality::kPublic;
  using Setting = std::tuple<disclosure::Intent, disclosure::Confidentiality, disclosure::PeriodType, Days, Days>;
  std::map<Setting, Lines> summaries_;  // of what was shown before
  Pager summary_;
  bool help_open_ = false;
  bool too_small_ = false;
};

// What a period's report comes to, by section.
[[nodiscard]] Lines preview_lines(const disclosure::PeriodResult& result, disclosure::Intent intent);

// A word of a command line, quoted if a shell would read it otherwise.
[[nodiscard]] std::string shell_quoted(std::string_view word);

}  // namespace sentinel::tui
