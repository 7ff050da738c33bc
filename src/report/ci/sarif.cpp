#include "report/ci/sarif.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/number_format.h"
#include "base/text.h"
#include "report/ci/messages.h"

namespace sentinel::report {
namespace {

using base::JsonWriter;
using model::Severity;

constexpr std::string_view kSchema =
    "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json";
// Part of the recorded shape. By default the tool names no page: this project has none yet.
constexpr std::string_view kRecordedPage = "https://github.com/robintra/perf-sentinel";
constexpr std::string_view kRunId = "perf-sentinel/";  // a category: hosts keep one set of results for each
constexpr std::string_view kFingerprint = "perfsentinel/v1";
constexpr std::size_t kResultBytes = 2000;
constexpr std::size_t kSarifFrameBytes = 16'384;

std::string_view level_of(Severity severity) {
  constexpr std::array<std::string_view, 3> kLevels = {"error", "warning", "note"};
  return kLevels[static_cast<std::size_t>(severity)];
}

// How much to trust where the traces came from, 0 to 100.
std::uint64_t rank_of(model::Confidence confidence) {
  constexpr std::array<std::uint64_t, 4> kRanks = {15, 30, 60, 90};
  return kRanks[static_cast<std::size_t>(confidence)];
}

class SarifWriter {
 public:
  SarifWriter(std::string& out, const SarifOptions& options)
      : json_(out, JsonWriter::Style::kPretty),
        options_(options),
        controls_(options.compat ? Controls::kKeep : Controls::kReplace) {}

  std::uint64_t write(const SarifContent& content) {
    const std::uint64_t total = content.findings.size() + content.acknowledged.size();
    const std::uint64_t shown = options_.compat ? total : std::min<std::uint64_t>(total, options_.max_results);
    json_.begin_object().field("$schema", kSchema).field("version", std::string_view("2.1.0"));
    json_.key("runs").begin_array().begin_object();
    write_tool(content.version);
    if (!options_.compat) {
      json_.key("automationDetails").begin_object().field("id", kRunId).end_object();
      write_invocation(content, total - shown);
    }
    json_.key("results").begin_array();
    write_results(content, shown, total);
    json_.end_array().end_object().end_array().end_object();
    return total - shown;
  }

 private:
  void text_object(std::string_view key, std::string_view text) {
    json_.key(key).begin_object().field("text", text).end_object();
  }

  void write_tool(std::string_view version) {
    json_.key("tool").begin_object().key("driver").begin_object();
    json_.field("name", std::string_view("perf-sentinel")).field("version", version);
    if (options_.compat) json_.field("informationUri", kRecordedPage);
    json_.key("rules").begin_array();
    for (std::size_t i = 0; i < model::kFindingTypes; ++i) write_rule(static_cast<model::FindingType>(i));
    json_.end_array().end_object().end_object();
  }

  void write_rule(model::FindingType type) {
    const TypeText& text = describe(type);
    json_.begin_object().field("id", model::slug(type));
    if (!options_.compat) json_.field("name", model::info(type).label);
    text_object("shortDescription", text.phrase);
    if (!options_.compat) {
      text_object("fullDescription", text.help);
      text_object("help", text.help);
    }
    json_.key("defaultConfiguration").begin_object().field("level", std::string_view("warning")).end_object();
    if (!options_.compat) {
      json_.key("properties").begin_object().key("tags").begin_array().string("performance").end_array().end_object();
    }
    json_.end_object();
  }

  void write_invocation(const SarifContent& content, std::uint64_t left_out) {
    json_.key("invocations").begin_array().begin_object().field_bool("executionSuccessful", true);
    if (left_out > 0 || !content.warnings.empty()) {
      json_.key("toolExecutionNotifications").begin_array();
      if (left_out > 0) {
        scratch_.clear();
        base::append_unsigned(scratch_, left_out);
        scratch_ += " results were left out, worst severities first; --sarif-max sets the limit";
        write_notification("results_left_out", scratch_);
      }
      for (const model::Warning& warning : content.warnings) {
        scratch_.clear();
        append_clean(scratch_, base::strip_code_ticks(warning.message), controls_);
        write_notification(warning.kind, scratch_);
      }
      json_.end_array();
    }
    json_.end_object().end_array();
  }

  void write_notification(std::string_view id, std::string_view text) {
    json_.begin_object().key("descriptor").begin_object().field("id", id).end_object();
    json_.field("level", std::string_view("warning"));
    text_object("message", text);
    json_.end_object();
  }

  void write_results(const SarifContent& content, std::uint64_t shown, std::uint64_t total) {
    if (shown == total) {
      for (const model::Finding& finding : content.findings) write_result(finding, nullptr);
      for (const auto& entry : content.acknowledged) write_result(entry.finding, &entry.acknowledgment);
      return;
    }
    for (const Severity severity : {Severity::kCritical, Severity::kWarning, Severity::kInfo}) {
      for (const model::Finding& finding : content.findings) {
        if (finding.severity == severity && shown > 0) write_result(finding, nullptr), --shown;
      }
    }
    for (const Severity severity : {Severity::kCritical, Severity::kWarning, Severity::kInfo}) {
      for (const auto& entry : content.acknowledged) {
        if (entry.finding.severity == severity && shown > 0) write_result(entry.finding, &entry.acknowledgment), --shown;
      }
    }
  }

