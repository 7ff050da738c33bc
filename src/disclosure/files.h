// Files as the disclosure commands treat them: whole, under a cap, replaced in one step (chapter 08 §3, §12, §13).
// Any thread; errors carry the cause and the path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sentinel::disclosure {

inline constexpr std::uint64_t kMaxReportBytes = 64ULL << 20;
inline constexpr std::uint64_t kMaxHashedBytes = 256ULL << 20;

// The content of a regular file of at most `max_bytes`; symbolic links are followed.
[[nodiscard]] base::Result<std::string> read_whole_file(const std::string& path, std::uint64_t max_bytes);

// 64 hex digits over a file's bytes, or an error past kMaxHashedBytes.
[[nodiscard]] base::Result<std::string> file_sha256(const std::string& path);

// Writes `path`.tmp, which must not exist, and renames it over `path`. A symbolic link at `path` is replaced, its target left
// alone. After an error there is no new file.
[[nodiscard]] base::Status replace_file(const std::string& path, std::string_view bytes);

[[nodiscard]] bool is_symlink(const std::string& path);

}  // namespace sentinel::disclosure
