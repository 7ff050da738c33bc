#include "ingest/record_builder.h"

#include <emmintrin.h>

#include <algorithm>
#include <cstring>

#include "base/hex.h"
#include "base/text.h"
#include "base/time.h"
#include "ingest/code_frame.h"
#include "normalize/peer_host.h"

namespace sentinel::ingest {

using model::EventType;
using model::SpanRecord;

namespace {

// Byte caps of §2.1.
constexpr std::size_t kTimestampBytes = 64;
constexpr std::size_t kIdBytes = 128;
constexpr std::size_t kGroupBytes = 256;
constexpr std::size_t kGroupPairs = 8;
constexpr std::size_t kTargetBytes = 65'536;
constexpr std::size_t kEndpointBytes = 512;
constexpr std::size_t kFunctionBytes = 512;
constexpr std::size_t kFilepathBytes = 1024;
constexpr std::size_t kNamespaceBytes = 512;
constexpr std::size_t kScopeBytes = 256;
constexpr std::size_t kScopes = 8;

// True when one of '?', '#', '@' occurs: only then is there something to strip.
bool may_hold_secrets(std::string_view text) {
  while (text.size() >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data()));
    const __m128i query_or_host =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('?')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('@')));
    if (_mm_movemask_epi8(_mm_or_si128(query_or_host, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('#')))) != 0) return true;
    text.remove_prefix(16);
  }
  bool found = false;
  for (const char c : text) found |= c == '?' || c == '#' || c == '@';
  return found;
}

}  // namespace

IngestSettings IngestSettings::from(const config::Config& config) {
  return {config.detection.grouping_attributes, config.green.service_regions, false};
}

std::string_view strip_url_secrets(std::string_view text, std::string& buffer) {
  if (!may_hold_secrets(text)) return text;
  text = text.substr(0, text.find_first_of("?#"));
  std::size_t start = 0;
  if (text.starts_with("//")) {
    start = 2;
  } else if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos && text.find('/') > scheme) {
    start = scheme + 3;
  }
  const std::size_t end = std::min(text.find('/', start), text.size());
  const std::size_t at = text.substr(start, end - start).rfind('@');
  if (at == std::string_view::npos) return text;
  buffer.assign(text.substr(0, start));
  buffer.append(text.substr(start + at + 1));
  return buffer;
}

void sanitise_grouping(std::span<const model::GroupPair> pairs, std::vector<model::GroupPair>& kept) {
  kept.clear();
  for (const model::GroupPair& pair : pairs) {
    if (base::has_control(pair.key) || base::has_control(pair.value)) continue;
    const model::GroupPair cut{base::truncate_utf8(pair.key, kGroupBytes), base::truncate_utf8(pair.value, kGroupBytes)};
    if (cut.key.empty() || cut.value.empty()) continue;
    if (kept.size() < kGroupPairs) kept.push_back(cut);
  }
}

std::string_view RecordBuilder::cut(std::string_view text, std::size_t max) {
  return text.size() <= max ? text : base::truncate_utf8(text, max);
}

TextId RecordBuilder::trace_id(std::string_view text) {
  text = cut(text, kIdBytes);
  if (text == last_trace_ && last_trace_id_ != 0) return last_trace_id_;
  last_trace_id_ = symbols_.texts.intern(text);
  last_trace_ = symbols_.texts.text(last_trace_id_);
  return last_trace_id_;
}

TextId RecordBuilder::endpoint(std::string_view text) {
  if (text == last_endpoint_.text && last_endpoint_.id != 0) return last_endpoint_.id;
  const TextId id = new_endpoint(text);
  last_endpoint_.set(text, id);
  return id;
}

TextId RecordBuilder::new_endpoint(std::string_view text) {
  return symbols_.texts.intern(cut(strip_url_secrets(text, stripped_), kEndpointBytes));
}

TextId RecordBuilder::region(std::string_view text) {
  if (text == last_region_.text && last_region_.id != 0) return last_region_.id;
  if (!base::is_region_id(text)) return base::kNoText;
  const TextId id = symbols_.texts.intern(text);
  last_region_.set(text, id);
  return id;
}

TextId RecordBuilder::service(std::string_view text) {
  if (text == last_service_.text && last_service_.id != 0) return last_service_.id;
  const TextId id = symbols_.texts.intern(cut(text, kServiceBytes));
  last_service_.set(text, id);
  return id;
}

