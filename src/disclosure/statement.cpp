#include "disclosure/statement.h"

#include <vector>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "disclosure/content_hash.h"
#include "disclosure/files.h"

namespace sentinel::disclosure {
namespace {

constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
constexpr std::string_view kPredicateType = "https://perf-sentinel.io/attestation/v1";

std::size_t count_at(const JsonNode& document, std::initializer_list<std::string_view> path) {
  const JsonNode* list = node_at(document, path);
  return list != nullptr ? list->items().size() : 0;
}

std::string required_patterns_hash(const JsonNode& document) {
  std::vector<std::string_view> names;
  if (const JsonNode* list = node_at(document, {"methodology", "core_patterns_required"})) {
    for (const JsonNode& name : list->items()) names.push_back(name.text());
  }
  return core_patterns_hash(names);
}

void write_organisation(base::JsonWriter& out, const JsonNode& document) {
  out.key("organisation").begin_object();
  out.field("name", text_at(document, {"organisation", "name"}));
  out.field("country", text_at(document, {"organisation", "country"}));
  const JsonNode* identifiers = node_at(document, {"organisation", "identifiers"});
  if (identifiers != nullptr && !identifiers->members().empty()) {
    std::string sorted;
    append_canonical(sorted, *identifiers);
    out.key("identifiers").raw(sorted);
  }
  out.end_object();
}

void write_methodology(base::JsonWriter& out, const JsonNode& document) {
  const JsonNode* applied = node_at(document, {"methodology", "calibration_inputs", "calibration_applied"});
  const JsonNode* coverage = node_at(document, {"aggregate", "period_coverage"});
  out.key("methodology_summary").begin_object();
  out.field("sci_specification", text_at(document, {"methodology", "sci_specification"}));
  out.field("conformance", text_at(document, {"methodology", "conformance"}));
  out.field_bool("calibration_applied", applied != nullptr && applied->as_bool());
  out.field_real("period_coverage", coverage != nullptr ? coverage->as_number() : 0.0);
  out.field("core_patterns_count", count_at(document, {"methodology", "core_patterns_required"}));
  out.field("enabled_patterns_count", count_at(document, {"methodology", "enabled_patterns"}));
  out.field("disabled_patterns_count", count_at(document, {"methodology", "disabled_patterns"}));
  out.field("core_patterns_hash", required_patterns_hash(document));
  out.end_object();
}

// The file's digest before signing: with no signature, no attestation, and the level that `disclose` writes.
std::string unsigned_digest(LoadedDocument& document) {
  base::Arena& arena = document.arena;
  JsonNode root = document.root;
  if (const JsonNode* integrity = root.find("integrity")) {
    std::vector<JsonMember> members(integrity->members().begin(), integrity->members().end());
    std::erase_if(members, [](const JsonMember& m) { return m.key == "binary_attestation"; });
    root = with_member(arena, root, "integrity", with_member(arena, make_object(arena, members), "signature", {}));
  }
  if (const JsonNode* metadata = root.find("report_metadata")) {
    root = with_member(arena, root, "report_metadata",
                       with_member(arena, *metadata, "integrity_level", JsonNode::string("hash-only")));
  }
  return base::hex(base::sha256(pretty_json(root)));
}

}  // namespace

std::string statement_line(const JsonNode& document, std::string_view file_sha256, std::string_view file_name) {
  std::string line;
  base::JsonWriter out(line, base::JsonWriter::Style::kCompact);
  out.begin_object();
  out.field("_type", kStatementType).field("predicateType", kPredicateType);
  out.key("subject").begin_array().begin_object().field("name", file_name);
  out.key("digest").begin_object().field("sha256", file_sha256).end_object().end_object().end_array();
  out.key("predicate").begin_object();
  out.field("perf_sentinel_version", text_at(document, {"report_metadata", "perf_sentinel_version"}));
  out.field("report_uuid", text_at(document, {"report_metadata", "report_uuid"}));
  out.key("period").begin_object();
  out.field("from_date", text_at(document, {"period", "from_date"}));
  out.field("to_date", text_at(document, {"period", "to_date"})).end_object();
  out.field("intent", text_at(document, {"report_metadata", "intent"}));
  out.field("confidentiality_level", text_at(document, {"report_metadata", "confidentiality_level"}));
  write_organisation(out, document);
  write_methodology(out, document);
  out.end_object().end_object();
  line += '\n';
  return line;
}

base::Status check_statement_is_about(LoadedDocument& document, const std::string& path) {
  const auto bytes = read_whole_file(path, kMaxReportBytes);
  if (!bytes) return bytes.error();
  const auto statement = parse_json(*bytes, document.arena);
  if (!statement) return base::Error{"not a statement: " + statement.error().what, path, ""};
  const auto differs = [&](std::string_view what) { return base::Error{std::string(what) + " differs", "", ""}; };
  if (text_at(*statement, {"_type"}) != kStatementType) return differs("_type");
  if (text_at(*statement, {"predicateType"}) != kPredicateType) return differs("predicateType");
  const JsonNode* predicate = statement->find("predicate");
  if (predicate == nullptr) return base::Error{"it has no predicate", "", ""};
  const JsonNode& root = document.root;
  if (text_at(*predicate, {"report_uuid"}) != text_at(root, {"report_metadata", "report_uuid"})) return differs("report_uuid");
  if (text_at(*predicate, {"intent"}) != text_at(root, {"report_metadata", "intent"})) return differs("intent");
  if (text_at(*predicate, {"period", "from_date"}) != text_at(root, {"period", "from_date"}) ||
      text_at(*predicate, {"period", "to_date"}) != text_at(root, {"period", "to_date"})) {
    return differs("period");
  }
  if (text_at(*predicate, {"methodology_summary", "core_patterns_hash"}) != required_patterns_hash(root)) {
    return differs("core_patterns_hash");
  }
  const std::string before_signing = unsigned_digest(document);
  const std::string as_it_is = base::hex(base::sha256(document.bytes));
  if (const JsonNode* subjects = statement->find("subject")) {
    for (const JsonNode& subject : subjects->items()) {
      const std::string_view digest = text_at(subject, {"digest", "sha256"});
      if (digest == before_signing || digest == as_it_is) return base::success();
    }
  }
  return differs("the digest");
}

}  // namespace sentinel::disclosure
