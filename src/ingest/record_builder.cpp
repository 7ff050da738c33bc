#include "ingest/record_builder.h"

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/text.h"
#include "base/text_scan.h"
#include "base/time.h"
#include "ingest/code_frame.h"
#include "ingest/decoded.h"
#include "normalize/peer_host.h"

namespace sentinel::ingest {

using model::EventType;
using model::SpanRecord;

namespace {

// Byte caps of §2.1.
constexpr std::size_t kTimestampBytes = 64;
constexpr std::size_t kGroupBytes = 256;
constexpr std::size_t kGroupPairs = 8;
constexpr std::size_t kTargetBytes = 65'536;
constexpr std::size_t kEndpointBytes = 512;
constexpr std::size_t kFunctionBytes = 512;
constexpr std::size_t kFilepathBytes = 1024;
constexpr std::size_t kNamespaceBytes = 512;
constexpr std::size_t kScopeNameBytes = 256;
constexpr std::size_t kScopes = 8;

// Only where one of these occurs is there something to strip.
struct QueryFragmentOrUser {
  static constexpr bool one(unsigned char c) { return c == '?' || c == '#' || c == '@'; }
  static __m128i many(__m128i b) {
    const __m128i query_or_user = _mm_or_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8('?')), _mm_cmpeq_epi8(b, _mm_set1_epi8('@')));
    return _mm_or_si128(query_or_user, _mm_cmpeq_epi8(b, _mm_set1_epi8('#')));
  }
};

}  // namespace

IngestSettings IngestSettings::from(const config::Config& config) {
  return {config.detection.grouping_attributes, config.green.service_regions, false};
}

