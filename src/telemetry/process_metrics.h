// The seven process_* families of a Linux process (chapter 05 §10.2), read at each scrape. Any thread; nothing is kept.
#pragma once

#include <string>

#include "telemetry/registry.h"

namespace sentinel::telemetry {

// Appends the families whose files can be read under `proc` ("/proc" but in tests); others are left out. CPU seconds carry
// their fraction, the start time is whole seconds.
void append_process_metrics(Snapshot& out, const std::string& proc = "/proc");

}  // namespace sentinel::telemetry
