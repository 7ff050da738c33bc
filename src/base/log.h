// Log lines on standard error (chapter 06 §1.3): "<UTC time with µs> LEVEL target: message key=value".
//
// The level filter comes from PERF_SENTINEL_LOG, else RUST_LOG; the default is info. Colours only on a terminal and only
// without NO_COLOR. Thread-safe; the only global state of the project. Nothing is initialised before the first line.
#pragma once

#include <string_view>

namespace sentinel::base {

enum class LogLevel : unsigned char { kError, kWarn, kInfo, kDebug, kTrace };

[[nodiscard]] bool log_enabled(LogLevel level, std::string_view target);

// `message` is one line; control characters in it are replaced. Fields are part of the message ("… field=max_fanout").
void log(LogLevel level, std::string_view target, std::string_view message);

inline void log_warn(std::string_view target, std::string_view message) { log(LogLevel::kWarn, target, message); }
inline void log_info(std::string_view target, std::string_view message) { log(LogLevel::kInfo, target, message); }
inline void log_debug(std::string_view target, std::string_view message) { log(LogLevel::kDebug, target, message); }

}  // namespace sentinel::base
