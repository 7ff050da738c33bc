// Whole small files as text. Any thread.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace sentinel::config {

inline constexpr std::size_t kMaxConfigBytes = 1024 * 1024;
inline constexpr std::size_t kMaxProfilesBytes = 2'097'152;
inline constexpr std::size_t kMaxCalibrationBytes = 2'097'152;

// The file's content; Error.what is the bare cause ("No such file or directory", "larger than 1048576 bytes", "not UTF-8").
// Symbolic links are followed.
[[nodiscard]] base::Result<std::string> read_text_file(const std::string& path, std::size_t max_bytes);

}  // namespace sentinel::config
