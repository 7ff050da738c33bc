// What this build is: commit, compiler, kind. Fixed when the program is compiled.
#pragma once

#include <string_view>

namespace sentinel::cli {

struct BuildInfo {
  std::string_view revision;    // `git describe`, or "unknown"
  std::string_view compiler;    // name and version
  std::string_view build_type;  // CMake's, in lower case
};

[[nodiscard]] BuildInfo build_info();

}  // namespace sentinel::cli
