#include "disclosure/content_hash.h"

#include <algorithm>
#include <vector>

#include "base/sha256.h"

namespace sentinel::disclosure {

std::string prefixed_sha256(std::string_view bytes) { return "sha256:" + base::hex(base::sha256(bytes)); }

std::string canonical_document(const JsonNode& document, base::Arena& arena) {
  JsonNode blanked = document;
  if (const JsonNode* integrity = document.find("integrity")) {
    JsonNode section = with_member(arena, *integrity, "content_hash", JsonNode::string(""));
    section = with_member(arena, section, "signature", {});
    section = with_member(arena, section, "binary_attestation", {});
    blanked = with_member(arena, blanked, "integrity", section);
  }
  if (const JsonNode* metadata = document.find("report_metadata")) {
    blanked =
        with_member(arena, blanked, "report_metadata", with_member(arena, *metadata, "integrity_level", JsonNode::string("")));
  }
  std::string out;
  append_canonical(out, blanked);
  return out;
}

std::string content_hash(const JsonNode& document, base::Arena& arena) {
  return prefixed_sha256(canonical_document(document, arena));
}

JsonNode with_content_hash(const JsonNode& document, std::string_view hash, base::Arena& arena) {
  const JsonNode* integrity = document.find("integrity");
  if (integrity == nullptr) return document;
  return with_member(arena, document, "integrity", with_member(arena, *integrity, "content_hash", JsonNode::string(hash)));
}

std::string core_patterns_hash(std::span<const std::string_view> names) {
  std::vector<std::string_view> sorted(names.begin(), names.end());
  std::ranges::sort(sorted);
  std::string joined;
  for (std::size_t i = 0; i < sorted.size(); ++i) joined.append(i > 0 ? ":" : "").append(sorted[i]);
  return base::hex(base::sha256(joined));
}

}  // namespace sentinel::disclosure
