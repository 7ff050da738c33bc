// The acknowledgment file on any bytes: whatever is accepted keeps its promises, applying it loses no finding, and a file says
// what its bytes say.
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "analysis/acknowledgments.h"
#include "check.h"

namespace {

using namespace sentinel;
using fuzz::check;

// A finding for each accepted entry and one for none of them.
model::Report report_for(const analysis::AckFile& file) {
  model::Report report;
  report.findings.emplace_back().signature = "none of the entries";
  for (const analysis::AckEntry& entry : file) report.findings.emplace_back().signature = entry.acknowledgment.signature;
  return report;
}

// A file of this process, removed with it.
class File {
 public:
  File() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ack_fuzz_XXXXXX").string();
    check(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~File() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] const std::string& folder() const { return folder_; }
  std::string with(std::string_view bytes) const {
    const std::string path = folder_ + "/acks.toml";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

 private:
  std::string folder_;
};

void check_file(std::string_view bytes, const base::Result<analysis::AckFile>& expected) {
  static const File file;
  check(!analysis::load_acknowledgments(file.folder()) && analysis::load_acknowledgments(file.folder() + "/none").ok());
  const base::Result<analysis::AckFile> loaded = analysis::load_acknowledgments(file.with(bytes));
  check(loaded.ok() == expected.ok());
  if (loaded.ok()) check(loaded->size() == expected->size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)analysis::parse_expiry_date(bytes);
  const base::Result<analysis::AckFile> file = analysis::parse_acknowledgments(bytes, "acks.toml");
  check_file(bytes, file);
  if (!file) {
    check(!file.error().what.empty() && file.error().text().find("acks.toml") != std::string::npos);
    return 0;
  }
  for (const analysis::AckEntry& entry : *file) {
    check(entry.active_until_ms.has_value() == entry.acknowledgment.expires_at.has_value());
  }
  for (const std::uint64_t now_ms : {std::uint64_t{0}, std::uint64_t{1'800'000'000'000}}) {
    model::Report report = report_for(*file);
    const std::size_t findings = report.findings.size();
    analysis::apply_acknowledgments(report, *file, now_ms, analysis::ReportOrigin::kFresh, {});
    check(report.findings.size() + report.acknowledged_findings.size() == findings);
  }
  return 0;
}
