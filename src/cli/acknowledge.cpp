#include "cli/acknowledge.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace sentinel::cli {
namespace {

std::uint64_t now_ms() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

}  // namespace

base::Status acknowledge(const Invocation& invocation, model::Report& report, analysis::ReportOrigin origin) {
  if (invocation.arguments.typed("no-acknowledgments")) return base::success();
  const std::string path(invocation.arguments.text("acknowledgments").value_or(analysis::kDefaultAckPath));
  auto file = analysis::load_acknowledgments(path);
  if (!file) return file.error();
  analysis::apply_acknowledgments(report, *file, now_ms(), origin, invocation.config->thresholds);
  return base::success();
}

}  // namespace sentinel::cli
