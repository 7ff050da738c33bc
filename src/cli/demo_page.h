// `demo --html`: the demo data set as a page with every section filled (chapter 06 §5).
#pragma once

#include <string>

#include "analysis/run.h"
#include "base/result.h"
#include "config/config.h"

namespace sentinel::cli {

// Writes the page of the analysed demo, with statistics and a comparison, to `path`.
[[nodiscard]] base::Status write_demo_page(const std::string& path, const analysis::Run& run, const config::Config& config);

}  // namespace sentinel::cli