TextId RecordBuilder::operation(std::string_view text) {
  if (text == last_operation_.text && last_operation_.id != 0) return last_operation_.id;
  const TextId id = symbols_.texts.intern(cut(text, kOperationBytes));
  last_operation_.set(text, id);
  return id;
}

std::uint64_t RecordBuilder::span_id(std::string_view text, bool* is_text) {
  std::uint64_t value = 0;
  if (text.size() == 16 && base::parse_hex16(text.data(), &value)) {
    *is_text = false;
    return value;
  }
  *is_text = true;
  return symbols_.texts.intern(cut(text, kIdBytes));
}

void RecordBuilder::set_span_id(SpanRecord& record, std::uint64_t id, bool is_text) {
  record.span_id = id;
  if (is_text) record.flags |= model::kSpanIdIsText;
}

void RecordBuilder::set_parent(SpanRecord& record, std::uint64_t id, bool is_text) {
  record.parent_id = id;
  record.flags |= model::kHasParent;
  if (is_text) record.flags |= model::kParentIdIsText;
}

model::SpanExtra& RecordBuilder::extra(SpanRecord& record) {
  if (record.extra == 0) record.extra = symbols_.add_extra({});
  return symbols_.mutable_extra(record.extra);
}

// Spans in a row mostly begin in the same minute: the text up to it is compared, the rest read.
bool RecordBuilder::in_last_minute(std::string_view text, std::uint64_t* ms) const {
  constexpr std::size_t kMinute = 17;  // "YYYY-MM-DDTHH:MM:"
  if (text.size() != 24 || std::memcmp(text.data(), last_minute_.data(), kMinute) != 0) return false;
  const auto digit = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i]) - '0'); };
  const unsigned tens = digit(17);
  const std::array rest = {digit(18), digit(20), digit(21), digit(22)};
  if (tens > 5 || text[19] != '.' || text[23] != 'Z') return false;
  if (rest[0] > 9 || rest[1] > 9 || rest[2] > 9 || rest[3] > 9) return false;
  *ms = last_minute_ms_ + (tens * 10 + rest[0]) * 1000 + rest[1] * 100 + rest[2] * 10 + rest[3];
  return true;
}

void RecordBuilder::timestamp(std::string_view text, SpanRecord& record) {
  std::uint64_t ms = 0;
  if (in_last_minute(text, &ms)) {
    record.start_us = ms * 1000;
    return;
  }
  text = cut(text, kTimestampBytes);
  if (base::parse_canonical_iso(text, &ms)) {
    record.start_us = ms * 1000;
    std::memcpy(last_minute_.data(), text.data(), last_minute_.size());
    last_minute_ms_ = ms / 60'000 * 60'000;
    return;
  }
  const TextId id = symbols_.texts.intern(text);
  model::SpanExtra& facts = extra(record);
  facts.timestamp_text = id;
  facts.start_ms = base::parse_iso_ms(text);
}

void RecordBuilder::target(EventType type, std::string_view operation, std::string_view target, SpanRecord& record) {
  if (type == EventType::kMessaging && target.find("://") != std::string_view::npos)
    target = strip_url_secrets(target, stripped_);
  target = cut(target, kTargetBytes);
  operation = cut(operation, kOperationBytes);
  normalizer_.apply(type, operation, target, record);
  record.operation = this->operation(operation);
  if (settings_.keep_targets) {
    const TextId id = symbols_.texts.intern(target);
    extra(record).target = id;
  }
  if (type != EventType::kHttpOut || settings_.service_regions.empty() || !record.has(model::kHasResponseSize)) return;
  const std::optional<std::string> host = normalize::host_of_url(target);
  if (!host) return;
  const auto found = settings_.service_regions.find(*host);
  if (found == settings_.service_regions.end()) return;
  const TextId id = symbols_.texts.intern(found->second);
  extra(record).peer_region = id;
}

