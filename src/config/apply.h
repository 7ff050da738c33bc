// From what the files say to the final Config: environment, spellings, defaults that replace values, files that are named
// (chapter 06 §1.5, §2.2 up to "conversion"). Reads profile and calibration files; any thread.
#pragma once

#include "config/load.h"
#include "config/problems.h"
#include "config/reader.h"

namespace sentinel::config {

using Origins = std::map<std::string, Origin, std::less<>>;

// Values of the rows that name a variable. `documents`: what was read, to know which sections are there.
void apply_environment(const EnvironmentReader& environment, const Documents& documents, Config& config, Origins& origins,
                       Problems& problems);

// Spellings, trimming, lower case, active backends, deprecated and doubtful values, named files. A profiles file that does
// not load leaves its error in `profiles_error`, to be reported in its turn.
void convert(const Spellings& spellings, const Facts& facts, Config& config, Problems& problems, std::string& profiles_error);

}  // namespace sentinel::config
