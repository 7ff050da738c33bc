// The text report for people (chapter 07 §2, chapter 04 §17). Everything that came from outside is made safe for a terminal.
// Pure function, any thread.
#pragma once

#include <string>
#include <string_view>

#include "model/report.h"

namespace sentinel::report {

struct TextOptions {
  std::string_view label = "report";  // report, tempo, jaeger-query, demo
  bool colors = false;
  bool show_acknowledged = false;
  bool show_saving = false;         // a line a finding on what its fix would save
  bool informational_gate = false;  // the demo says after a failed gate that it decides nothing
};

[[nodiscard]] std::string text_report(const model::Report& report, const TextOptions& options);

}  // namespace sentinel::report
