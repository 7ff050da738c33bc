// The hashes of disclosures (chapter 08 §2.1, §8, §11). Pure functions, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "disclosure/json_tree.h"

namespace sentinel::disclosure {

// "sha256:" and 64 lower-case hex digits.
[[nodiscard]] std::string prefixed_sha256(std::string_view bytes);

// The bytes that the content hash is taken over: what read_document() gives, with the hash itself, signature, attestation and
// integrity level blanked.
[[nodiscard]] std::string canonical_document(const JsonNode& document, base::Arena& arena);
[[nodiscard]] std::string content_hash(const JsonNode& document, base::Arena& arena);

// The same document with integrity.content_hash replaced; `hash` must outlive the result.
[[nodiscard]] JsonNode with_content_hash(const JsonNode& document, std::string_view hash, base::Arena& arena);

// 64 hex digits over the names, sorted and joined by ':'.
[[nodiscard]] std::string core_patterns_hash(std::span<const std::string_view> names);

}  // namespace sentinel::disclosure
