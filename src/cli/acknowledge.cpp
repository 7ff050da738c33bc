#include "cli/acknowledge.h"

#include <string>
#include <utility>

#include "base/time.h"

namespace sentinel::cli {

base::Status acknowledge(const Invocation& invocation, model::Report& report, analysis::ReportOrigin origin) {
  const auto file = read_acknowledgments(invocation.arguments);
  if (!file) return file.error();
  acknowledge(invocation, *file, report, origin);
  return base::success();
}

base::Result<std::optional<analysis::AckFile>> read_acknowledgments(const Arguments& arguments) {
  if (arguments.typed("no-acknowledgments")) return std::optional<analysis::AckFile>();
  const std::string path(arguments.text("acknowledgments").value_or(analysis::kDefaultAckPath));
  base::Result<analysis::AckFile> file = analysis::load_acknowledgments(path);
  if (!file) return file.error();
  return std::optional(std::move(*file));
}

void acknowledge(const Invocation& invocation, const std::optional<analysis::AckFile>& file, model::Report& report,
                 analysis::ReportOrigin origin) {
  if (file) analysis::apply_acknowledgments(report, *file, base::wall_now_ms(), origin, invocation.config->thresholds);
}

}  // namespace sentinel::cli
