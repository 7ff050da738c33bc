// `disclose`: the efficiency disclosure of a period, from the daemon's archives (chapter 08 §3).
#include <sys/random.h>
#include <time.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "base/text.h"
#include "cli/batch_input.h"
#include "cli/browse.h"
#include "cli/output.h"
#include "cli/overwrite.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "disclosure/archive_files.h"
#include "disclosure/content_hash.h"
#include "disclosure/document_tree.h"
#include "disclosure/files.h"
#include "disclosure/instant.h"
#include "disclosure/org_config.h"
#include "disclosure/period_report.h"
#include "disclosure/statement.h"

namespace sentinel::cli {
namespace {

using disclosure::Days;
using disclosure::JsonNode;

std::string random_uuid() {
  unsigned char bytes[16] = {};
  (void)!::getrandom(bytes, sizeof bytes, 0);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string out;
  for (std::size_t i = 0; i < sizeof bytes; ++i) {
    constexpr char kDigits[] = "0123456789abcdef";
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kDigits[bytes[i] >> 4];
    out += kDigits[bytes[i] & 15];
  }
  return out;
}

template <class Enum>
Enum chosen(const Arguments& arguments, std::string_view flag, std::initializer_list<Enum> values) {
  const std::string_view text = arguments.text(flag).value_or("");
  for (const Enum value : values) {
    if (disclosure::slug(value) == text) return value;
  }
  return *values.begin();
}

std::optional<Days> date(const Arguments& arguments, std::string_view flag) {
  const std::string_view text = arguments.text(flag).value_or("");
  const std::optional<Days> days = disclosure::parse_date(text);
  if (!days) print_error(concat({"--", flag, " '", text, "' is not a date of the form YYYY-MM-DD"}));
  return days;
}

// An error when an output is one of the archives that the inputs, which may be directories, stand for.
base::Status keeps_archives(const Arguments& arguments) {
  std::vector<std::string> inputs;
  for (const std::string_view path : arguments.all("input")) inputs.emplace_back(path);
  const auto archives = disclosure::archive_files(inputs);
  if (!archives) return base::success();  // said where they are read
  for (const std::string_view flag : {"output", "emit-attestation"}) {
    const std::string path(arguments.text(flag).value_or(""));
    if (std::ranges::none_of(*archives, [&](const std::string& archive) { return same_file(path, archive); })) continue;
    return base::Error{.what = concat({"'--", flag, "' names ", path, ", an archive that is read"}),
                       .where = {},
                       .hint = "give each output a file of its own"};
  }
  return base::success();
}

disclosure::PeriodRequest request_of(const Arguments& arguments, Days from, Days to) {
  using enum disclosure::PeriodType;
  disclosure::PeriodRequest request;
  request.intent = chosen(arguments, "intent", {disclosure::Intent::kInternal, disclosure::Intent::kOfficial});
  request.confidentiality =
      chosen(arguments, "confidentiality", {disclosure::Confidentiality::kInternal, disclosure::Confidentiality::kPublic});
  request.type = chosen(arguments, "period-type", {kCustom, kCalendarMonth, kCalendarQuarter, kCalendarYear});
  request.from = from;
  request.to = to;
  for (const std::string_view path : arguments.all("input")) request.inputs.emplace_back(path);
  request.strict_attribution = arguments.typed("strict-attribution");
  request.generated_at = disclosure::wall_now();
  request.generated_by = confidence_of_this_run() == model::Confidence::kCiBatch ? "ci" : "cli-batch";
  request.report_uuid = random_uuid();
  if (const auto digest = disclosure::file_sha256("/proc/self/exe")) request.binary_hash = "sha256:" + *digest;
  return request;
}

std::string file_name(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  return name.empty() || name == "." || name == ".." ? "perf-sentinel-report.json" : name;
}

// Writes the document, and the statement about it if asked to.
ExitCode write(const Arguments& arguments, const disclosure::Document& document) {
  base::Arena arena;
  const JsonNode draft = disclosure::document_tree(document, arena);
  if (const std::string path = disclosure::non_finite_figure(draft); !path.empty()) {
    return refuse(ExitCode::kVerdict,
                  concat({path.substr(1, path.size() - 2),
                          " is not a finite number, so the document could not be read back; nothing was written"}));
  }
  const std::string hash = disclosure::content_hash(draft, arena);
  const JsonNode root = disclosure::with_content_hash(draft, hash, arena);
  const std::string text = disclosure::pretty_json(root);
  const std::string output(arguments.text("output").value_or(""));
  if (const base::Status written = write_file(output, text); !written)
    return refuse(ExitCode::kVerdict, written.error().text());
  if (const auto path = arguments.text("emit-attestation")) {
    const std::string line = disclosure::statement_line(root, base::hex(base::sha256(text)), file_name(output));
    if (const base::Status written = write_file(std::string(*path), line); !written) {
      return refuse(ExitCode::kVerdict, written.error().text());
    }
    write_stderr(concat({"Statement for signing written to ", *path, "\n"}));
  }
  return ExitCode::kDone;
}

ExitCode reject(const std::vector<std::string>& rejections) {
  print_error("the document cannot be official:");
  for (const std::string& rejection : rejections) write_stderr(concat({"  - ", base::for_terminal(rejection), "\n"}));
  return ExitCode::kUsage;
}

}  // namespace

ExitCode run_disclose(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  if (arguments.typed("tui")) return preview_disclosure(arguments);
  const std::optional<Days> from = date(arguments, "from");
  const std::optional<Days> to = date(arguments, "to");
  if (!from || !to) return ExitCode::kUsage;
  if (arguments.text("intent") == "audited") {
    return refuse(ExitCode::kUsage, "--intent audited is reserved for later; use internal or official");
  }
  if (const base::Status kept = keeps_inputs(arguments, {"output", "emit-attestation"}, {"input", "org-config"}); !kept) {
    return refuse(ExitCode::kUsage, kept.error());
  }
  if (const base::Status kept = keeps_archives(arguments); !kept) return refuse(ExitCode::kUsage, kept.error());
  const auto organisation = disclosure::load_org_config(std::string(arguments.text("org-config").value_or("")));
  if (!organisation) return refuse(ExitCode::kVerdict, organisation.error().text());
  if (*to < *from) return refuse(ExitCode::kUsage, "--to lies before --from");

  const disclosure::PeriodRequest request = request_of(arguments, *from, *to);
  const disclosure::PeriodResult result = disclosure::report_period(request, *organisation);
  if (result.fault != disclosure::PeriodFault::kNone) return refuse(ExitCode::kVerdict, result.error.text());
  const disclosure::PeriodReport& report = result.report;
  if (const std::uint64_t breaks = report.document.chain.breaks; breaks > 0 && arguments.typed("fail-on-chain-breaks")) {
    return refuse(ExitCode::kVerdict, concat({"the hash chain of the archives breaks in the period (", std::to_string(breaks),
                                              breaks == 1 ? " break" : " breaks", "); nothing was written"}));
  }
  if (request.intent == disclosure::Intent::kOfficial && !report.rejections.empty()) return reject(report.rejections);
  for (const std::string& warning : report.warnings) write_stderr(concat({"Warning: ", base::for_terminal(warning), "\n"}));
  if (const ExitCode written = write(arguments, report.document); written != ExitCode::kDone) return written;
  const auto counted = [](std::uint64_t count, std::string_view what) {
    return concat({std::to_string(count), " ", what, count == 1 ? "" : "s"});
  };
  write_stderr(
      concat({"Disclosure written to ", arguments.text("output").value_or(""), ": ", counted(report.archives.windows, "window"),
              ", ", counted(report.document.applications.size(), "application"), "\n"}));
  return ExitCode::kDone;
}

}  // namespace sentinel::cli
