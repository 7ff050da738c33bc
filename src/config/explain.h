// Text of `perf-sentinel validate` and `validate --explain` (chapter 11 §4). Pure functions, any thread.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "config/load.h"

namespace sentinel::config {

// Every key with its value and origin, a line each, grouped by section; then the components that would start, with their
// addresses. Secrets read "(set)" or "(unset)". Ends with a line end.
[[nodiscard]] std::string explain_text(const Loaded& loaded);

// One line an error. Ends with a line end unless empty.
[[nodiscard]] std::string errors_text(std::span<const base::Error> errors);

// One line: "configuration is valid: 2 files, 3 warnings".
[[nodiscard]] std::string valid_text(const Loaded& loaded);

// The table of all keys in docs/configuration.md.
[[nodiscard]] std::string markdown_table();

}  // namespace sentinel::config
