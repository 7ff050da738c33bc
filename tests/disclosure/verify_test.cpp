#include "disclosure/verify.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "disclosure/content_hash.h"
#include "disclosure/document_reader.h"
#include "disclosure/files.h"
#include "disclosure/statement.h"
#include "disclosure/support/scene.h"

namespace sentinel::disclosure::test {
namespace {

using nlohmann::json;

// A baked document, its statement, and programs that stand in for cosign and gh.
class Verify : public ::testing::Test {
 protected:
  Verify() {
    base::Arena arena;
    const std::string source = vectors("base").dump();
    const JsonNode draft = *read_document(source, arena);
    const std::string hash = content_hash(draft, arena);
    const JsonNode root = with_content_hash(draft, hash, arena);
    const std::string text = pretty_json(root);
    document = parsed_json<json>(text);
    statement = parsed_json<json>(statement_line(root, base::hex(base::sha256(text)), "r.json"));
    path = directory.path() + "/bin";
    ::mkdir(path.c_str(), 0700);
  }

  void sign() {
    document["integrity"]["signature"] = {{"format", "sigstore-cosign-intoto-v1"},
                                          {"bundle_url", "https://e/b"},
                                          {"signer_identity", "ci@acme"},
                                          {"signer_issuer", "https://issuer"},
                                          {"rekor_url", "https://r"},
                                          {"rekor_log_index", 7},
                                          {"signed_at", "2026-04-01"}};
    document["report_metadata"]["integrity_level"] = "signed";
    request.attestation = directory.path("s.jsonl");
    request.bundle = directory.file("b.sig", "x");
    request.expected_identity = "ci@acme";
    request.expected_issuer = "https://issuer";
    program("cosign", "echo \"$@\" > " + directory.path("args"));
  }

  void program(const std::string& name, const std::string& script) {
    const std::string file = directory.file("bin/" + name, "#!/bin/sh\n" + script + "\n");
    ::chmod(file.c_str(), 0700);
  }

  Verification run() {
    directory.file("s.jsonl", statement.dump() + "\n");
    // Members in the order of the document, as an operator's editor leaves them.
    LoadedDocument loaded;
    const base::Status read = load_document(directory.file("r.json", document.dump(1)), loaded);
    EXPECT_TRUE(read) << read.error().text();
    request.search_path = path.c_str();
    request.repository = "o/r";
    return verify(loaded, request);
  }

