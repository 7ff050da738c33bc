#include "analysis/compared_run.h"

#include <utility>

#include "analysis/report_order.h"
#include "analysis/scoped_rules.h"
#include "ingest/byte_source.h"

namespace sentinel::analysis {
namespace {

// Enough for the first key of a report, white space and a byte-order mark included.
constexpr std::size_t kHeadBytes = 4096;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace

base::Status ComparedRun::read_report(ingest::ByteSource& source, const config::Config& config) {
  base::Result<std::string> bytes = ingest::read_all(source);
  if (!bytes) return bytes.error();
  document_ = std::move(*bytes);
  base::Result<SavedReport> saved = read_saved_report(without_mark(document_), kMaxInputNesting);
  if (!saved) {
    base::Error error = saved.error();
    error.where = source.name() + (error.where.empty() ? "" : ": " + error.where);
    error.what = "not a complete report: " + error.what;
    return error;
  }
  origin_ = ReportOrigin::kLoaded;
  texts_ = std::move(saved->texts);
  run_->report = std::move(saved->report);
  sort_canonical(run_->report.findings);       // it may have been saved in the order of --sort
  run_->report.acknowledged_findings.clear();  // what an earlier run accepted is no part of the comparison
  apply_suppressions(run_->report, config);
  return base::success();
}

base::Result<std::unique_ptr<ComparedRun>> ComparedRun::load(const InputOptions& input, const config::Config& config,
                                                             model::Confidence confidence) {
  base::Result<std::unique_ptr<ingest::ByteSource>> source = ingest::open_source(input.path);
  if (!source) return source.error();
  base::Result<std::string> head = ingest::read_head(**source, kHeadBytes);
  if (!head) return head.error();
  const bool is_report = input.format == nullptr && begins_like_report(without_mark(*head));
  const std::unique_ptr<ingest::ByteSource> whole = ingest::resume(std::move(*head), std::move(*source));

  auto side = std::make_unique<ComparedRun>();
  if (is_report) {
    if (base::Status read = side->read_report(*whole, config); !read) return read.error();
    return side;
  }
  base::Result<std::unique_ptr<Run>> run = load_traces(*whole, input.format, input.threads, config, true);
  if (!run) return run.error();
  analyze(**run, config, confidence, input.threads);
  assess_impact(**run, config, input.threads);
  (*run)->traces = {};
  (*run)->batches = {};
  (*run)->context = {};
  side->run_ = std::move(*run);
  return side;
}

}  // namespace sentinel::analysis
