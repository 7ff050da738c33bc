// `verify-hash`: is a published disclosure what its writer published (chapter 08 §12).
#include <cstdlib>
#include <optional>
#include <string>

#include "cli/output.h"
#include "cli/remote/disclosure_fetch.h"
#include "cli/remote/outgoing.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "disclosure/verify.h"
#include "net/url.h"
#include "report/verify_report.h"

namespace sentinel::cli {
namespace {

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

// Where the document and what goes with it come from.
struct Sources {
  std::string name;  // path or address, for the output
  std::optional<std::string> attestation;
  std::optional<std::string> bundle;
  FetchedSidecars fetched;
};

// From a server: the document itself must come, what goes with it may.
ExitCode fetch(std::string_view url, Sources& sources, disclosure::LoadedDocument& document) {
  if (!url.starts_with("https://")) {
    return refuse(ExitCode::kNetwork,
                  concat({net::redacted_url(url), ": only addresses that begin with https:// are fetched"}));
  }
  const auto client = make_client();
  auto body = fetch_disclosure(*client, std::string(url));
  if (!body) return refuse(ExitCode::kNetwork, body.error().text());
  sources.name = net::redacted_url(url);
  if (const base::Status parsed = disclosure::parse_document(std::move(*body), sources.name, document); !parsed) {
    return refuse(ExitCode::kInput, parsed.error().text());
  }
  sources.fetched.fetch(*client, url);
  if (sources.fetched.attestation()) sources.attestation = sources.fetched.attestation();
  if (sources.fetched.bundle()) sources.bundle = sources.fetched.bundle();
  return ExitCode::kDone;
}

}  // namespace

ExitCode run_verify_hash(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const auto given = [&](std::string_view flag) -> std::optional<std::string> {
    const auto text = arguments.text(flag);
    return text ? std::optional(std::string(*text)) : std::nullopt;
  };
  Sources sources;
  sources.attestation = given("attestation");
  sources.bundle = given("bundle");
  disclosure::LoadedDocument document;
  if (const auto url = arguments.text("url")) {
    if (const ExitCode code = fetch(*url, sources, document); code != ExitCode::kDone) return code;
  } else if (const auto path = given("report")) {
    sources.name = *path;
    if (const base::Status loaded = disclosure::load_document(*path, document); !loaded) {
      return refuse(ExitCode::kInput, loaded.error().text());
    }
  } else {
    return refuse(ExitCode::kInput, "nothing to check: give --report or --url");
  }
  const disclosure::Verification checks =
      disclosure::verify(document, {.attestation = sources.attestation,
                                    .bundle = sources.bundle,
                                    .binary = given("verify-binary"),
                                    .expected_identity = given("expected-identity"),
                                    .expected_issuer = given("expected-issuer"),
                                    .no_identity_check = arguments.typed("no-identity-check"),
                                    .search_path = std::getenv("PATH"),
                                    .repository = SENTINEL_REPOSITORY});
  const bool json = arguments.text("format") == "json";
  const base::Status written = write_stdout(json ? report::verify_json(checks, document.root, sources.name)
                                                 : report::verify_text(checks, document.root, sources.name));
  if (!written) return refuse(ExitCode::kInput, written.error().text());
  return exit_code(checks.verdict);
}

}  // namespace sentinel::cli
