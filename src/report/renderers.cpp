#include "report/renderers.h"

#include <algorithm>
#include <iterator>

#include "report/ci/code_quality.h"
#include "report/ci/junit.h"
#include "report/ci/markdown.h"
#include "report/dashboard.h"
#include "report/json_report.h"
#include "report/ndjson.h"
#include "report/text_report.h"

namespace sentinel::report {
namespace {

using model::Report;

std::uint64_t text(Pieces& out, const Report& report, const RenderOptions& options) {
  out.push_back(text_report(report, {.label = options.header,
                                     .colors = options.colors,
                                     .show_acknowledged = options.show_acknowledged,
                                     .show_saving = options.show_saving}));
  return 0;
}

std::uint64_t json(Pieces& out, const Report& report, const RenderOptions& options) {
  std::ranges::move(json_report_pieces(report, options.show_acknowledged, options.threads), std::back_inserter(out));
  return 0;
}

std::uint64_t ndjson(Pieces& out, const Report& report, const RenderOptions&) {
  append_ndjson(out.emplace_back(), report.findings);
  return 0;
}

std::uint64_t sarif(Pieces& out, const Report& report, const RenderOptions& options) {
  SarifContent content{report.findings, {}, report.warning_details, report.binary_version};
  if (options.show_acknowledged) content.acknowledged = report.acknowledged_findings;
  return append_sarif(
      out.emplace_back(), content,
      {.compat = options.sarif_compat, .max_results = options.sarif_max, .fallback_file = options.fallback_file});
}

std::uint64_t markdown(Pieces& out, const Report& report, const RenderOptions& options) {
  return append_markdown(out.emplace_back(), report, options.show_acknowledged);
}

std::uint64_t junit(Pieces& out, const Report& report, const RenderOptions& options) {
  append_junit(out.emplace_back(), report, options.show_acknowledged);
  return 0;
}

std::uint64_t code_quality(Pieces& out, const Report& report, const RenderOptions& options) {
  append_code_quality(out.emplace_back(), report.findings, options.fallback_file);
  return 0;
}

std::uint64_t html(Pieces& out, const Report& report, const RenderOptions& options) {
  Dashboard made =
      dashboard({.report = report, .label = options.label, .run = options.run, .show_acknowledged = options.show_acknowledged});
  out.push_back(std::move(made.page));
  return made.findings.total - made.findings.kept;
}

constexpr Renderer kRenderers[] = {
    {"text", text},
    {"json", json},
    {"ndjson", ndjson},
    {"sarif", sarif, "--sarif-max raises the limit, up to 25000"},
    {"html", html, "the page is kept small; other formats have them all"},
    {"markdown", markdown, "a comment holds 65536 characters; the report has them all in other formats"},
    {"junit", junit},
    {"gitlab-codequality", code_quality},
};

}  // namespace

std::span<const Renderer> renderers() { return kRenderers; }

const Renderer* renderer_named(std::string_view kind) {
  for (const Renderer& renderer : kRenderers) {
    if (renderer.kind == kind) return &renderer;
  }
  return nullptr;
}

}  // namespace sentinel::report
