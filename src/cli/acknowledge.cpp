#include "cli/acknowledge.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace sentinel::cli {
namespace {

std::uint64_t now_ms() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

}  // namespace

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
  if (file) analysis::apply_acknowledgments(report, *file, now_ms(), origin, invocation.config->thresholds);
}

}  // namespace sentinel::cli
