#include "detect/support/traces.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/hash.h"
#include "base/time.h"

namespace sentinel::detect::testing {

namespace {

// An id as records keep it: the value of 16 lower-case hex digits, else its text.
std::uint64_t id_of(model::Symbols& symbols, std::string_view text, model::SpanRecord& record, model::SpanFlag is_text) {
  const bool hex = text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  record.flags = static_cast<std::uint16_t>(hex ? record.flags & ~is_text : record.flags | is_text);
  return hex ? std::stoull(std::string(text), nullptr, 16) : symbols.texts.intern(text);
}

}  // namespace

SpanWords& SpanWords::params(std::string_view text) {
  record_->params = base::hash128("1:" + std::string(text));
  record_->flags |= model::kHasParams;
  return *this;
}

SpanWords& SpanWords::at(std::uint64_t ms_after_base) {
  record_->start_us = (kBaseMs + ms_after_base) * 1000;
  return *this;
}

SpanWords& SpanWords::stamped(std::string_view timestamp) {
  std::uint64_t ms = 0;
  if (base::parse_canonical_iso(timestamp, &ms)) {
    record_->start_us = ms * 1000;
    return *this;
  }
  record_->start_us = 0;
  record_->extra = traces_->symbols.add_extra(
      {.timestamp_text = traces_->symbols.texts.intern(timestamp), .start_ms = base::parse_iso_ms(timestamp)});
  return *this;
}

SpanWords& SpanWords::took(std::uint64_t us) {
  record_->duration_us = us;
  return *this;
}

SpanWords& SpanWords::in(std::string_view trace) {
  record_->trace = traces_->symbols.texts.intern(trace);
  return *this;
}

SpanWords& SpanWords::service(std::string_view name) {
  record_->service = traces_->symbols.texts.intern(name);
  return *this;
}

SpanWords& SpanWords::endpoint(std::string_view name) {
  record_->endpoint = traces_->symbols.texts.intern(name);
  return *this;
}

SpanWords& SpanWords::id(std::string_view id) {
  record_->span_id = id_of(traces_->symbols, id, *record_, model::kSpanIdIsText);
  return *this;
}

SpanWords& SpanWords::parent(std::string_view id) {
  record_->flags |= model::kHasParent;
  record_->parent_id = id_of(traces_->symbols, id, *record_, model::kParentIdIsText);
  return *this;
}

SpanWords& SpanWords::group(std::string_view key, std::string_view value) {
  const model::GroupPair pair{key, value};
  record_->grouping = traces_->symbols.intern_grouping({&pair, 1});
  return *this;
}

SpanWords& SpanWords::scopes(const std::vector<std::string>& chain) {
  std::vector<model::TextId> ids;
  for (const std::string& scope : chain) ids.push_back(traces_->symbols.texts.intern(scope));
  model::Origin origin = traces_->symbols.origin(record_->origin);
  origin.scopes = ids;
  record_->origin = traces_->symbols.intern_origin(origin);
  return *this;
}

SpanWords& SpanWords::code(std::string_view function, std::string_view filepath, std::string_view code_namespace) {
  model::Origin origin = traces_->symbols.origin(record_->origin);
  origin.function = traces_->symbols.texts.intern(function);
  origin.filepath = traces_->symbols.texts.intern(filepath);
  origin.code_namespace = traces_->symbols.texts.intern(code_namespace);
  record_->origin = traces_->symbols.intern_origin(origin);
  return *this;
}

SpanWords Traces::add(model::EventType type, std::string_view template_text) {
  model::SpanRecord& record = records_.emplace_back();
  record.set_type(type);
  record.template_id = symbols.texts.intern(template_text);
  record.params = base::hash128("0");
  SpanWords words(*this, record);
  words.in("t1").service("order-svc").endpoint("POST /api/orders").at(0).took(800).id("s" + std::to_string(records_.size()));
  return words;
}

void Traces::lay(std::string_view parent, std::string_view children) {
  std::istringstream in{std::string(children)};
  std::string name;
  std::string times;
  while (in >> name >> times) {
    const std::uint64_t from = std::stoull(times);
    const std::uint64_t to = std::stoull(times.substr(times.find('-') + 1));
    http(name).params(static_cast<int>(records_.size())).at(from).took((to - from) * 1000).parent(parent);
  }
}

model::TraceSet Traces::set() const {
  std::vector<model::TextId> order;
  std::map<model::TextId, std::vector<const model::SpanRecord*>> by_trace;
  for (const model::SpanRecord& record : records_) {
    if (!by_trace.contains(record.trace)) order.push_back(record.trace);
    by_trace[record.trace].push_back(&record);
  }
  model::TraceSet set;
  for (const model::TextId trace : order) {
    set.traces.push_back({trace, set.spans.size(), by_trace[trace].size()});
    set.spans.insert(set.spans.end(), by_trace[trace].begin(), by_trace[trace].end());
  }
  return set;
}

const std::vector<model::Finding>& Traces::findings() {
  texts_.clear();
  findings_ = detect(set(), symbols, settings, threads, texts_);
  return findings_;
}

std::string Traces::found(std::string_view prefix) {
  std::string out;
  for (const model::Finding& f : findings()) {
    if (model::slug(f.type).starts_with(prefix)) out += (out.empty() ? "" : "; ") + show(f);
  }
  return out;
}

model::Finding Traces::one(std::string_view type) {
  for (const model::Finding& f : findings()) {
    if (model::slug(f.type) == type) return f;
  }
  ADD_FAILURE() << "no finding of type " << type;
  return {};
}

void Traces::reorder(const std::vector<std::size_t>& order) {
  std::deque<model::SpanRecord> next;
  for (const std::size_t i : order) next.push_back(records_[i]);
  records_ = std::move(next);
}

std::string show(const model::Finding& f) {
  std::string out(f.classification == model::Classification::kSanitizerHeuristic ? "*" : "");
  out += model::slug(f.type);
  out += '/';
  out += model::slug(f.severity);
  for (const std::uint64_t number : {f.pattern.occurrences, f.pattern.distinct_params, f.pattern.window_ms}) {
    out += '/' + std::to_string(number);
  }
  return out;
}

std::string joined(std::span<const std::string_view> texts) {
  std::string out;
  for (const std::string_view text : texts) out += (out.empty() ? "" : " ") + std::string(text);
  return out;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace sentinel::detect::testing
