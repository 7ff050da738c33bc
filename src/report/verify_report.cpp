#include "report/verify_report.h"

#include "base/json_writer.h"
#include "base/text.h"

namespace sentinel::report {
namespace {

using disclosure::Check;
using disclosure::CheckStatus;
using disclosure::JsonNode;
using disclosure::text_at;
using disclosure::Verdict;

std::string_view slug(CheckStatus status) {
  switch (status) {
    case CheckStatus::kOk:
      return "ok";
    case CheckStatus::kFail:
      return "fail";
    case CheckStatus::kSkip:
      return "skip";
    case CheckStatus::kNotProvided:
      break;
  }
  return "not_provided";
}

std::string_view mark(CheckStatus status) {
  switch (status) {
    case CheckStatus::kOk:
      return "[OK] ";
    case CheckStatus::kFail:
      return "[FAIL] ";
    case CheckStatus::kSkip:
      return "[SKIP] ";
    case CheckStatus::kNotProvided:
      break;
  }
  return "[--] ";
}

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kTrusted:
      return "TRUSTED";
    case Verdict::kUntrusted:
      return "UNTRUSTED";
    case Verdict::kPartial:
      break;
  }
  return "PARTIAL";
}

void add_line(std::string& out, std::initializer_list<std::string_view> pieces) {
  for (const std::string_view piece : pieces) out += base::for_terminal(piece);
  out += '\n';
}

}  // namespace

std::string verify_text(const disclosure::Verification& checks, const JsonNode& document, std::string_view source) {
  std::string out;
  add_line(out, {"perf-sentinel verify-hash ", SENTINEL_VERSION});
  out += '\n';
  add_line(out, {"Report: ", source});
  add_line(out, {"  Period: ", text_at(document, {"period", "from_date"}), " to ", text_at(document, {"period", "to_date"})});
  add_line(out, {"  Organisation: ", text_at(document, {"organisation", "name"}), " (",
                 text_at(document, {"organisation", "country"}), ")"});
  add_line(out, {"  Intent: ", text_at(document, {"report_metadata", "intent"}),
                 ", integrity level: ", text_at(document, {"report_metadata", "integrity_level"})});
  out += "\nVerifications:\n";
  const auto add_check = [&](std::string_view label, const Check& check) {
    const bool silent = check.status == CheckStatus::kNotProvided;
    add_line(out, {"  ", mark(check.status), label, ": ", silent ? "not provided" : std::string_view(check.detail)});
  };
  add_check("Content hash", checks.content_hash);
  add_check("Core patterns", checks.core_patterns);
  add_check("Signature", checks.signature);
  add_check("Binary attestation", checks.binary_attestation);
  out += '\n';
  add_line(out, {"Overall: ", word(checks.verdict)});
  return out;
}

std::string verify_json(const disclosure::Verification& checks, const JsonNode& document, std::string_view source) {
  std::string text;
  base::JsonWriter out(text, base::JsonWriter::Style::kPretty);
  const auto copy = [&](std::string_view section, std::string_view key) { out.field(key, text_at(document, {section, key})); };
  const auto check = [&](std::string_view key, const Check& result) {
    out.key(key).begin_object();
    if (result.status != CheckStatus::kNotProvided) out.field("detail", result.detail);
    out.field("status", slug(result.status)).end_object();
  };
  out.begin_object().field("overall", word(checks.verdict));
  out.key("period").begin_object();
  for (const std::string_view key : {"from_date", "to_date"}) copy("period", key);
  out.end_object().key("report_metadata").begin_object();
  for (const std::string_view key : {"integrity_level", "intent", "perf_sentinel_version", "report_uuid"}) {
    copy("report_metadata", key);
  }
  out.end_object().field("report_path", source);
  out.key("verifications").begin_object();
  check("binary_attestation", checks.binary_attestation);
  check("content_hash", checks.content_hash);
  check("core_patterns", checks.core_patterns);
  check("signature", checks.signature);
  out.end_object().end_object();
  text += '\n';
  return text;
}

}  // namespace sentinel::report