  Directory directory;
  json document;
  json statement;
  std::string path;
  VerifyRequest request;
};

TEST_F(Verify, AnUnsignedDocumentIsPartlyChecked) {
  const Verification checks = run();
  EXPECT_EQ(checks.content_hash.status, CheckStatus::kOk);
  EXPECT_EQ(checks.core_patterns.status, CheckStatus::kOk);
  EXPECT_EQ(checks.signature.status, CheckStatus::kNotProvided);
  EXPECT_EQ(checks.binary_attestation.status, CheckStatus::kNotProvided);
  EXPECT_EQ(checks.verdict, Verdict::kPartial);
}

TEST_F(Verify, AChangedFigureIsUntrusted) {
  document["aggregate"]["total_energy_kwh"] = 0.05;
  const Verification checks = run();
  EXPECT_EQ(checks.content_hash.status, CheckStatus::kFail);
  EXPECT_EQ(checks.verdict, Verdict::kUntrusted);
}

TEST_F(Verify, ASignedStatementAboutThisDocumentIsTrusted) {
  sign();
  const Verification checks = run();
  EXPECT_EQ(checks.signature.status, CheckStatus::kOk) << checks.signature.detail;
  EXPECT_EQ(checks.verdict, Verdict::kTrusted);
  EXPECT_EQ(directory.content("args"), "verify-blob --bundle " + directory.path("b.sig") +
                                           " --new-bundle-format --certificate-identity ci@acme --certificate-oidc-issuer "
                                           "https://issuer " +
                                           directory.path("s.jsonl") + "\n");
}

TEST_F(Verify, AStatementAboutAnotherDocumentIsNot) {
  sign();
  const json good = statement;
  for (const auto& [pointer, value] : std::initializer_list<std::pair<const char*, json>>{
           {"/_type", "https://in-toto.io/Statement/v0.1"},
           {"/predicateType", "x"},
           {"/predicate", nullptr},
           {"/predicate/report_uuid", "00000000-0000-4000-8000-000000000002"},
           {"/predicate/intent", "official"},
           {"/predicate/period/to_date", "2026-02-28"},
           {"/predicate/methodology_summary/core_patterns_hash", std::string(64, '0')},
           {"/subject/0/digest/sha256", std::string(64, '0')},
           {"/subject", json::array()}}) {
    statement = good;
    statement[json::json_pointer(pointer)] = value;
    const Verification checks = run();
    EXPECT_EQ(checks.signature.status, CheckStatus::kFail) << pointer;
    EXPECT_EQ(checks.verdict, Verdict::kUntrusted) << pointer;
  }
}

TEST_F(Verify, AnotherSignerThanTheDocumentNamesFails) {
  sign();
  request.expected_identity = "else@acme";
  EXPECT_EQ(run().signature.status, CheckStatus::kFail);
}

TEST_F(Verify, AStrippedSignatureFails) {
  document["report_metadata"]["integrity_level"] = "signed";
  EXPECT_EQ(run().verdict, Verdict::kUntrusted);
  document["report_metadata"]["integrity_level"] = "audited";
  EXPECT_EQ(run().verdict, Verdict::kPartial);
}

TEST_F(Verify, UnknownMembersAreListedAndNeverTrusted) {
  sign();
  document["aggregate"]["bonus"] = 1;
  const Verification checks = run();
  EXPECT_EQ(checks.content_hash.status, CheckStatus::kOk);
  EXPECT_NE(checks.content_hash.detail.find("aggregate.bonus"), std::string::npos) << checks.content_hash.detail;
  EXPECT_EQ(checks.verdict, Verdict::kPartial);
}

TEST_F(Verify, WithoutItsToolASignatureIsNotChecked) {
  sign();
  path = directory.path() + "/none";
  const Verification checks = run();
  EXPECT_EQ(checks.signature.status, CheckStatus::kSkip);
  EXPECT_EQ(checks.verdict, Verdict::kPartial);
}

TEST_F(Verify, WhatCosignSaysLastIsShownWithoutControlCharacters) {
  sign();
  program("cosign", "echo first >&2; printf 'no\\033[31m match\\n\\n' >&2; exit 1");
  const Verification checks = run();
  EXPECT_EQ(checks.signature.status, CheckStatus::kFail);
  EXPECT_EQ(checks.signature.detail, "cosign rejects it: no?[31m match");
}

TEST_F(Verify, UnsafeIdentitiesNeverReachCosign) {
  sign();
  for (const char* bad : {"", "-x", "a\x07", "a\nb"}) {
    document["integrity"]["signature"]["signer_identity"] = bad;
    EXPECT_EQ(run().signature.status, CheckStatus::kFail) << bad;
    document["integrity"]["signature"]["signer_identity"] = "ci@acme";
    request.expected_issuer = bad;
    EXPECT_EQ(run().signature.status, CheckStatus::kFail) << bad;
    request.expected_issuer = "https://issuer";
  }
  EXPECT_EQ(directory.content("args"), "");
}

TEST_F(Verify, ACommitCountsOnlyAsAWholeNumbersStart) {
  document["integrity"]["binary_attestation"] = {
      {"format", "slsa-provenance-v1"}, {"attestation_url", "u"}, {"builder_id", "b"}, {"git_tag", "v1.0.0"},
      {"git_commit", "abcdef1"},        {"slsa_level", "L3"}};
  request.binary = directory.file("program", "x");
  document["integrity"]["binary_hash"] = "sha256:" + base::hex(base::sha256("x"));
  const auto status = [&](const std::string& said) {
    program("gh", "echo '" + said + "'");
    return run().binary_attestation.status;
  };
  EXPECT_EQ(status("\"abcdef1234\""), CheckStatus::kOk);
  EXPECT_EQ(status("0abcdef1 abcdef1"), CheckStatus::kOk);
  EXPECT_EQ(status("0abcdef1"), CheckStatus::kFail);
  EXPECT_EQ(status("ABCDEF1"), CheckStatus::kFail);
  document["integrity"]["binary_hash"] = "sha256:" + std::string(64, '0');
  EXPECT_EQ(status("abcdef1"), CheckStatus::kFail);
}

TEST(Files, ReplacingIsAllOrNothing) {
  const Directory directory;
  const std::string file = directory.file("a", "old");
  ASSERT_TRUE(replace_file(file, "new"));
  EXPECT_EQ(directory.content("a"), "new");
  directory.file("a.tmp", "somebody else's");
  EXPECT_EQ(replace_file(file, "newer").error().where, file + ".tmp");
  EXPECT_EQ(directory.content("a"), "new");
  EXPECT_EQ(directory.content("a.tmp"), "somebody else's");
  EXPECT_FALSE(replace_file(directory.path("none/a"), "x"));
}

TEST(Files, TheCapIsInclusive) {
  const Directory directory;
  const std::string file = directory.file("a", "12345");
  EXPECT_EQ(*read_whole_file(file, 5), "12345");
  EXPECT_EQ(read_whole_file(file, 4).error().what, "cannot read: larger than 4 bytes");
  EXPECT_EQ(read_whole_file(directory.path(), 4).error().what, "cannot read: not a regular file");
}

}  // namespace
}  // namespace sentinel::disclosure::test
