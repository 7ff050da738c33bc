#include "disclosure/verify.h"

#include <algorithm>

#include "base/text.h"
#include "disclosure/content_hash.h"
#include "disclosure/document_reader.h"
#include "disclosure/external_checks.h"
#include "disclosure/files.h"
#include "disclosure/known_patterns.h"

namespace sentinel::disclosure {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

// Members of a schema that this program does not know are dropped before hashing: say that instead of "changed".
bool is_known_schema(std::string_view name) {
  constexpr std::string_view kFamily = "perf-sentinel-report/v1.";
  return name.starts_with(kFamily) && name.size() == kFamily.size() + 1 && name.back() >= '0' && name.back() <= '6';
}

Check check_content_hash(LoadedDocument& document) {
  const std::string_view stated = text_at(document.root, {"integrity", "content_hash"});
  if (stated.empty()) return Check::fail("the document carries no content hash; hash-bake computes one");
  const std::string computed = content_hash(document.root, document.arena);
  if (stated != computed) {
    const std::string_view schema = text_at(document.root, {"schema_version"});
    std::string detail = "stated " + std::string(stated) + ", computed " + computed;
    if (!is_known_schema(schema)) {
      detail = "the document has the schema " + std::string(schema) +
               ", which this program does not know, so its hash cannot be " + "checked here (" + detail + ")";
    }
    return Check::fail(std::move(detail));
  }
  std::string detail = computed;
  if (!document.unknown_keys.empty()) {
    detail += "; not covered by it, as they are no part of the format: " + joined(document.unknown_keys);
  }
  return Check::ok(std::move(detail));
}

Check check_core_patterns(const JsonNode& root) {
  std::vector<std::string_view> declared;
  if (const JsonNode* list = node_at(root, {"methodology", "core_patterns_required"})) {
    for (const JsonNode& name : list->items()) declared.push_back(name.text());
  }
  if (core_patterns_hash(declared) == core_patterns_hash(kCorePatterns))
    return Check::ok("the four core patterns are required");
  std::vector<std::string> only_declared;
  std::vector<std::string> only_known;
  for (const std::string_view name : declared) {
    if (std::ranges::find(kCorePatterns, name) == kCorePatterns.end()) only_declared.emplace_back(name);
  }
  for (const std::string_view name : kCorePatterns) {
    if (std::ranges::find(declared, name) == declared.end()) only_known.emplace_back(name);
  }
  std::string_view version = text_at(root, {"report_metadata", "binary_version"});
  if (version.empty()) version = text_at(root, {"report_metadata", "perf_sentinel_version"});
  std::string detail = "the required patterns are not the core set";
  if (!only_declared.empty()) detail += "; only in the document: " + joined(only_declared);
  if (!only_known.empty()) detail += "; missing from it: " + joined(only_known);
  return Check::fail(detail + "; written by version " + std::string(version));
}

Verdict verdict_of(const Verification& checks, const LoadedDocument& document) {
  for (const Check* check : {&checks.content_hash, &checks.core_patterns, &checks.signature, &checks.binary_attestation}) {
    if (check->status == CheckStatus::kFail) return Verdict::kUntrusted;
  }
  const bool trusted = checks.signature.status == CheckStatus::kOk && checks.binary_attestation.status != CheckStatus::kSkip &&
                       document.unknown_keys.empty();
  return trusted ? Verdict::kTrusted : Verdict::kPartial;
}

}  // namespace

const JsonNode* node_at(const JsonNode& root, std::initializer_list<std::string_view> path) {
  const JsonNode* node = &root;
  for (const std::string_view key : path) {
    node = node->find(key);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::string_view text_at(const JsonNode& root, std::initializer_list<std::string_view> path) {
  const JsonNode* node = node_at(root, path);
  return node != nullptr ? node->text() : std::string_view();
}

base::Status load_document(const std::string& path, LoadedDocument& document) {
  auto bytes = read_whole_file(path, kMaxReportBytes);
  if (!bytes) return bytes.error();
  return parse_document(std::move(*bytes), path, document);
}

base::Status parse_document(std::string bytes, const std::string& name, LoadedDocument& document) {
  document.bytes = std::move(bytes);
  auto root = read_document(document.bytes, document.arena, &document.unknown_keys);
  if (!root) {
    return base::Error{"not a disclosure document: " + root.error().what, name + ": " + root.error().where, root.error().hint};
  }
  document.root = *root;
  return base::success();
}

Verification verify(LoadedDocument& document, const VerifyRequest& request) {
  Verification checks;
  checks.content_hash = check_content_hash(document);
  checks.core_patterns = check_core_patterns(document.root);
  checks.signature = check_signature(document, request);
  checks.binary_attestation = check_binary(document, request);
  checks.verdict = verdict_of(checks, document);
  return checks;
}

}  // namespace sentinel::disclosure
