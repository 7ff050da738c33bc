#include "disclosure/period_report.h"

#include <algorithm>
#include <functional>

#include "base/log.h"
#include "disclosure/aggregation.h"
#include "disclosure/archive_files.h"
#include "disclosure/archive_window.h"
#include "disclosure/chain.h"
#include "disclosure/disclosure_texts.h"
#include "disclosure/known_patterns.h"
#include "disclosure/validate.h"

namespace sentinel::disclosure {
namespace {

// The first word is what an organisation states in its own file.
constexpr std::string_view kSpecpowerVintage = "2026-04-24 (CCF aligned)";

void warn(const LineReader& lines, std::string_view what) {
  base::log_warn("disclose", lines.path() + ", line " + std::to_string(lines.number()) + ": " + std::string(what));
}

// Folds archives into an aggregation; one line at a time.
class Folder {
 public:
  Folder(const PeriodRequest& request, PeriodReport& report)
      : first_(request.from * kSecondsADay),
        end_((request.to + 1) * kSecondsADay),
        report_(report),
        sums_(request.strict_attribution) {}

  base::Status file(const std::string& path) {
    LineReader lines(path);
    if (base::Status opened = lines.open(); !opened) return opened;
    ChainWalk chain(report_.document.chain);
    bool chain_warned = false;
    const std::uint64_t fallback_before = sums_.fallback_windows();
    bool fallback_warned = false;
    for (std::string_view text; lines.next(&text);) {
      if (text.empty()) continue;
      const ArchiveLine& line = reader_.read(text);
      const bool in_scope = !line.ts || in_period(*line.ts);
      if (const char* broken = chain.step(line, in_scope); broken != nullptr && !chain_warned) {
        chain_warned = true;
        warn(lines, std::string("the hash chain breaks: ") + broken + " (more breaks in this file are counted only)");
      }
      if (base::Status folded = window(lines, line); !folded) return folded;
      if (!fallback_warned && sums_.fallback_windows() > fallback_before) {
        fallback_warned = true;
        warn(lines, "the window has no figures of its services, which are attributed by share of I/O (said once a file)");
      }
    }
    return lines.failed() ? base::Status(lines.error()) : base::success();
  }

  [[nodiscard]] const Aggregation& sums() const { return sums_; }

  // How many of the folded lines carry a hash that another one carries too.
  [[nodiscard]] std::uint64_t repeated() {
    std::ranges::sort(folded_);
    return static_cast<std::uint64_t>(folded_.end() - std::unique(folded_.begin(), folded_.end()));
  }

 private:
  [[nodiscard]] bool in_period(Instant ts) const { return ts.seconds >= first_ && ts.seconds < end_; }

  base::Status window(const LineReader& lines, const ArchiveLine& line) {
    if (base::Status read = reader_.window(window_); !read) {
      ++report_.archives.malformed_lines;
      warn(lines, "left out, as it is no archived window: " + read.error().text());
      return base::success();
    }
    if (!in_period(window_.ts)) return base::success();
    const auto added = sums_.add(window_);
    if (!added) return base::Error{added.error().what, lines.path(), added.error().hint};
    if (!*added) {
      ++report_.archives.malformed_lines;
      warn(lines, "left out, as its carbon is not a finite number");
      return base::success();
    }
    if (line.has_hash) folded_.push_back(std::hash<std::string>()(line.computed_hash));
    return base::success();
  }

  std::int64_t first_;
  std::int64_t end_;
  PeriodReport& report_;
  Aggregation sums_;
  ArchiveLineReader reader_;
  Window window_;
  std::vector<std::size_t> folded_;
};

void start_document(const PeriodRequest& request, const OrgConfig& organisation, Document& document) {
  document.intent = request.intent;
  document.confidentiality = request.confidentiality;
  document.generated_at = request.generated_at;
  document.generated_by = request.generated_by;
  document.version = SENTINEL_VERSION;
  document.report_uuid = request.report_uuid;
  document.organisation = organisation;
  document.period = {request.from, request.to, request.type, static_cast<std::uint32_t>(request.to - request.from + 1)};
  document.core_patterns_required.assign(kCorePatterns.begin(), kCorePatterns.end());
  document.binary_specpower_vintage = kSpecpowerVintage;
  document.binary_hash = request.binary_hash;
}

void finish_document(const Aggregation& sums, Document& document) {
  sums.finish(document);
  if (const auto declared = document.organisation.total_requests_in_period) {
    document.coverage_percentage =
        *declared == 0 ? 0.0 : 100.0 * static_cast<double>(document.aggregate.total_requests) / static_cast<double>(*declared);
  }
  document.disclaimers = disclaimers(document);
}

}  // namespace

base::Result<ArchiveRange> scan_archives(const std::vector<std::string>& inputs) {
  const auto files = archive_files(inputs);
  if (!files) return files.error();
  ArchiveRange range;
  base::Arena arena;
  for (const std::string& path : *files) {
    LineReader lines(path);
    if (base::Status opened = lines.open(); !opened) return opened.error();
    for (std::string_view text; lines.next(&text);) {
      arena.rewind();
      const auto root = parse_json(text, arena);
      const JsonNode* ts = root ? root->find("ts") : nullptr;
      const std::optional<Instant> time = ts != nullptr ? parse_instant(ts->text()) : std::nullopt;
      if (!time) continue;
      if (!range.first || *time < *range.first) range.first = *time;
      if (!range.last || *time > *range.last) range.last = *time;
    }
    if (lines.failed()) return lines.error();
  }
  return range;
}

PeriodResult report_period(const PeriodRequest& request, const OrgConfig& organisation) {
  PeriodResult result;
  const auto fail = [&](PeriodFault fault, base::Error error) -> PeriodResult& {
    result.fault = fault;
    result.error = std::move(error);
    return result;
  };
  const auto files = archive_files(request.inputs);
  if (!files) return fail(PeriodFault::kFailed, files.error());
  PeriodReport& report = result.report;
  start_document(request, organisation, report.document);
  Folder folder(request, report);
  for (const std::string& file : *files) {
    if (base::Status folded = folder.file(file); !folded) return fail(PeriodFault::kFailed, folded.error());
  }
  report.archives.windows = folder.sums().windows();
  report.archives.legacy_windows = folder.sums().legacy_windows();
  if (report.archives.windows == 0) {
    return fail(
        PeriodFault::kNoWindow,
        {"the archives hold no window in the period from " + date_text(request.from) + " to " + date_text(request.to), "", ""});
  }
  finish_document(folder.sums(), report.document);
  report.rejections = official_rejections(report.document);
  report.warnings = period_warnings(report.document, report.archives.windows, report.archives.legacy_windows);
  report.archives.repeated_windows = folder.repeated();
  if (report.archives.repeated_windows > 0) {
    report.warnings.push_back("windows that are in the archives more than once count each time: " +
                              std::to_string(report.archives.repeated_windows) + " too many; do copies of an archive overlap?");
  }
  return result;
}

}  // namespace sentinel::disclosure
