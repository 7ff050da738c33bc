// Which log lines are wanted: the directive grammar of RUST_LOG (chapter 06 §1.3).
//
// A list of "level", "target=level" and "target" parted by commas; levels are off, error, warn, info, debug, trace in any
// case, or 0 to 5. The directive with the longest target that a line's target starts with decides; without one the line
// is dropped. Immutable after parse(), so safe to share between threads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"

namespace sentinel::base {

class LogFilter {
 public:
  // nullopt when the text does not parse. The empty text means errors only.
  [[nodiscard]] static std::optional<LogFilter> parse(std::string_view directives);

  // The filter for the two variables' values (null when unset): the first one that is set decides, what does not parse
  // or is not set at all means info.
  [[nodiscard]] static LogFilter from_environment(const char* product_variable, const char* rust_log);

  [[nodiscard]] bool enabled(LogLevel level, std::string_view target) const;

 private:
  struct Directive {
    std::string target;
    int most = 0;  // number of levels let through: 0 none, 1 error … 5 trace
  };
  std::vector<Directive> directives_;
};

}  // namespace sentinel::base
