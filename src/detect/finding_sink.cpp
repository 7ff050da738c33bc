#include "detect/finding_sink.h"

#include <algorithm>
#include <cassert>

#include "base/index_table.h"
#include "base/number_format.h"

namespace sentinel::detect {

namespace {

// Absent texts have no data, unlike empty ones.
std::string_view optional_text(const model::Symbols& symbols, model::TextId id) {
  return id == base::kNoText ? std::string_view() : symbols.text(id);
}

}  // namespace

void TextPart::append_to(std::string& out) const {
  switch (kind_) {
    case Kind::kText:
      out += text_;
      break;
    case Kind::kNumber:
      base::append_unsigned(out, number_);
      break;
    case Kind::kMilliseconds:
      out += base::text_fixed(static_cast<double>(number_) / 1000.0, 1);
      break;
  }
}

void append_wording(std::string& out, std::string_view wording, std::initializer_list<TextPart> parts) {
  for (const TextPart& part : parts) {
    const std::size_t gap = wording.find("{}");
    out += wording.substr(0, gap);
    part.append_to(out);
    wording.remove_prefix(gap + 2);
  }
  out += wording;
}

model::Finding& FindingSink::add(model::FindingType type, model::Severity severity, model::TextId trace,
                                 const model::SpanRecord& place) {
  model::Finding& f = findings_.emplace_back();
  f.type = type;
  f.severity = severity;
  f.trace_id = symbols_.text(trace);
  f.service = symbols_.text(place.service);
  f.grouping = symbols_.grouping(place.grouping).pairs;
  f.source_endpoint = symbols_.text(place.endpoint);
  f.trace = trace;
  return f;
}

void FindingSink::set_origin(model::Finding& finding, const model::SpanRecord& span) {
  const model::Origin& origin = symbols_.origin(span.origin);
  finding.code_location = {optional_text(symbols_, origin.function), optional_text(symbols_, origin.filepath),
                           optional_text(symbols_, origin.code_namespace), origin.lineno};
  const std::span<std::string_view> scopes = texts_.array<std::string_view>(origin.scopes.size());
  for (std::size_t i = 0; i < scopes.size(); ++i) scopes[i] = symbols_.text(origin.scopes[i]);
  finding.scopes = scopes;
}

void FindingSink::set_bounds(model::Finding& finding, const Bounds& bounds) {
  const Bounds::Result r = bounds.result(texts_, iso_);
  finding.pattern.window_ms = r.window_ms;
  finding.first_timestamp = r.first;
  finding.last_timestamp = r.last;
}

void FindingSink::set_timing(model::Finding& finding, const Timing& timing) {
  finding.pattern.p50_us = timing.p50_us;
  finding.pattern.p99_us = timing.p99_us;
  finding.pattern.cv_x1000 = timing.cv_x1000;
}

std::string_view FindingSink::keep(std::string_view wording, std::initializer_list<TextPart> parts) {
  draft_.clear();
  append_wording(draft_, wording, parts);
  return texts_.copy(draft_);
}

std::string_view FindingSink::keep_same(std::string_view wording, std::initializer_list<TextPart> parts) {
  std::uint64_t hash = reinterpret_cast<std::uintptr_t>(wording.data());
  for (const TextPart& part : parts) hash = hash * 31 + part.place_hash();
  Composed& known = composed_[base::spread(hash) % kComposed];
  if (known.wording == wording.data() && std::equal(parts.begin(), parts.end(), known.parts.begin(),
                                                    [](const TextPart& a, const TextPart& b) { return a.same_as(b); })) {
    return known.text;
  }
  assert(parts.size() <= known.parts.size());
  known.wording = wording.data();
  std::copy(parts.begin(), parts.end(), known.parts.begin());
  return known.text = keep(wording, parts);
}

}  // namespace sentinel::detect
