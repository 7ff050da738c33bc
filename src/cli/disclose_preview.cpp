// `disclose --tui`: what the disclosure of a period would say, and the command that writes it (chapter 08 §15).
#include "tui/disclose_preview.h"

#include <chrono>

#include "cli/browse.h"
#include "cli/output.h"
#include "disclosure/org_config.h"
#include "disclosure/period_report.h"

namespace sentinel::cli {
namespace {

disclosure::Days today() {
  using namespace std::chrono;
  return floor<days>(system_clock::now()).time_since_epoch().count();
}

}  // namespace

ExitCode preview_disclosure(const Arguments& arguments) {
  tui::PreviewStart start;
  for (const std::string_view path : arguments.all("input")) start.inputs.emplace_back(path);
  start.org_config = arguments.text("org-config").value_or("");
  start.output = arguments.text("output").value_or("");
  start.strict_attribution = arguments.typed("strict-attribution");
  start.today = today();

  const auto organisation = disclosure::load_org_config(start.org_config);
  if (!organisation) return refuse(ExitCode::kVerdict, organisation.error());
  const auto range = disclosure::scan_archives(start.inputs);
  if (!range) return refuse(ExitCode::kVerdict, range.error());
  if (range->first) start.first = disclosure::date_of(*range->first);
  if (range->last) start.last = disclosure::date_of(*range->last);

  tui::DisclosePreview preview(std::move(start), [&](const disclosure::PeriodRequest& request) {
    return disclosure::report_period(request, *organisation);
  });
  return show_view(preview);
}

}  // namespace sentinel::cli
