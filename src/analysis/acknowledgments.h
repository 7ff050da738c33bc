// The acknowledgment file: findings a team has accepted, until a date (chapter 03 §10).
//
// load_acknowledgments() reads and checks the whole file or fails; nothing is applied in part. apply_acknowledgments() moves
// accepted findings aside and judges the gate anew; the time of day is the caller's. Pure functions but for the file read; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "model/report.h"

namespace sentinel::analysis {

inline constexpr std::string_view kDefaultAckPath = ".perf-sentinel-acknowledgments.toml";
inline constexpr std::size_t kMaxAckFileBytes = std::size_t{16} << 20;

struct AckEntry {
  model::Acknowledgment acknowledgment;
  // Last instant at which the entry counts: 23:59:59 UTC of expires_at, in ms since 1970; nullopt = no end.
  std::optional<std::int64_t> active_until_ms;

  [[nodiscard]] bool active(std::uint64_t now_ms) const {
    return !active_until_ms || (*active_until_ms >= 0 && static_cast<std::uint64_t>(*active_until_ms) >= now_ms);
  }
};
using AckFile = std::vector<AckEntry>;  // in file order

// A path that does not exist is an empty file; a symbolic link, more than kMaxAckFileBytes and anything unreadable or invalid
// is an error that names the path and, inside the file, the entry (from 0) and the field.
[[nodiscard]] base::Result<AckFile> load_acknowledgments(const std::string& path);

// The same for the bytes of such a file; `path` is used in messages only.
[[nodiscard]] base::Result<AckFile> parse_acknowledgments(std::string_view bytes, std::string_view path);

// A date as days since 1970; the Error says in what it breaks the grammar of 03 §10.1, or that there is no such day.
[[nodiscard]] base::Result<std::int64_t> parse_expiry_date(std::string_view text);

enum class ReportOrigin : std::uint8_t { kFresh, kLoaded };  // only a fresh analysis warns about entries that matched nothing

// Chapter 03 §10.4: drops what an earlier run left (acknowledged findings of a loaded report, unmatched warnings), moves
// matching findings to acknowledged_findings, adds warnings, and evaluates the quality gate of the rest, also when `file` is
// empty.
void apply_acknowledgments(model::Report& report, const AckFile& file, std::uint64_t now_ms, ReportOrigin origin,
                           const config::ThresholdsConfig& thresholds);

}  // namespace sentinel::analysis
