// Checking a published disclosure: its hash, the patterns it had to look for, its signature, the program that wrote it
// (chapter 08 §12).
//
// Signatures are checked by `cosign`, programs by `gh`, both run as child processes without a shell; one that is not installed
// makes its check a skip, never a pass. A valid signature counts only if the signed statement is about this very document.
// Reads the files named in the request; writes nothing. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "disclosure/json_tree.h"

namespace sentinel::disclosure {

enum class CheckStatus : std::uint8_t { kOk, kFail, kSkip, kNotProvided };

struct Check {
  CheckStatus status = CheckStatus::kNotProvided;
  std::string detail;  // empty for kNotProvided

  [[nodiscard]] static Check ok(std::string detail) { return {CheckStatus::kOk, std::move(detail)}; }
  [[nodiscard]] static Check fail(std::string detail) { return {CheckStatus::kFail, std::move(detail)}; }
  [[nodiscard]] static Check skip(std::string detail) { return {CheckStatus::kSkip, std::move(detail)}; }
};

enum class Verdict : std::uint8_t { kTrusted, kUntrusted, kPartial };

struct VerifyRequest {
  std::optional<std::string> attestation;  // paths
  std::optional<std::string> bundle;
  std::optional<std::string> binary;
  std::optional<std::string> expected_identity;
  std::optional<std::string> expected_issuer;
  bool no_identity_check = false;
  const char* search_path = nullptr;  // a PATH value
  std::string repository;             // "owner/name", where the product's programs are built
};

struct Verification {
  Check content_hash;
  Check core_patterns;
  Check signature;
  Check binary_attestation;
  Verdict verdict = Verdict::kPartial;
};

struct LoadedDocument {
  std::string bytes;
  base::Arena arena;
  JsonNode root;
  std::vector<std::string> unknown_keys;  // paths of members that no hash covers
};

// Owns what it read; views in `root` point into it, so it is never moved once loaded.
[[nodiscard]] base::Status load_document(const std::string& path, LoadedDocument& document);
// The same for bytes that came from elsewhere; `name` is what messages call them.
[[nodiscard]] base::Status parse_document(std::string bytes, const std::string& name, LoadedDocument& document);

[[nodiscard]] Verification verify(LoadedDocument& document, const VerifyRequest& request);

// The text at a path of keys in a document, "" when there is none.
[[nodiscard]] std::string_view text_at(const JsonNode& root, std::initializer_list<std::string_view> path);
[[nodiscard]] const JsonNode* node_at(const JsonNode& root, std::initializer_list<std::string_view> path);

}  // namespace sentinel::disclosure
