// `verify-hash`: is a published disclosure what its writer published (chapter 08 §12).
#include <cstdlib>
#include <optional>
#include <string>

#include "cli/output.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "disclosure/verify.h"
#include "report/verify_report.h"

namespace sentinel::cli {
namespace {

ExitCode refuse(ExitCode code, std::string_view message) {
  print_error(message);
  return code;
}

ExitCode exit_code(disclosure::Verdict verdict) {
  switch (verdict) {
    case disclosure::Verdict::kTrusted:
      return ExitCode::kDone;
    case disclosure::Verdict::kUntrusted:
      return ExitCode::kVerdict;
    case disclosure::Verdict::kPartial:
      break;
  }
  return ExitCode::kPartial;
}

ExitCode refuse_url(std::string_view url) {
  if (!url.starts_with("https://")) {
    return refuse(ExitCode::kNetwork, concat({url, ": only addresses that begin with https:// are fetched"}));
  }
  return refuse(ExitCode::kNetwork, concat({url,
                                            ": fetching documents is not part of this build yet; download the file and its "
                                            "attestation and bundle, and give --report"}));
}

}  // namespace

ExitCode run_verify_hash(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (const auto url = arguments.text("url")) return refuse_url(*url);
  const auto path = arguments.text("report");
  if (!path) return refuse(ExitCode::kInput, "nothing to check: give --report or --url");

  disclosure::LoadedDocument document;
  if (const base::Status loaded = disclosure::load_document(std::string(*path), document); !loaded) {
    return refuse(ExitCode::kInput, loaded.error().text());
  }
  const auto given = [&](std::string_view flag) -> std::optional<std::string> {
    const auto text = arguments.text(flag);
    return text ? std::optional(std::string(*text)) : std::nullopt;
  };
  const disclosure::Verification checks =
      disclosure::verify(document, {.attestation = given("attestation"),
                                    .bundle = given("bundle"),
                                    .binary = given("verify-binary"),
                                    .expected_identity = given("expected-identity"),
                                    .expected_issuer = given("expected-issuer"),
                                    .no_identity_check = arguments.typed("no-identity-check"),
                                    .search_path = std::getenv("PATH"),
                                    .repository = SENTINEL_REPOSITORY});
  const bool json = arguments.text("format") == "json";
  const base::Status written = write_stdout(json ? report::verify_json(checks, document.root, *path)
                                                 : report::verify_text(checks, document.root, *path));
  if (!written) return refuse(ExitCode::kInput, written.error().text());
  return exit_code(checks.verdict);
}

}  // namespace sentinel::cli