model::OriginId RecordBuilder::code(std::string_view function, std::string_view filepath, std::string_view code_namespace,
                                    std::optional<std::uint32_t> lineno) {
  if (function.data() == nullptr && filepath.data() == nullptr && code_namespace.data() == nullptr && !lineno) return 0;
  const std::array parts = {function, filepath, code_namespace};
  constexpr auto kAbsent = static_cast<std::uint32_t>(-1);
  std::size_t place = lineno.value_or(0);
  for (const std::string_view part : parts) {
    if (!part.empty())
      place +=
          part.size() * 31 + static_cast<unsigned char>(part.back()) + 7U * static_cast<unsigned char>(part[part.size() / 2]);
  }
  KnownCode& known = known_codes_[place % kKnownCodes];
  bool same = known.id != 0 && known.lineno == lineno;
  std::size_t at = 0;
  for (std::size_t i = 0; same && i < parts.size(); ++i) {
    const std::uint32_t size = parts[i].data() == nullptr ? kAbsent : static_cast<std::uint32_t>(parts[i].size());
    same = known.sizes[i] == size && std::string_view(known.texts).substr(at, parts[i].size()) == parts[i];
    at += parts[i].size();
  }
  if (same) return known.id;

  const model::OriginId id = new_code(function, filepath, code_namespace, lineno);
  known.texts.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    known.texts.append(parts[i]);
    known.sizes[i] = parts[i].data() == nullptr ? kAbsent : static_cast<std::uint32_t>(parts[i].size());
  }
  known.lineno = lineno;
  known.id = id;
  return id;
}

model::OriginId RecordBuilder::new_code(std::string_view function, std::string_view filepath, std::string_view code_namespace,
                                        std::optional<std::uint32_t> lineno) {
  const auto field = [&](std::string_view text, std::size_t max) {
    return text.data() == nullptr || base::has_control(text) ? base::kNoText : symbols_.texts.intern(cut(text, max));
  };
  model::Origin origin{
      field(function, kFunctionBytes), field(filepath, kFilepathBytes), field(code_namespace, kNamespaceBytes), lineno, {}};
  // A control character at the end of a name is trimmed from a frame although the name itself is dropped.
  if ((function.data() != nullptr && origin.function == base::kNoText) ||
      (code_namespace.data() != nullptr && origin.code_namespace == base::kNoText)) {
    origin.frame = usable_frame(code_namespace, function, frame_) ? endpoint(frame_) : base::kEmptyText;
  }
  return symbols_.intern_origin(origin);
}

std::span<const model::GroupPair> RecordBuilder::select_grouping(std::span<const model::GroupPair> captured) {
  selected_.clear();
  if (captured.empty()) return {};
  for (const std::string& key : settings_.grouping_keys) {
    const auto found = std::ranges::find_if(captured, [&](const model::GroupPair& p) { return p.key == key; });
    if (found != captured.end()) selected_.push_back(*found);
  }
  return selected_;
}

model::GroupingId RecordBuilder::grouping(std::span<const model::GroupPair> pairs) {
  if (pairs.empty()) return 0;
  sanitise_grouping(pairs, kept_);
  return symbols_.intern_grouping(kept_);
}

void RecordBuilder::build(const RawEvent& event, SpanRecord& record) {
  timestamp(event.timestamp, record);
  record.trace = trace_id(event.trace_id);
  bool is_text = false;
  const std::uint64_t id = span_id(event.span_id, &is_text);
  set_span_id(record, id, is_text);
  if (event.parent_span_id) {
    const std::uint64_t parent = span_id(*event.parent_span_id, &is_text);
    set_parent(record, parent, is_text);
  }
  record.service = service(event.service);
  record.duration_us = event.duration_us;
  record.endpoint = endpoint(event.endpoint);
  if (event.cloud_region) record.region = region(*event.cloud_region);
  if (event.status_code) {
    record.status = *event.status_code;
    record.flags |= model::kHasStatus;
  }
  if (event.response_size_bytes) {
    record.response_bytes = *event.response_size_bytes;
    record.flags |= model::kHasResponseSize;
  }
  record.grouping = grouping(select_grouping(event.grouping));
  target(event.type, event.operation, event.target, record);
  if (event.link_trace_id && !base::has_control(*event.link_trace_id)) {
    const TextId link = symbols_.texts.intern(cut(*event.link_trace_id, kIdBytes));
    extra(record).link_trace = link;
  }

  const auto text_of = [](const std::optional<std::string_view>& text) {
    return !text ? std::string_view() : text->data() == nullptr ? std::string_view("", 0) : *text;
  };
  model::OriginId origin =
      code(text_of(event.code_function), text_of(event.code_filepath), text_of(event.code_namespace), event.code_lineno);
  if (!event.instrumentation_scopes.empty()) {
    scopes_.clear();
    for (const std::string_view scope : event.instrumentation_scopes) {
      if (scopes_.size() < kScopes && !base::has_control(scope))
        scopes_.push_back(symbols_.texts.intern(cut(scope, kScopeBytes)));
    }
    model::Origin whole = symbols_.origin(origin);
    whole.frame = base::kNoText;
    whole.scopes = scopes_;
    origin = symbols_.intern_origin(whole);
  }
  record.origin = origin;
}

}  // namespace sentinel::ingest
