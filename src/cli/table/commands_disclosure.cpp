// Rows of the disclosure subcommands.
#include "cli/runners.h"
#include "cli/table/common_flags.h"
#include "cli/table/subcommands.h"

namespace sentinel::cli {
namespace {

constexpr Flag choice(std::string_view name, std::string_view help, std::string_view choices) {
  return {.name = name,
          .kind = ValueKind::kChoice,
          .value_name = "VALUE",
          .help = help,
          .choices = choices,
          .required = true,
          .required_unless = "tui"};
}

constexpr Flag date(std::string_view name, std::string_view help) {
  return {.name = name,
          .kind = ValueKind::kText,
          .value_name = "YYYY-MM-DD",
          .help = help,
          .required = true,
          .required_unless = "tui"};
}

constexpr Flag kDiscloseFlags[] = {
    choice("intent", "What the document is for", "internal official audited"),
    choice("confidentiality", "Who may see it", "internal public"),
    choice("period-type", "Kind of period", "calendar-quarter calendar-month calendar-year custom"),
    date("from", "First day"),
    date("to", "Last day"),
    {.name = "output",
     .kind = ValueKind::kPath,
     .value_name = "PATH",
     .help = "Document to write",
     .required = true,
     .required_unless = "tui"},
    {.name = "input",
     .kind = ValueKind::kPath,
     .value_name = "PATH",
     .help = "Archive files of the daemon, or directories of *.ndjson files",
     .required = true,
     .many = true},
    {.name = "org-config",
     .kind = ValueKind::kPath,
     .value_name = "PATH",
     .help = "Description of the organisation",
     .required = true},
    {.name = "strict-attribution",
     .help = "Refuse windows that attribute their traffic to no service",
     .details = "Without it they are added up under _unattributed, which counts in the totals and is no application."},
    {.name = "fail-on-chain-breaks",
     .help = "Refuse archives whose hash chain breaks in the period",
     .details = "Without it breaks are counted in integrity.trace_integrity_chain and warned about."},
    path_flag("emit-attestation", "Attestation statement to write for signing"),
    {.name = "tui", .help = "Preview in the terminal", .conflicts = "emit-attestation"}};

constexpr Flag kVerifyHashFlags[] = {
    {.name = "report", .kind = ValueKind::kPath, .value_name = "PATH", .help = "Document to check", .conflicts = "url"},
    text_flag("url", "URL", "Document to fetch and check"),
    path_flag("attestation", "Attestation statement"),
    path_flag("bundle", "Signature bundle"),
    path_flag("verify-binary", "Program file that the document says wrote it"),
    format_flag("text json", {}, false),
    text_flag("expected-identity", "IDENTITY", "Who must have signed"),
    text_flag("expected-issuer", "URL", "Who must have vouched for the signer"),
    {.name = "no-identity-check", .help = "Accept any signer", .conflicts = "expected-identity expected-issuer"}};

constexpr Flag kHashBakeFlags[] = {
    {.name = "report", .kind = ValueKind::kPath, .value_name = "PATH", .help = "Document to read", .required = true},
    {.name = "output",
     .kind = ValueKind::kPath,
     .value_name = "PATH",
     .help = "Document to write; may be the same",
     .required = true},
    {.name = "allow-signed", .help = "Overwrite a document that carries a signature"}};

}  // namespace

constinit const Command kDisclose = {
    .name = "disclose",
    .about = "Write a disclosure of energy and carbon for a period",
    .details =
        "Adds up the windows that a daemon archived ([daemon.archive]) from the first to the last day, both in UTC and both "
        "included. The document and the statement are the only output; messages go to standard error.\n\n"
        "Exits 0 when the document was written, 1 when it could not be made or written, 2 when --intent official is not met: "
        "then every reason is listed and nothing is written.",
    .examples =
        "  perf-sentinel disclose --intent internal --confidentiality public --period-type calendar-quarter --from 2026-01-01 "
        "\\\n"
        "    --to 2026-03-31 --input archive/*.ndjson --org-config org.toml --output disclosure.json\n",
    .flags = kDiscloseFlags,
    .run = run_disclose};

constinit const Command kVerifyHash = {
    .name = "verify-hash",
    .about = "Check a disclosure's hash and signature",
    .details =
        "Exits 0 when the document is trusted, 1 when something about it is wrong, 2 when nothing is but not everything could "
        "be "
        "checked, 3 when it cannot be read, 4 when it cannot be fetched.\n\n"
        "Signatures are checked by 'cosign' and programs by 'gh', where these are installed.",
    .examples =
        "  perf-sentinel verify-hash --report disclosure.json\n"
        "  perf-sentinel verify-hash --url https://example.org/disclosure.json --format json\n",
    .flags = kVerifyHashFlags,
    .run = run_verify_hash};

constinit const Command kHashBake = {
    .name = "hash-bake",
    .about = "Compute a disclosure's hash and write it into the document",
    .details =
        "For documents that were changed on purpose. Members that are no part of the format are dropped. Exits 1 for a signed "
        "document without --allow-signed, 3 when a document cannot be read or written.",
    .examples = "  perf-sentinel hash-bake --report disclosure.json --output disclosure.json\n",
    .flags = kHashBakeFlags,
    .run = run_hash_bake};

}  // namespace sentinel::cli
