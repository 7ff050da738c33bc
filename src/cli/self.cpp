// `completions`, `man`, `validate` and `version`: what the program says about itself (chapter 06 §12, chapter 11 §4).
#include <libdeflate.h>
#include <nghttp2/nghttp2ver.h>
#include <xxhash.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

#include "cli/build_info.h"
#include "cli/load_config.h"
#include "cli/output.h"
#include "cli/runners.h"
#include "cli/texts/completions.h"
#include "cli/texts/concat.h"
#include "cli/texts/manual.h"
#include "config/explain.h"

namespace sentinel::cli {
ExitCode run_completions(const Invocation& invocation) {
  return print_result(completion_script(kProgram, invocation.arguments.positional));
}

ExitCode run_man(const Invocation&) { return print_result(manual_pages(kProgram, SENTINEL_VERSION)); }

ExitCode run_validate(const Invocation& invocation) {
  const config::Checked checked = config::check(config_options(invocation.arguments));
  if (!checked.errors.empty()) {
    write_stderr(config::errors_text(checked.errors));
    return ExitCode::kCannotRun;
  }
  if (invocation.arguments.typed("explain")) return print_result(config::explain_text(checked.loaded));
  return print_result(config::valid_text(checked.loaded));
}

ExitCode run_version(const Invocation&) {
  const BuildInfo build = build_info();
  const std::string xxhash = concat(
      {std::to_string(XXH_VERSION_MAJOR), ".", std::to_string(XXH_VERSION_MINOR), ".", std::to_string(XXH_VERSION_RELEASE)});
  return print_result(concat({"perf-sentinel ", SENTINEL_VERSION, "\nrevision: ", build.revision, "\ncompiler: ",
                              build.compiler, "\nlibraries: zlib ", zlibVersion(), ", libdeflate ", LIBDEFLATE_VERSION_STRING,
                              ", zstd ", ZSTD_versionString(), ", xxHash ", xxhash, ", nghttp2 ", NGHTTP2_VERSION, "\n"}));
}

}  // namespace sentinel::cli