  void write_result(const model::Finding& finding, const model::Acknowledgment* ack) {
    json_.begin_object().field("ruleId", model::slug(finding.type));
    if (!options_.compat) json_.field("ruleIndex", static_cast<std::uint64_t>(finding.type));
    json_.field("level", level_of(finding.severity));
    write_message(finding);
    if (options_.compat) write_logical_locations(finding);
    write_properties(finding, ack);
    json_.field("rank", rank_of(finding.confidence));
    if (options_.compat) {
      write_code_file(finding);
      write_fixes(finding);
      write_fingerprint("fingerprints", finding);
    } else {
      write_location(finding);
      write_fingerprint("partialFingerprints", finding);
      if (!options_.baseline_state.empty()) json_.field("baselineState", options_.baseline_state);
      if (ack != nullptr) write_suppression(*ack);
    }
    json_.end_object();
  }

  void write_message(const model::Finding& finding) {
    scratch_.clear();
    append_message(scratch_, finding, controls_);
    if (!options_.compat && finding.suggested_fix) {  // a SARIF fix is a change of files, and advice is none
      scratch_ += " Suggested fix: ";
      append_fix(scratch_, finding, controls_);
    }
    text_object("message", scratch_);
  }

  std::string_view clean(std::string_view text) {
    scratch_.clear();
    append_clean(scratch_, text, controls_);
    return scratch_;
  }

  void write_logical_locations(const model::Finding& finding) {
    json_.key("logicalLocations").begin_array();
    json_.begin_object().field("name", clean(finding.service)).field("kind", std::string_view("module")).end_object();
    json_.begin_object().field("name", clean(finding.source_endpoint));
    if (!options_.compat) {
      scratch_.clear();
      append_clean(scratch_, finding.service, controls_);
      scratch_ += '.';
      append_clean(scratch_, finding.source_endpoint, controls_);
      json_.field("fullyQualifiedName", scratch_);
    }
    json_.field("kind", std::string_view("function")).end_object();
    json_.end_array();
  }

  void write_properties(const model::Finding& finding, const model::Acknowledgment* ack) {
    json_.key("properties").begin_object().field("confidence", model::slug(finding.confidence));
    if (!options_.compat) json_.field("traceId", clean(finding.trace_id));
    if (ack != nullptr) {
      json_.field_bool("acknowledged", true);
      json_.field("acknowledgmentReason", clean(ack->reason));
      json_.field("acknowledgmentBy", clean(ack->acknowledged_by));
      json_.field("acknowledgmentAt", clean(ack->acknowledged_at));
    }
    if (!finding.signature.empty()) json_.field("signature", finding.signature);
    json_.end_object();
  }

  void write_code_file(const model::Finding& finding) {
    const auto path = code_path(finding);
    if (!path) return;
    json_.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
    json_.key("artifactLocation").begin_object().field("uri", *path).end_object();
    if (const auto line = finding.code_location.lineno) {
      json_.key("region").begin_object().field("startLine", std::uint64_t{*line}).end_object();
    }
    json_.end_object().end_object().end_array();
  }

  void write_location(const model::Finding& finding) {
    const FileLine place = file_line(finding, options_.fallback_file);
    scratch_.clear();
    append_uri(scratch_, place.path);
    json_.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
    json_.key("artifactLocation").begin_object().field("uri", scratch_).end_object();
    json_.key("region").begin_object().field("startLine", std::uint64_t{place.line}).end_object().end_object();
    write_logical_locations(finding);
    json_.end_object().end_array();
  }

  void write_fixes(const model::Finding& finding) {
    if (!finding.suggested_fix) return;
    scratch_.clear();
    append_fix(scratch_, finding, controls_);
    json_.key("fixes").begin_array().begin_object();
    text_object("description", scratch_);
    json_.end_object().end_array();
  }

  void write_fingerprint(std::string_view key, const model::Finding& finding) {
    if (finding.signature.empty()) return;
    json_.key(key).begin_object().field(kFingerprint, finding.signature).end_object();
  }

  void write_suppression(const model::Acknowledgment& ack) {
    json_.key("suppressions").begin_array().begin_object();
    json_.field("kind", std::string_view("external")).field("status", std::string_view("accepted"));
    json_.field("justification", clean(ack.reason)).end_object().end_array();
  }

  JsonWriter json_;
  const SarifOptions& options_;
  Controls controls_;
  std::string scratch_;
};

}  // namespace

std::uint64_t append_sarif(std::string& out, const SarifContent& content, const SarifOptions& options) {
  const std::uint64_t total = content.findings.size() + content.acknowledged.size();
  const std::uint64_t shown = options.compat ? total : std::min(total, options.max_results);
  out.reserve(out.size() + kSarifFrameBytes + kResultBytes * shown);
  const std::uint64_t left_out = SarifWriter(out, options).write(content);
  out += '\n';
  return left_out;
}

}  // namespace sentinel::report
