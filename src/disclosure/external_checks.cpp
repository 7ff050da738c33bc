#include "disclosure/external_checks.h"

#include <algorithm>

#include "base/child_process.h"
#include "base/sha256.h"
#include "base/text.h"
#include "disclosure/content_hash.h"
#include "disclosure/files.h"
#include "disclosure/statement.h"

namespace sentinel::disclosure {
namespace {

constexpr std::size_t kMinCommitDigits = 7;

// What may become an argument of another program.
bool is_safe_argument(std::string_view text) { return !text.empty() && text.front() != '-' && !base::has_control(text); }

constexpr std::string_view kUnsafe = " is empty, begins with '-' or holds control characters";

std::string last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const std::size_t line_break = text.rfind('\n');
  if (line_break != std::string_view::npos) text.remove_prefix(line_break + 1);
  return text.empty() ? "it said nothing on standard error" : base::for_terminal(text);
}

// Why `program` did not say yes; nullopt when it did.
std::optional<Check> complaint(std::string_view program, const base::Result<base::ChildResult>& run) {
  if (!run) return Check::fail("cannot start " + std::string(program) + ": " + run.error().what);
  if (run->timed_out) return Check::fail(std::string(program) + " did not answer in time");
  if (run->exit != 0) return Check::fail(std::string(program) + " rejects it: " + last_line(run->err));
  return std::nullopt;
}

// nullopt: the request says clearly whose signature will do.
std::optional<Check> check_policy(const VerifyRequest& request) {
  if (request.no_identity_check) return std::nullopt;
  if (!request.expected_identity && !request.expected_issuer) {
    return Check::fail(
        "nobody was named who must have signed: give --expected-identity and --expected-issuer, or accept any signer " +
        std::string("with --no-identity-check (anyone can make such a signature)"));
  }
  if (!request.expected_identity || !request.expected_issuer) {
    return Check::fail("--expected-identity and --expected-issuer belong together");
  }
  if (!is_safe_argument(*request.expected_identity)) return Check::fail("--expected-identity" + std::string(kUnsafe));
  if (!is_safe_argument(*request.expected_issuer)) return Check::fail("--expected-issuer" + std::string(kUnsafe));
  return std::nullopt;
}

std::vector<std::string> cosign_command(const std::string& program, const VerifyRequest& request) {
  std::vector<std::string> argv = {program, "verify-blob", "--bundle", *request.bundle, "--new-bundle-format"};
  if (request.no_identity_check) {
    // Without any constraint cosign 2 and later refuse to look at all.
    argv.insert(argv.end(), {"--certificate-identity-regexp", ".*", "--certificate-oidc-issuer-regexp", ".*"});
  } else {
    argv.insert(argv.end(),
                {"--certificate-identity", *request.expected_identity, "--certificate-oidc-issuer", *request.expected_issuer});
  }
  argv.push_back(*request.attestation);
  return argv;
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const char lower = base::to_lower(c);
    return base::is_digit(c) || (lower >= 'a' && lower <= 'f');
  });
}

// `commit` stands in `text` and is not the tail of a longer number.
bool mentions_commit(std::string_view text, std::string_view commit) {
  for (std::size_t at = text.find(commit); at != std::string_view::npos; at = text.find(commit, at + 1)) {
    if (at == 0 || !is_hex(text.substr(at - 1, 1))) return true;
  }
  return false;
}

Check unchecked_binary(const JsonNode& metadata) {
  return Check::skip("said to be built from " + base::for_terminal(text_at(metadata, {"git_tag"})) + " at " +
                     base::for_terminal(text_at(metadata, {"git_commit"})) + " by " +
                     base::for_terminal(text_at(metadata, {"builder_id"})) + ", attested at " +
                     base::for_terminal(text_at(metadata, {"attestation_url"})) + "; give --verify-binary to check it");
}

}  // namespace

Check check_signature(LoadedDocument& document, const VerifyRequest& request) {
  const JsonNode* signature = node_at(document.root, {"integrity", "signature"});
  if (signature == nullptr || signature->is(JsonNode::Kind::kNull)) {
    const std::string_view level = text_at(document.root, {"report_metadata", "integrity_level"});
    // Neither the level nor the signature is part of the hash: a stripped signature shows only here.
    if (level.starts_with("signed"))
      return Check::fail("the integrity level is " + std::string(level) + ", yet there is no signature");
    return {};
  }
  if (const std::optional<Check> wrong = check_policy(request)) return *wrong;
  if (!request.attestation) return Check::skip("the document is signed; give --attestation and --bundle to check it");
  if (!request.bundle) return Check::skip("the document is signed; give --bundle to check it");
  const std::string_view identity = text_at(*signature, {"signer_identity"});
  const std::string_view issuer = text_at(*signature, {"signer_issuer"});
  if (!is_safe_argument(identity)) return Check::fail("signer_identity of the document" + std::string(kUnsafe));
  if (!is_safe_argument(issuer)) return Check::fail("signer_issuer of the document" + std::string(kUnsafe));
  const auto program = base::find_in_path("cosign", request.search_path);
  if (!program) return Check::skip("cosign is not installed");
  const auto run = base::run_child(cosign_command(*program, request));
  if (const std::optional<Check> wrong = complaint("cosign", run)) return *wrong;
  const std::string signer = std::string(identity) + ", vouched for by " + std::string(issuer);
  if (request.no_identity_check)
    return Check::skip("cosign accepts the signature; that it is by " + signer + " was not checked");
  if (identity != *request.expected_identity || issuer != *request.expected_issuer) {
    return Check::fail("the document names another signer: " + signer);
  }
  if (const base::Status bound = check_statement_is_about(document, *request.attestation); !bound) {
    return Check::fail("the signed statement is not about this document: " + bound.error().text());
  }
  return Check::ok("by " + signer);
}

Check check_binary(LoadedDocument& document, const VerifyRequest& request) {
  const JsonNode* metadata = node_at(document.root, {"integrity", "binary_attestation"});
  if (!request.binary) return metadata == nullptr ? Check{} : unchecked_binary(*metadata);
  const auto program = base::find_in_path("gh", request.search_path);
  if (!program) return Check::skip("gh is not installed");
  const auto run =
      base::run_child({*program, "attestation", "verify", *request.binary, "--repo", request.repository, "--format", "json"});
  if (const std::optional<Check> wrong = complaint("gh", run)) return *wrong;
  if (metadata != nullptr) {
    const std::string_view commit = base::trim(text_at(*metadata, {"git_commit"}));
    if (commit.size() < kMinCommitDigits || !is_hex(commit)) {
      return Check::fail("the document names no commit to compare with: \"" + base::for_terminal(commit) + "\"");
    }
    if (!mentions_commit(run->out, commit))
      return Check::fail("the program's attestation does not name commit " + std::string(commit));
  }
  if (const std::string_view stated = text_at(document.root, {"integrity", "binary_hash"}); !stated.empty()) {
    const auto digest = file_sha256(*request.binary);
    if (!digest) return Check::fail(digest.error().text());
    if (stated != "sha256:" + *digest)
      return Check::fail("this is not the program that wrote the document: its hash is sha256:" + *digest);
  }
  return Check::ok("gh accepts the attestation of " + *request.binary);
}

}  // namespace sentinel::disclosure