std::string_view strip_url_secrets(std::string_view text, std::string& buffer) {
  if (base::find_byte<QueryFragmentOrUser>(text) == text.size()) return text;
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

TextId RecordBuilder::remember(Last& last, std::string_view text, TextId id) {
  const std::string_view kept = symbols_.text(id);
  if (life_ == TextLife::kSymbols) {
    last.text = text;
  } else if (kept.size() == text.size()) {  // nothing was cut, so it is the same text
    last.text = kept;
  } else {
    last.text = last.copy.assign(text);
  }
  return last.id = id;
}

TextId RecordBuilder::new_trace_id(std::string_view text) {
  return remember(last_trace_, text, symbols_.texts.intern(cut(text, kIdBytes)));
}

TextId RecordBuilder::new_endpoint(std::string_view text) {
  return remember(last_endpoint_, text, symbols_.texts.intern(cut(strip_url_secrets(text, stripped_), kEndpointBytes)));
}

TextId RecordBuilder::new_region(std::string_view text) {
  if (!base::is_region_id(text)) return base::kNoText;
  return remember(last_region_, text, symbols_.texts.intern(text));
}

TextId RecordBuilder::new_service(std::string_view text) {
  return remember(last_service_, text, symbols_.texts.intern(cut(text, kServiceBytes)));
}

TextId RecordBuilder::new_operation(Last& last, std::string_view text) {
  return remember(last, text, symbols_.texts.intern(cut(text, kOperationBytes)));
}

TextId RecordBuilder::opaque_id(std::string_view text) { return symbols_.texts.intern(cut(text, kIdBytes)); }

void RecordBuilder::set_span_id(SpanRecord& record, std::uint64_t id, bool is_text) {
  record.span_id = id;
  if (is_text) record.flags |= model::kSpanIdIsText;
}

void RecordBuilder::set_parent(SpanRecord& record, std::uint64_t id, bool is_text) {
  record.parent_id = id;
  record.flags |= model::kHasParent;
  if (is_text) record.flags |= model::kParentIdIsText;
}

void RecordBuilder::set_ids(SpanRecord& record, const SpanNode& node) {
  record.trace = node.trace;
  set_span_id(record, node.span_id, node.has(kNodeIdIsText));
  if (node.has(kNodeHasParent)) set_parent(record, node.parent_id, node.has(kNodeParentIsText));
}

model::SpanExtra& RecordBuilder::extra(SpanRecord& record) {
  if (record.extra == 0) record.extra = symbols_.add_extra({});
  return symbols_.mutable_extra(record.extra);
}

// Spans in a row mostly begin in the same minute: the text up to it is compared, the rest read.
[[gnu::always_inline]] inline bool RecordBuilder::in_last_minute(std::string_view text, std::uint64_t* ms) const {
  constexpr std::size_t kMinute = 16;  // "YYYY-MM-DDTHH:MM", then ":SS.mmmZ"
  if (text.size() != 24 || !base::same_bytes(text.data(), last_minute_.data(), kMinute)) return false;
  std::uint64_t rest = 0, shape = 0;
  std::memcpy(&rest, text.data() + kMinute, 8);
  std::memcpy(&shape, ":00.000Z", 8);
  rest ^= shape;  // now each digit's value, and zero elsewhere
  constexpr std::uint64_t kTop = 0x8080808080808080ULL;
  constexpr std::uint64_t kSlack = 0x7F7676767F767A7FULL;  // carries into the top bit what is past 9, 5 for tens, 0 elsewhere
  static_assert(std::endian::native == std::endian::little);
  if (((rest | ((rest & ~kTop) + kSlack)) & kTop) != 0) return false;
  const auto digit = [&](unsigned at) { return rest >> (8 * at) & 0xF; };
  *ms = last_minute_ms_ + (digit(1) * 10 + digit(2)) * 1000 + digit(4) * 100 + digit(5) * 10 + digit(6);
  return true;
}

[[gnu::always_inline]] inline void RecordBuilder::timestamp(std::string_view text, SpanRecord& record) {
  std::uint64_t ms = 0;
  if (in_last_minute(text, &ms)) {
    record.start_us = ms * 1000;
  } else {
    other_timestamp(text, record);
  }
}

void RecordBuilder::other_timestamp(std::string_view text, SpanRecord& record) {
  std::uint64_t ms = 0;
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

[[gnu::always_inline]] inline void RecordBuilder::set_target(EventType type, std::string_view operation,
                                                             std::string_view target, SpanRecord& record,
                                                             const std::uint64_t* target_hash) {
  if (type == EventType::kMessaging) [[unlikely]] {
    if (target.find("://") != std::string_view::npos) target = strip_url_secrets(target, stripped_);
  }
  target = cut(target, kTargetBytes);
  operation = cut(operation, kOperationBytes);
  normalizer_.apply(type, operation, target, record, target_hash);
  record.operation = this->operation(operation, type);
  if (settings_.keep_targets || !settings_.service_regions.empty()) [[unlikely]]
    configured_extras(type, target, record);
}

void RecordBuilder::target(EventType type, std::string_view operation, std::string_view target, SpanRecord& record,
                           const std::uint64_t* target_hash) {
  set_target(type, operation, target, record, target_hash);
}

void RecordBuilder::configured_extras(EventType type, std::string_view target, SpanRecord& record) {
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

model::OriginId RecordBuilder::known_code(std::string_view function, std::string_view filepath, std::string_view code_namespace,
                                          std::optional<std::uint32_t> lineno) {
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
    same = known.sizes[i] == size && base::same_bytes(known.texts.data() + at, parts[i].data(), parts[i].size());
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
  const std::uint64_t id = kept_span_id(event.span_id, &is_text);
  set_span_id(record, id, is_text);
  if (event.parent_span_id) {
    const std::uint64_t parent = kept_span_id(*event.parent_span_id, &is_text);
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
  if (!event.grouping.empty()) record.grouping = grouping(select_grouping(event.grouping));
  set_target(event.type, event.operation, event.target, record, nullptr);
  if (event.link_trace_id && !base::has_control(*event.link_trace_id)) {
    const TextId link = symbols_.texts.intern(cut(*event.link_trace_id, kIdBytes));
    extra(record).link_trace = link;
  }

  if (event.code_function || event.code_filepath || event.code_namespace || event.code_lineno ||
      !event.instrumentation_scopes.empty()) {
    record.origin = origin(event);
  }
}

model::OriginId RecordBuilder::origin(const RawEvent& event) {
  const auto text_of = [](const std::optional<std::string_view>& text) {
    return !text ? std::string_view() : text->data() == nullptr ? std::string_view("", 0) : *text;
  };
  const model::OriginId of_code =
      code(text_of(event.code_function), text_of(event.code_filepath), text_of(event.code_namespace), event.code_lineno);
  if (event.instrumentation_scopes.empty()) return of_code;
  scopes_.clear();
  for (const std::string_view scope : event.instrumentation_scopes) {
    if (scopes_.size() < kScopes && !base::has_control(scope))
      scopes_.push_back(symbols_.texts.intern(cut(scope, kScopeNameBytes)));
  }
  model::Origin whole = symbols_.origin(of_code);
  whole.frame = base::kNoText;
  whole.scopes = scopes_;
  return symbols_.intern_origin(whole);
}

}  // namespace sentinel::ingest
