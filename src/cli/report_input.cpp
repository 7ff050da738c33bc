#include "cli/report_input.h"

#include <algorithm>
#include <utility>

#include "cli/batch_input.h"
#include "cli/texts/concat.h"
#include "ingest/byte_source.h"

namespace sentinel::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

base::Error about(const ingest::ByteSource& source, std::string what) {
  return {.what = std::move(what), .where = source.name(), .hint = {}};
}

// The most brackets open at once, those in strings not counted.
std::size_t nesting(std::string_view document) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < document.size(); ++i) {
    const char c = document[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
    if ((c == '}' || c == ']') && depth > 0) --depth;
  }
  return deepest;
}

base::Result<ReportInput> analyse(std::string_view bytes, const ingest::ByteSource& origin, const config::Config& config,
                                  unsigned threads) {
  const Stopwatch watch;
  const auto source = ingest::memory_source(bytes, origin.name());
  auto loaded = analysis::load_traces(*source, nullptr, threads, config, true);
  if (!loaded) return loaded.error();
  ReportInput input;
  input.run = std::move(*loaded);
  analysis::analyze(*input.run, config, confidence_of_this_run(), threads);
  analysis::assess_impact(*input.run, config, threads);
  input.run->report.analysis.duration_ms = watch.nanoseconds() / 1'000'000;
  return input;
}

}  // namespace

base::Result<ReportInput> read_report_input(const char* path, const config::Config& config, unsigned threads) {
  auto opened = ingest::open_source(path);
  if (!opened) return opened.error();
  ingest::ByteSource& source = **opened;
  auto read = ingest::read_all(source);
  if (!read) return read.error();
  std::string& bytes = *read;
  if (bytes.starts_with(kByteOrderMark)) bytes.erase(0, kByteOrderMark.size());

  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return about(source, "the input is empty");
  if (bytes[first] == '[') return analyse(bytes, source, config, threads);
  if (bytes[first] != '{') return about(source, "the input is neither an array of events nor an object: its root is a scalar");
  if (nesting(bytes) > analysis::kMaxInputNesting) {
    return about(source, concat({"the document nests deeper than ", std::to_string(analysis::kMaxInputNesting), " brackets"}));
  }

  auto saved = analysis::read_saved_report(bytes, analysis::kMaxInputNesting);
  if (saved) {
    ReportInput input;
    // Views go into the document: it must not move, and a short string would.
    input.document = std::move(bytes);
    input.saved = std::move(*saved);
    return input;
  }
  auto input = analyse(bytes, source, config, threads);
  if (input) return input;
  base::Error error = input.error();
  error.what = concat({"the input is no saved report (", saved.error().text(), ") and no traces: ", error.what});
  return error;
}

}  // namespace sentinel::cli
