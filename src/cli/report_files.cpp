#include "cli/report_files.h"

#include "base/text.h"
#include "cli/batch_input.h"
#include "cli/output.h"
#include "cli/overwrite.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

base::Error clash(const std::string& path, std::string_view what) {
  return {.what = concat({"'--output' names ", path, ", ", what}), .where = {}, .hint = "give each output a file of its own"};
}

}  // namespace

base::Result<std::vector<ReportFile>> report_files(const Arguments& arguments) {
  std::vector<ReportFile> files;
  for (const std::string_view value : arguments.all("output")) {
    const std::size_t equals = value.find('=');
    ReportFile file{report::renderer_named(value.substr(0, equals)), std::string(value.substr(equals + 1))};
    if (file.path == "-") {
      return base::Error{.what = "'--output' writes files, and '-' is none",
                         .where = {},
                         .hint = "--format chooses what goes to standard output"};
    }
    for (const ReportFile& other : files) {
      if (same_file(file.path, other.path)) return clash(file.path, "which another '--output' writes too");
    }
    if (const auto input = arguments.text("input"); input && same_file(file.path, std::string(*input))) {
      return clash(file.path, "which is the input");
    }
    files.push_back(std::move(file));
  }
  return files;
}

base::Result<report::RenderOptions> render_options(const Arguments& arguments) {
  report::RenderOptions options{.threads = thread_count(arguments),
                                .show_acknowledged = arguments.typed("show-acknowledged"),
                                .sarif_compat = arguments.typed("sarif-compat")};
  if (const auto max = arguments.number("sarif-max")) options.sarif_max = *max;
  if (const auto input = arguments.text("input")) options.label = input->substr(input->rfind('/') + 1);
  if (const auto file = arguments.text("fallback-file")) options.fallback_file = *file;
  if (!report::is_acceptable_path(options.fallback_file) || !base::is_valid_utf8(options.fallback_file)) {
    return base::Error{.what = concat({"'--fallback-file' is ", options.fallback_file}),
                       .where = {},
                       .hint = "it must be a path below the repository's root, such as src/main.c"};
  }
  return options;
}

void report_left_out(std::uint64_t findings, const report::Renderer& renderer, std::string_view target) {
  if (findings == 0) return;
  write_stderr(concat({"Warning: ", std::to_string(findings), findings == 1 ? " finding" : " findings", " left out of ",
                       base::for_terminal(target), " (", renderer.kind, "): ", renderer.on_overflow, "\n"}));
}

report::Pieces render(const report::Renderer& renderer, const model::Report& report, const report::RenderOptions& options,
                      std::string_view target) {
  report::Pieces pieces;
  report_left_out(renderer.append(pieces, report, options), renderer, target);
  return pieces;
}

bool write_report_files(const std::vector<ReportFile>& files, const model::Report& report,
                        const report::RenderOptions& options) {
  bool all_written = true;
  for (const ReportFile& file : files) {
    const base::Status written = write_file(file.path, render(*file.renderer, report, options, file.path));
    if (written) continue;
    print_error(written.error().text());
    all_written = false;
  }
  return all_written;
}

}  // namespace sentinel::cli
