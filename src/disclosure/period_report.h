// From daemon archives to the disclosure of a period (chapter 08 §3-§7): what `disclose` writes and its preview shows.
//
// scan_archives() and report_period() read the archives line by line; nothing is written and no clock is read. The same
// archives give the same document whatever the machine. One thread; results own what they hold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "disclosure/document.h"

namespace sentinel::disclosure {

// First and last instant of the windows in the archives; lines without a readable time are passed over.
struct ArchiveRange {
  std::optional<Instant> first;
  std::optional<Instant> last;
};
[[nodiscard]] base::Result<ArchiveRange> scan_archives(const std::vector<std::string>& inputs);

struct PeriodRequest {
  Intent intent = Intent::kInternal;
  Confidentiality confidentiality = Confidentiality::kInternal;
  Days from = 0;
  Days to = 0;  // inclusive, not before `from`
  PeriodType type = PeriodType::kCustom;
  std::vector<std::string> inputs;  // files or directories
  bool strict_attribution = false;
  // What only a document to be published needs; a preview leaves them empty.
  Instant generated_at;
  std::string generated_by;
  std::string report_uuid;
  std::optional<std::string> binary_hash;
};

// What is said about the archives beside the document.
struct ArchiveCounts {
  std::uint64_t windows = 0;  // in the period
  std::uint64_t malformed_lines = 0;
  std::uint64_t legacy_windows = 0;    // without the canonical tier
  std::uint64_t repeated_windows = 0;  // chained lines that were folded before: copies of archives overlap
};

struct PeriodReport {
  Document document;
  ArchiveCounts archives;
  std::vector<std::string> rejections;  // "<path>: <reason>", what keeps the document from being official (08 §10.1); filled
                                        // whatever the intent, as if it were official
  std::vector<std::string> warnings;    // 08 §10.2
};

enum class PeriodFault : std::uint8_t { kNone, kNoWindow, kFailed };
struct PeriodResult {
  PeriodFault fault = PeriodFault::kNone;
  base::Error error;  // unless kNone
  PeriodReport report;
};
[[nodiscard]] PeriodResult report_period(const PeriodRequest& request, const OrgConfig& organisation);

}  // namespace sentinel::disclosure
