#include "ingest/tags.h"

#include <charconv>
#include <initializer_list>

#include "base/text.h"
#include "base/time.h"
#include "ingest/code_frame.h"
#include "ingest/engines.h"

namespace sentinel::ingest {

using model::EventType;

namespace {

bool is_set(std::string_view text) { return text.data() != nullptr; }

std::string_view first_of(const TaggedSpan& span, std::initializer_list<Tag> tags) {
  for (const Tag tag : tags) {
    if (is_set(span.tags[tag])) return span.tags[tag];
  }
  return {};
}

// Digits with an optional '+', in range.
template <class Integer>
std::optional<Integer> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Integer value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

// The endpoint that descendants take from this span (01 §6.3 step 1); empty when it is none.
std::string_view inbound(const TaggedSpan& span) {
  if (const std::string_view route = span.tags[kTagHttpRoute]; is_set(route) && !base::is_blank(route)) return route;
  if (span.is_client) return {};
  for (const Tag tag : {kTagHttpTarget, kTagHttpUrl, kTagUrlFull}) {
    const std::string_view text = span.tags[tag];
    if (!is_set(text)) continue;
    if (!base::is_blank(text)) return text;
    if (!span.skips_blank_urls) return {};
  }
  return {};
}

model::OriginId code_of(const TaggedSpan& span, RecordBuilder& builder) {
  const std::string_view function = first_of(span, {kTagCodeFunctionName, kTagCodeFunction});
  const std::string_view filepath = first_of(span, {kTagCodeFilePath, kTagCodeFilepath});
  const std::string_view line = first_of(span, {kTagCodeLineNumber, kTagCodeLineno});
  std::string_view code_namespace = span.tags[kTagCodeNamespace];
  if (!is_set(code_namespace) && is_set(span.tags[kTagCodeFunctionName]))
    code_namespace = derive_namespace(span.tags[kTagCodeFunctionName]);
  if (!is_set(function) && !is_set(filepath) && !is_set(line) && !is_set(code_namespace)) return 0;
  return builder.code(function, filepath, code_namespace, is_set(line) ? number<std::uint32_t>(line) : std::nullopt);
}

constexpr std::uint64_t kLargestMicroseconds = UINT64_MAX / 1000;  // times saturate as nanoseconds

}  // namespace

void TaggedSpan::reset() {
  trace_id = span_id = service = {};
  parent_id = {};
  start_us = duration_us = 0;
  is_client = false;
  tags.fill({});
  grouping.clear();
}

void add_tagged_span(const TaggedSpan& span, RecordBuilder& builder, Decoded& out) {
  SpanNode node;
  bool is_text = false;
  node.trace = builder.trace_id(span.trace_id);
  node.span_id = builder.span_id(span.span_id, &is_text);
  if (is_text) node.flags |= kNodeIdIsText;
  if (span.span_id.empty()) node.flags |= kNodeEmptyId;
  if (is_set(span.parent_id)) {
    node.parent_id = builder.span_id(span.parent_id, &is_text);
    node.flags |= kNodeHasParent;
    if (is_text) node.flags |= kNodeParentIsText;
  }
  node.kind = span.is_client ? SpanKind::kClient : SpanKind::kUnspecified;
  if (const std::string_view entry = inbound(span); !entry.empty()) node.inbound = builder.endpoint(entry);
  node.code = code_of(span, builder);
  node.drop = DropReason::kNotIo;
  node.start_ns = std::min(span.start_us, kLargestMicroseconds) * 1000;

  const std::string_view raw_engine = first_of(span, {kTagDbSystemName, kTagDbSystem});
  const std::string_view engine = canonical_engine(base::trim(raw_engine));
  const std::string_view statement = first_of(span, {kTagDbStatement, kTagDbQueryText});
  const std::string_view url = first_of(span, {kTagHttpUrl, kTagUrlFull});
  if (!is_non_sql_engine(engine) && (is_set(statement) || is_set(url))) {
    node.drop = DropReason::kNone;
    node.record = static_cast<std::uint32_t>(out.records.size());
    model::SpanRecord& r = out.records.emplace_back();
    RecordBuilder::set_ids(r, node);
    r.start_us = node.start_ns / 1000;
    r.duration_us = span.duration_us;
    r.service = builder.service(span.service);
    r.grouping = builder.grouping(builder.select_grouping(span.grouping));
    r.origin = node.code;
    if (is_set(statement)) {
      const std::string_view route = first_of(span, {kTagHttpRoute, kTagHttpTarget});
      if (is_set(route) && !base::is_blank(route)) r.endpoint = builder.endpoint(route);
      builder.target(EventType::kSql, engine.empty() ? "sql" : engine, statement, r);
    } else {
      const std::string_view method = first_of(span, {kTagHttpMethod, kTagHttpRequestMethod});
      const std::string_view status = first_of(span, {kTagHttpStatusCode, kTagHttpResponseStatusCode});
      if (const auto code = number<std::uint16_t>(status)) {
        r.status = *code;
        r.flags |= model::kHasStatus;
      }
      builder.target(EventType::kHttpOut, is_set(method) ? method : "GET", url, r);
    }
  }
  if (node.drop != DropReason::kNone && builder.settings().keep_context) {
    node.record = static_cast<std::uint32_t>(out.dropped.size());
    DroppedSpan& dropped = out.dropped.emplace_back();
    dropped.duration_us = span.duration_us;
    dropped.service = builder.service(span.service);
  }
  out.nodes.push_back(node);
}

}  // namespace sentinel::ingest
