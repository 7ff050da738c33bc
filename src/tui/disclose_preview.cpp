#include "tui/disclose_preview.h"

#include <algorithm>
#include <utility>

#include "base/number_format.h"
#include "tui/bars.h"
#include "tui/glyphs.h"
#include "tui/help.h"

namespace sentinel::tui {
namespace {

using disclosure::Confidentiality;
using disclosure::Intent;

constexpr std::string_view kPreviewTabs[] = {"Disclose"};
constexpr std::string_view kGranularities[] = {"Month", "Quarter", "Year", "Custom"};
constexpr int kSettingsRows = 6;
constexpr int kWideBar = 90;
constexpr int kSmallestCommandRows = 4;
constexpr double kOfficialCoveragePercent = 75.0;
constexpr std::size_t kMostSummaries = 256;

constexpr KeyHelp kKeys[] = {
    {"g", "month, quarter, year, custom"},
    {"← → h l", "period before, after; custom: a day"},
    {"[ ]", "custom: a month back, on"},
    {"Tab", "custom: the other edge"},
    {"i", "intent: internal, official"},
    {"c", "confidentiality level"},
    {"↑ ↓ k j PgUp PgDn", "scroll the summary"},
    {"?", "this help"},
    {"q", "quit"},
};

std::string_view words_of(Confidentiality level) { return level == Confidentiality::kPublic ? "public (G2)" : "internal (G1)"; }

// Where four decimals would hide a figure, all of its digits that count.
std::string figure(double value, std::string_view unit) {
  std::string text = base::text_fixed(value, 4);
  if (value != 0.0 && text == "0.0000") text = base::text_tiny(value);
  return text.append(" ").append(unit);
}

std::string percent(double share) { return base::text_fixed(share * 100.0, 1) + "%"; }

void section(Lines& lines, std::string title) {
  if (!lines.empty()) lines.emplace_back();
  lines.emplace_back(std::move(title), kHeading);
}

void field(Lines& lines, std::string_view label, std::string value) {
  constexpr std::size_t kPreviewLabelColumns = 26;
  lines.push_back(labelled(std::string("  ").append(label), kPreviewLabelColumns, std::move(value)));
}

void add_coverage(Lines& lines, const disclosure::PeriodReport& report) {
  const disclosure::Aggregate& aggregate = report.document.aggregate;
  section(lines, "Coverage");
  field(lines, "Windows aggregated", std::to_string(report.archives.windows) + " windows");
  field(lines, "Days covered", std::to_string(report.document.period.days_covered) + " days");
  field(
      lines, "Period coverage",
      percent(aggregate.period_coverage) + " (official needs " + base::text_fixed(kOfficialCoveragePercent, 0) + "% or more)");
  field(lines, "Runtime / fallback",
        std::to_string(aggregate.runtime_windows) + " / " + std::to_string(aggregate.fallback_windows) + " windows");
  field(lines, "Malformed lines", std::to_string(report.archives.malformed_lines) + " lines skipped");
}

void add_totals(Lines& lines, const disclosure::PeriodReport& report) {
  const disclosure::Document& document = report.document;
  section(lines, "Scope");
  field(lines, "Applications measured", std::to_string(document.applications_measured) + " applications");
  field(lines, "Applications excluded", std::to_string(document.organisation.applications_excluded.size()) + " applications");
  section(lines, "Totals");
  field(lines, "Requests", std::to_string(document.aggregate.total_requests) + " requests");
  field(lines, "Carbon", figure(document.aggregate.total_carbon_kgco2eq, "kgCO2eq"));
  field(lines, "Energy", figure(document.aggregate.total_energy_kwh, "kWh"));
  field(lines, "Waste ratio", percent(document.aggregate.waste_ratio));
  field(lines, "Anti-patterns", std::to_string(document.aggregate.anti_patterns_detected) + " findings");
}

void add_validator(Lines& lines, const disclosure::PeriodReport& report, Intent intent) {
  section(lines, "Official validator");
  if (intent != Intent::kOfficial) {
    lines.emplace_back("  Not enforced: the intent is internal (i changes it)", kDim);
    return;
  }
  if (report.rejections.empty()) {
    lines.emplace_back("  Passes", kGood);
    return;
  }
  for (const std::string& rejection : report.rejections) lines.emplace_back("  - " + rejection, kBad).continue_with("    ");
}

bool is_plain_word(std::string_view word) {
  constexpr std::string_view kPlain = "-_./:=@%+,";
  return !word.empty() && std::ranges::all_of(word, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kPlain.find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string shell_quoted(std::string_view word) {
  if (is_plain_word(word)) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out += '\'';
}

Lines preview_lines(const disclosure::PeriodResult& result, Intent intent) {
  Lines lines;
  if (result.fault == disclosure::PeriodFault::kNoWindow) {
    lines.emplace_back("No archived window falls into this period.");
    lines.emplace_back("Move it with ← and →, or widen it with g.", kDim);
    return lines;
  }
  if (result.fault == disclosure::PeriodFault::kFailed) {
    lines.emplace_back(result.error.text(), kBad);
    return lines;
  }
  add_coverage(lines, result.report);
  add_totals(lines, result.report);
  add_validator(lines, result.report, intent);
  return lines;
}

DisclosePreview::DisclosePreview(PreviewStart start, Report report)
    : start_(std::move(start)),
      report_(std::move(report)),
      period_(start_.last.value_or(start_.today), start_.first.value_or(start_.today), start_.last.value_or(start_.today)) {
  recompute();
}

disclosure::PeriodRequest DisclosePreview::request() const {
  disclosure::PeriodRequest request;
  request.intent = intent_;
  request.confidentiality = confidentiality_;
  request.type = period_.type();
  request.from = period_.from();
  request.to = period_.to();
  request.inputs = start_.inputs;
  request.strict_attribution = start_.strict_attribution;
  return request;
}

void DisclosePreview::recompute() {
  const Setting setting = {intent_, confidentiality_, period_.type(), period_.from(), period_.to()};
  if (summaries_.size() >= kMostSummaries) summaries_.clear();
  auto at = summaries_.find(setting);
  if (at == summaries_.end()) at = summaries_.emplace(setting, preview_lines(report_(request()), intent_)).first;
  summary_.show(at->second);
}

Reaction DisclosePreview::handle(const Event& event) {
  if (event.kind != Event::Kind::kKey) return {};
  if (event.key == Key::kCharacter && event.character == U'q') return {.quit = true, .save = {}};
  if (too_small_) return {};
  if (std::exchange(help_open_, false)) return {};
  switch (event.key) {
    case Key::kCharacter:
      on_character(event.character);
      break;
    case Key::kLeft:
    case Key::kRight:
      period_.step(event.key == Key::kLeft ? -1 : 1);
      recompute();
      break;
    case Key::kTab:
    case Key::kBackTab:
      period_.switch_edge();
      break;
    default:
      summary_.handle(event.key);
  }
  return {};
}

void DisclosePreview::on_character(char32_t character) {
  switch (character) {
    case U'g':
      period_.next_granularity();
      break;
    case U'h':
      period_.step(-1);
      break;
    case U'l':
      period_.step(1);
      break;
    case U'[':
      period_.step_months(-1);
      break;
    case U']':
      period_.step_months(1);
      break;
    case U'i':
      intent_ = intent_ == Intent::kInternal ? Intent::kOfficial : Intent::kInternal;
      break;
    case U'c':
      confidentiality_ = confidentiality_ == Confidentiality::kPublic ? Confidentiality::kInternal : Confidentiality::kPublic;
      break;
    case U'k':
      summary_.handle(Key::kUp);
      return;
    case U'j':
      summary_.handle(Key::kDown);
      return;
    case U'?':
      help_open_ = true;
      return;
    default:
      return;
  }
  recompute();
}

Lines DisclosePreview::settings_lines() const {
  const bool custom = period_.granularity() == PreviewPeriod::Granularity::kCustom;
  const bool from_active = period_.edge() == PreviewPeriod::Edge::kFrom;
  Lines lines;
  lines.emplace_back("Granularity: ", kDim)
      .add("‹ " + std::string(kGranularities[static_cast<std::size_t>(period_.granularity())]) + " ›", kBold)
      .add("    Intent: ", kDim)
      .add(std::string(slug(intent_)), kBold)
      .add("    Confidentiality: ", kDim)
      .add(std::string(words_of(confidentiality_)), kBold);
  lines.emplace_back("Period: ", kDim)
      .add(disclosure::date_text(period_.from()), custom && from_active ? kSelected : kBold)
      .add(" → ")
      .add(disclosure::date_text(period_.to()), custom && !from_active ? kSelected : kBold)
      .add("  (" + std::to_string(period_.days()) + (period_.days() == 1 ? " day)" : " days)"));
  Line& archive = lines.emplace_back("Archive: ", kDim);
  if (start_.first && start_.last) {
    archive.add(disclosure::date_text(*start_.first) + " .. " + disclosure::date_text(*start_.last));
  } else {
    archive.add("no window with a readable time");
  }
  if (custom) lines.emplace_back("←/→ move the marked day, [ ] by a month, Tab marks the other", kDim);
  return lines;
}

std::string DisclosePreview::command() const {
  const std::string from = disclosure::date_text(period_.from());
  const std::string to = disclosure::date_text(period_.to());
  const std::string output = start_.output.empty() ? "disclosure-" + from + "-" + to + ".json" : start_.output;
  std::string out = "perf-sentinel disclose --intent " + std::string(slug(intent_)) + " --confidentiality " +
                    std::string(slug(confidentiality_)) + " --period-type " + std::string(slug(period_.type())) + " --from " +
                    from + " --to " + to + " --output " + shell_quoted(output);
  out += " --input";
  for (const std::string& input : start_.inputs) out += " " + shell_quoted(input);
  out += " --org-config " + shell_quoted(start_.org_config);
  if (start_.strict_attribution) out += " --strict-attribution";
  return out;
}

void DisclosePreview::draw(Screen& screen) {
  too_small_ = draw_too_small(screen);
  if (too_small_) return;
  const bool custom = period_.granularity() == PreviewPeriod::Granularity::kCustom;
  draw_tabs(screen, kPreviewTabs, 0,
            {{"g granularity", 6},
             {custom ? "←/→ day" : "←/→ period", 6},
             {"i intent", 5},
             {screen.columns() < kWideBar ? "c level" : "c confidentiality", 4},
             {"? keys", 9},
             {"q quit", 10}});

  const Rect settings = {0, 1, screen.columns(), kSettingsRows};
  const Lines above = fold(settings_lines(), settings.width - 2);
  for (int i = 0; i < std::min(static_cast<int>(above.size()), kSettingsRows - 2); ++i) {
    put_line(screen, 1, 2 + i, above[static_cast<std::size_t>(i)], settings.width - 2);
  }
  draw_frame(screen, settings, "Settings", kDim, {}, {});

  // The command is shown whole where the summary still keeps a few lines.
  const Lines words = fold(Lines{Line(command())}, screen.columns() - 2);
  const int middle = 1 + kSettingsRows;
  const int left = screen.rows() - 1 - middle;
  const int wanted = static_cast<int>(words.size()) + 2;
  const int command_rows = std::clamp(wanted, std::min(kSmallestCommandRows, left), std::max(kSmallestCommandRows, left - 3));
  const Rect below = {0, screen.rows() - 1 - command_rows, screen.columns(), command_rows};
  for (int i = 0; i < std::min(command_rows - 2, static_cast<int>(words.size())); ++i) {
    put_line(screen, 1, below.y + 1 + i, words[static_cast<std::size_t>(i)], below.width - 2);
  }
  const bool whole = command_rows >= wanted;
  draw_frame(screen, below, whole ? "Command that writes it" : "Command that writes it (a taller window shows all)", kDim, {},
             {});

  const Rect summary = {0, middle, screen.columns(), below.y - middle};
  summary_.draw(screen, summary.inside());
  draw_frame(screen, summary, "Summary", kActiveBorder, summary_.position(), "lines");
  draw_credit(screen);
  if (help_open_) draw_help(screen, kKeys);
}

}  // namespace sentinel::tui
