// Lines of a daemon's archive on any bytes: whatever is folded gives a document, and one with finite figures reads back as it
// was written.
#include <cstdint>

#include "check.h"
#include "disclosure/aggregation.h"
#include "disclosure/chain.h"
#include "disclosure/document_reader.h"
#include "disclosure/document_tree.h"

namespace {

using namespace sentinel;
using namespace sentinel::disclosure;
using fuzz::check;

void check_document(const Aggregation& sums) {
  Document document;
  document.version = "1.0.0";
  document.report_uuid = "00000000-0000-4000-8000-000000000001";
  document.period = {0, 30, PeriodType::kCustom, 31};
  sums.finish(document);
  base::Arena arena;
  const JsonNode tree = document_tree(document, arena);
  if (!non_finite_figure(tree).empty()) return;
  const std::string text = pretty_json(tree);
  const auto read = read_document(text, arena);
  check(read && pretty_json(*read) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  ChainCounts counts;
  ChainWalk chain(counts);
  ArchiveLineReader reader;
  Aggregation sums(false);
  Window window;
  std::uint64_t json_lines = 0;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const ArchiveLine& line = reader.read(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    json_lines += line.is_json ? 1 : 0;
    (void)chain.step(line, true);
    if (reader.window(window)) check(sums.add(window).ok());
  }
  check(counts.breaks + counts.windows_unchained + counts.windows_verified == json_lines);
  check(counts.breaks_outside_period == 0);
  check_document(sums);
  return 0;
}
