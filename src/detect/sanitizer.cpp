#include "detect/sanitizer.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"

namespace sentinel::detect {

namespace {

using model::SpanRecord;
using Mode = model::DetectionSettings::Sanitizer;

constexpr double kVarianceAbove = 0.5;     // coefficient of variation
constexpr std::uint32_t kFewestSpans = 3;  // for the signals that need a distribution
constexpr std::uint64_t kHighFactor = 3;   // times n_plus_one_threshold

constexpr std::array<std::string_view, 21> kOrmMarkers = {
    "spring-data",      "hibernate",  "jpa",      "micronaut-data", "jdbi",         "r2dbc",   "entityframeworkcore",
    "entity-framework", "sqlalchemy", "django",   "active-record",  "activerecord", "gorm",    "sequelize",
    "prisma",           "typeorm",    "mongoose", "sea-orm",        "diesel",       "laravel", "doctrine"};

constexpr bool is_word(char c) { return base::is_alnum(c) || c == '_'; }

// Which lower-case letters begin a marker.
constexpr std::array<bool, 256> kMarkerStarts = [] {
  std::array<bool, 256> starts{};
  for (const std::string_view marker : kOrmMarkers) starts[static_cast<unsigned char>(marker[0])] = true;
  return starts;
}();

bool marker_at(std::string_view text, std::string_view marker) {
  if (text.size() < marker.size()) return false;
  if (text.size() > marker.size() && is_word(text[marker.size()])) return false;
  return std::ranges::equal(text.substr(0, marker.size()), marker, {}, base::to_lower);
}

bool any_orm_scope(const TraceContext& in, const TemplateGroup& group) {
  // Spans of one group usually share their origin; a small memory keeps each from being read again.
  std::array<model::OriginId, 64> rejected{};
  for (const std::uint32_t i : in.index.members(group)) {
    const model::OriginId origin = in.span(i).origin;
    if (origin == 0 || rejected[origin % rejected.size()] == origin) continue;
    for (const model::TextId scope : in.symbols.origin(origin).scopes) {
      if (is_orm_scope(in.symbols.text(scope))) return true;
    }
    rejected[origin % rejected.size()] = origin;
  }
  return false;
}

bool durations_vary(const TraceContext& in, const TemplateGroup& group) {
  if (group.count < kFewestSpans) return false;
  Welford durations;
  for (const std::uint32_t i : in.index.members(group)) durations.add(in.span(i).duration_us);
  return durations.coefficient_of_variation() > kVarianceAbove;
}

bool sequential_siblings(const TraceContext& in, const TemplateGroup& group) {
  if (group.count < kFewestSpans) return false;
  const SpanRecord& head = in.span(group.first);
  const SpanKey parent = SpanKey::of_parent(in.symbols, head);
  if (!head.has(model::kHasParent) || parent == SpanKey::of_text({})) return false;
  std::vector<Interval>& intervals = in.scratch.intervals;
  intervals.clear();
  for (const std::uint32_t i : in.index.members(group)) {
    const SpanRecord& s = in.span(i);
    if (!s.has(model::kHasParent) || SpanKey::of_parent(in.symbols, s) != parent) return false;
    const std::optional<std::uint64_t> start = start_us(in.symbols, s);
    if (start) intervals.push_back({*start, saturating_add(*start, s.duration_us), i});
  }
  return intervals.size() >= kFewestSpans && back_to_back(intervals);
}

bool is_high(const TraceContext& in, const TemplateGroup& group) {
  return group.count >= kHighFactor * in.settings.n_plus_one_threshold;
}

bool sql_gate(const TraceContext& in, const TemplateGroup& group) {
  for (const std::uint32_t i : in.index.members(group)) {
    if (in.span(i).has(model::kHasParams)) return false;
  }
  return has_placeholder(in.symbols.text(group.key.template_id()));
}

bool sql_looks_sanitized(const TraceContext& in, const TemplateGroup& group) {
  if (!sql_gate(in, group)) return false;
  if (in.settings.sanitizer == Mode::kAlways) return true;
  if (in.settings.sanitizer == Mode::kAuto) return any_orm_scope(in, group) || durations_vary(in, group);
  if (is_high(in, group)) return true;
  return durations_vary(in, group) && (any_orm_scope(in, group) || sequential_siblings(in, group));
}

bool http_looks_sanitized(const TraceContext& in, const TemplateGroup& group) {
  if (in.settings.sanitizer == Mode::kAlways) return true;
  if (!durations_vary(in, group)) return false;
  if (in.settings.sanitizer == Mode::kAuto) return true;
  const bool placeholder = in.symbols.text(group.key.template_id()).find('{') != std::string_view::npos;
  return placeholder || is_high(in, group) || sequential_siblings(in, group);
}

}  // namespace

bool looks_sanitized(const TraceContext& in, const TemplateGroup& group) {
  if (in.settings.sanitizer == Mode::kNever) return false;
  return group.key.type() == model::EventType::kSql ? sql_looks_sanitized(in, group) : http_looks_sanitized(in, group);
}

bool has_placeholder(std::string_view statement_template) {
  for (std::size_t i = 0; i < statement_template.size(); ++i) {
    const char before = i > 0 ? statement_template[i - 1] : '\0';
    const char after = i + 1 < statement_template.size() ? statement_template[i + 1] : '\0';
    switch (statement_template[i]) {
      case '?':
        return true;
      case '%':
        if (after == 's') return true;
        break;
      case '@':
        if (before != '@' && base::is_alnum(after)) return true;
        break;
      case ':':
        if (before != ':' && base::is_alpha(after)) return true;
        break;
      case '$':
        if (base::is_digit(after)) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

bool is_orm_scope(std::string_view scope) {
  for (std::size_t i = 0; i < scope.size(); ++i) {
    if (i > 0 && is_word(scope[i - 1])) continue;
    if (!kMarkerStarts[static_cast<unsigned char>(base::to_lower(scope[i]))]) continue;
    for (const std::string_view marker : kOrmMarkers) {
      if (marker_at(scope.substr(i), marker)) return true;
    }
  }
  return false;
}

}  // namespace sentinel::detect
