// The forms in which a report can be written: one row each, for --format and --output (chapter 07).
//
// A form takes a finished report and appends its bytes, in pieces as it likes; the analysis knows nothing of forms and runs
// once for all of them. To add one: its files, its row, its name among the choices of src/cli/table. Same report, same bytes;
// any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run.h"
#include "model/report.h"
#include "report/ci/sarif.h"

namespace sentinel::report {

using Pieces = std::vector<std::string>;  // one text, piece after piece

struct RenderOptions {
  unsigned threads = 1;
  bool show_acknowledged = false;
  bool colors = false;       // text
  bool show_saving = false;  // text: a line a finding on what its fix would save
  bool sarif_compat = false;
  std::uint64_t sarif_max = kSarifResults;
  std::string_view fallback_file = kDefaultFallbackFile;
  std::string_view label = "-";        // html: what was read
  std::string_view header = "report";  // text: what the header names
  const analysis::Run* run = nullptr;  // html: whose traces are embedded
};

struct Renderer {
  std::string_view kind;
  // Appends; gives the number of findings that the form had no room for.
  std::uint64_t (*append)(Pieces& out, const model::Report&, const RenderOptions&);
  std::string_view on_overflow = {};  // what to do about findings left out, for people
};

[[nodiscard]] std::span<const Renderer> renderers();
[[nodiscard]] const Renderer* renderer_named(std::string_view kind);  // null when there is none

}  // namespace sentinel::report
