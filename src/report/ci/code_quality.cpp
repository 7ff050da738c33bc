#include "report/ci/code_quality.h"

#include <array>
#include <unordered_map>

#include "base/hash.h"
#include "base/json_writer.h"
#include "base/number_format.h"
#include "report/ci/code_path.h"
#include "report/ci/messages.h"

namespace sentinel::report {
namespace {

constexpr std::size_t kIssueBytes = 800;

std::string_view severity_of(model::Severity severity) {
  constexpr std::array<std::string_view, 3> kSeverities = {"critical", "major", "minor"};
  return kSeverities[static_cast<std::size_t>(severity)];
}

struct TextHash {
  std::size_t operator()(std::string_view text) const { return base::hash64(text); }
};

// Signatures, each made unique within the file.
class Fingerprints {
 public:
  explicit Fingerprints(std::size_t findings) { seen_.reserve(findings); }

  std::string_view next(const model::Finding& finding) {
    text_.assign(finding.signature.empty() ? model::slug(finding.type) : finding.signature);
    const std::uint64_t number = ++seen_[finding.signature.empty() ? model::slug(finding.type) : finding.signature];
    if (number > 1) {
      text_ += '-';
      base::append_unsigned(text_, number);
    }
    return text_;
  }

 private:
  std::unordered_map<std::string_view, std::uint64_t, TextHash> seen_;
  std::string text_;
};

}  // namespace

void append_code_quality(std::string& out, std::span<const model::Finding> findings, std::string_view fallback_file) {
  out.reserve(out.size() + kIssueBytes * findings.size());
  base::JsonWriter json(out, base::JsonWriter::Style::kPretty);
  Fingerprints fingerprints(findings.size());
  std::string description;
  json.begin_array();
  for (const model::Finding& finding : findings) {
    const FileLine place = file_line(finding, fallback_file);
    description.clear();
    append_message(description, finding, Controls::kReplace);
    json.begin_object();
    json.field("description", description);
    json.field("check_name", model::slug(finding.type));
    json.field("fingerprint", fingerprints.next(finding));
    json.field("severity", severity_of(finding.severity));
    json.key("location").begin_object().field("path", place.path);
    json.key("lines").begin_object().field("begin", std::uint64_t{place.line}).end_object().end_object();
    json.end_object();
  }
  json.end_array();
  out += '\n';
}

}  // namespace sentinel::report
