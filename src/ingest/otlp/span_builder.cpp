#include "ingest/otlp/span_builder.h"

#include <algorithm>
#include <limits>
#include <span>

#include "base/hash.h"
#include "base/text.h"
#include "base/text_scan.h"
#include "ingest/code_frame.h"
#include "ingest/engines.h"

namespace sentinel::ingest::otlp {

using model::EventType;

namespace {

constexpr std::int32_t kHighestKind = 5;

SpanKind kind_of(std::int32_t kind) {
  return kind >= 0 && kind <= kHighestKind ? static_cast<SpanKind>(kind) : SpanKind::kOther;
}

bool is_set(std::string_view text) { return text.data() != nullptr; }

// The first of the attributes that is present; null data() when none is.
std::string_view first_present(const SpanFields& f, std::initializer_list<Attribute> attributes) {
  for (const Attribute a : attributes) {
    const std::string_view text = f.text(a);
    if (is_set(text)) return text;
  }
  return {};
}

template <std::size_t kCount>
constexpr std::uint64_t bits_of(const Attribute (&attributes)[kCount]) {
  std::uint64_t bits = 0;
  for (const Attribute a : attributes) bits |= std::uint64_t{1} << a;
  return bits;
}

constexpr Attribute kEngineNames[] = {kDbSystemName, kDbSystem, kDbType};
constexpr Attribute kDestinations[] = {kMessagingDestinationName, kMessagingDestination};
constexpr Attribute kStatements[] = {kDbStatement, kDbQueryText};

std::string_view first_non_blank(const SpanFields& f, std::span<const Attribute> attributes) {
  for (const Attribute a : attributes) {
    const std::string_view text = f.text(a);
    if (is_set(text) && !base::is_blank(text)) return text;
  }
  return {};
}

const std::int64_t* first_integer(const SpanFields& f, Attribute a, Attribute b) {
  const std::int64_t* value = f.integer(a);
  return value != nullptr ? value : f.integer(b);
}

constexpr std::uint64_t kHttpSignals = std::uint64_t{1} << kHttpUrl | std::uint64_t{1} << kUrlFull |
                                       std::uint64_t{1} << kHttpMethod | std::uint64_t{1} << kHttpRequestMethod;

bool has_http_signal(const SpanFields& f) {
  return (f.present & kHttpSignals) != 0 && is_set(first_present(f, {kHttpUrl, kUrlFull, kHttpMethod, kHttpRequestMethod}));
}

// 01 §8.6; null data() when there is no statement.
std::string_view resolve_statement(const SpanFields& f, bool known_sql) {
  if ((f.present & bits_of(kStatements)) != 0) {
    const std::string_view own = first_non_blank(f, kStatements);
    if (is_set(own)) return own;
  }
  const std::string_view resource = f.text(kDdResource);
  if (!is_set(resource) || !known_sql || has_http_signal(f)) return {};
  const std::string_view trimmed = base::trim(resource);
  return trimmed.empty() ? std::string_view() : trimmed;
}

struct LetterXOrQ {
  static constexpr bool one(unsigned char c) { return (c | 0x20) == 'x' || (c | 0x20) == 'q'; }
  static __m128i many(__m128i b) {
    const __m128i lower = _mm_or_si128(b, _mm_set1_epi8(0x20));
    return _mm_or_si128(_mm_cmpeq_epi8(lower, _mm_set1_epi8('x')), _mm_cmpeq_epi8(lower, _mm_set1_epi8('q')));
  }
};

// A name that the execution of a statement goes by (01 §8.14).
bool names_execution(std::string_view name) {
  // Neither word without an x or a q.
  return base::find_byte<LetterXOrQ>(name) < name.size() &&
         (base::contains_ignoring_case(name, "execute") || base::contains_ignoring_case(name, "query"));
}

bool is_zero_id(std::string_view hex) { return !hex.empty() && hex.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

SpanBuilder::Verdict SpanBuilder::classify(const SpanFields& f, const Engine& engine, std::string_view statement) {
  Verdict v;
  if (engine.non_sql) {
    v.drop = DropReason::kNonSqlDatastore;
    return v;
  }
  if (is_set(statement)) {
    v.operation = engine.canonical.empty() ? "sql" : engine.canonical;
    v.target = statement;
    return v;
  }
  const bool http = (f.present & kHttpSignals) != 0;
  const std::string_view method = http ? first_present(f, {kHttpMethod, kHttpRequestMethod}) : std::string_view();
  const std::string_view url = http ? first_present(f, {kHttpUrl, kUrlFull}) : std::string_view();
  v.type = EventType::kHttpOut;
  if (is_set(url)) {
    v.from_url = true;
    v.operation = is_set(method) ? method : "GET";
    v.target = url;
    return v;
  }
  const std::string_view rpc_system = f.text(kRpcSystem);
  if (is_set(rpc_system) && kind_of(f.kind) == SpanKind::kClient) {
    const std::string_view service = f.text(kRpcService);
    const std::string_view rpc_method = f.text(kRpcMethod);
    v.operation = rpc_system;
    v.target = f.name;
    if (!service.empty() && !rpc_method.empty()) {
      buffer_.assign(service).append("/").append(rpc_method);
      v.target = buffer_;
    }
    if (!v.target.empty()) return v;
  } else if (const std::string_view broker = f.text(kMessagingSystem);
             !base::is_blank(broker) && kind_of(f.kind) == SpanKind::kProducer) {
    const std::string_view destination = first_non_blank(f, kDestinations);
    v.type = EventType::kMessaging;
    v.operation = broker;
    v.target = base::trim(is_set(destination) ? destination : f.name);
    if (!v.target.empty()) return v;
  }
  v.drop = !engine.canonical.empty()                                ? DropReason::kMissingDbStatement
           : kind_of(f.kind) != SpanKind::kServer && is_set(method) ? DropReason::kMissingHttpUrl
                                                                    : DropReason::kNotIo;
  return v;
}

// Spans in a row mostly name one engine.
const SpanBuilder::Engine& SpanBuilder::engine_of(std::string_view name) {
  if (name.empty()) return no_engine_;
  if (name == engine_.name) return engine_;
  engine_.name = name;
  engine_.canonical = canonical_engine(name);
  engine_.non_sql = is_non_sql_engine(engine_.canonical);
  engine_.known_sql = is_known_sql_engine(engine_.canonical);
  if (engine_.canonical.data() == name.data()) engine_.canonical = engine_.name;
  return engine_;
}

void SpanBuilder::set_code(const SpanFields& f, SpanNode& node) {
  constexpr std::uint64_t kCode = std::uint64_t{1} << kCodeFunctionName | std::uint64_t{1} << kCodeFunction |
                                  std::uint64_t{1} << kCodeFilePath | std::uint64_t{1} << kCodeFilepathOld |
                                  std::uint64_t{1} << kCodeLineNumber | std::uint64_t{1} << kCodeLineno |
                                  std::uint64_t{1} << kCodeNamespace;
  if ((f.present & kCode) == 0) return;
  const std::string_view function = first_present(f, {kCodeFunctionName, kCodeFunction});
  const std::string_view filepath = first_present(f, {kCodeFilePath, kCodeFilepathOld});
  std::string_view code_namespace = f.text(kCodeNamespace);
  if (const std::string_view name = f.text(kCodeFunctionName); !is_set(code_namespace) && is_set(name))
    code_namespace = derive_namespace(name);
  const std::int64_t* const line = first_integer(f, kCodeLineNumber, kCodeLineno);
  if (!is_set(function) && !is_set(filepath) && !is_set(code_namespace) && line == nullptr) return;
  node.flags |= kNodeCarriesCode;
  std::optional<std::uint32_t> lineno;
  if (line != nullptr && *line >= 0 && *line <= std::numeric_limits<std::uint32_t>::max())
    lineno = static_cast<std::uint32_t>(*line);
  node.code = builder_.code(function, filepath, code_namespace, lineno);
}

TextId SpanBuilder::inbound(const SpanFields& f) {
  if (f.first_present == 0) return base::kNoText;
  const std::string_view route = f.entry_text(SpanFields::kFirstHttpRoute);
  if (!base::is_blank(route)) return builder_.endpoint(route);
  if (kind_of(f.kind) == SpanKind::kClient) return base::kNoText;
  std::string_view url = f.entry_text(SpanFields::kFirstHttpUrl);
  if (!is_set(url)) url = f.entry_text(SpanFields::kFirstUrlFull);
  return base::is_blank(url) ? base::kNoText : builder_.endpoint(url);
}

void SpanBuilder::add_record(const SpanFields& f, const Verdict& v, SpanNode& node, Decoded& out) {
  node.record = static_cast<std::uint32_t>(out.records.size());
  model::SpanRecord& r = out.records.emplace_back();
  RecordBuilder::set_ids(r, node);
  r.start_us = f.start_ns / 1000;
  r.duration_us = f.end_ns < f.start_ns ? 0 : (f.end_ns - f.start_ns) / 1000;
  if (const std::string_view region = f.text(kCloudRegion); is_set(region)) r.region = builder_.region(region);
  if (!f.grouping.empty()) r.grouping = builder_.symbols().intern_grouping(builder_.select_grouping(f.grouping));
  if (v.type != EventType::kSql) {
    const std::int64_t* const size = v.type == EventType::kHttpOut
                                         ? first_integer(f, kHttpResponseBodySize, kHttpResponseContentLength)
                                         : f.integer(kMessagingBodySize);
    if (size != nullptr && *size >= 0) {
      r.response_bytes = static_cast<std::uint64_t>(*size);
      r.flags |= model::kHasResponseSize;
    }
  }
  if (v.type == EventType::kHttpOut) {
    const std::int64_t* const status = first_integer(f, kHttpStatusCode, kHttpResponseStatusCode);
    if (status != nullptr && *status >= 0 && *status <= std::numeric_limits<std::uint16_t>::max()) {
      r.status = static_cast<std::uint16_t>(*status);
      r.flags |= model::kHasStatus;
    }
    if (v.from_url) {
      node.flags |= kNodeHttpUrl;
      ++out.tally.retained_http;
    }
  }
  if (v.type == EventType::kSql) ++out.tally.retained_sql;
  builder_.target(v.type, v.operation, v.target, r, node.has(kNodeDonor) ? &node.statement_hash : nullptr);
}

void SpanBuilder::add(const SpanFields& f, Decoded& out) {
  SpanNode& node = out.nodes.emplace_back();
  bool is_text = false;
  node.trace = builder_.trace_id(f.trace_id);
  if (f.trace_id.empty()) node.flags |= kNodeEmptyTrace;
  node.span_id = builder_.span_id(f.span_id, &is_text);
  if (is_text) node.flags |= kNodeIdIsText;
  if (f.span_id.empty()) node.flags |= kNodeEmptyId;
  if (!f.parent_span_id.empty()) {
    node.parent_id = builder_.span_id(f.parent_span_id, &is_text);
    node.flags |= kNodeHasParent;
    if (is_text) node.flags |= kNodeParentIsText;
    if (is_zero_id(f.parent_span_id)) node.flags |= kNodeZeroParent;
  }
  node.start_ns = f.start_ns;
  node.kind = kind_of(f.kind);
  node.inbound = inbound(f);
  set_code(f, node);
  if (f.has_links) {
    node.flags |= kNodeHasLink;
    const bool usable = f.link_trace_id.size() == 32 && !is_zero_id(f.link_trace_id) && f.link_trace_id != f.trace_id;
    if (usable) node.link = builder_.symbols().texts.intern(f.link_trace_id);
  }

  const Engine& engine_facts =
      (f.present & bits_of(kEngineNames)) == 0 ? no_engine_ : engine_of(first_non_blank(f, kEngineNames));
  const std::string_view engine = engine_facts.canonical;
  const std::string_view statement = resolve_statement(f, engine_facts.known_sql);
  const Verdict verdict = classify(f, engine_facts, statement);
  node.drop = verdict.drop;
  ++out.tally.received;
  if (verdict.drop != DropReason::kNonSqlDatastore) {
    if (is_set(statement)) {
      node.flags |= kNodeDonor;
      node.statement_hash = base::hash64(statement);
    } else if (!has_http_signal(f) && !is_set(f.text(kRpcSystem)) && !is_set(f.text(kMessagingSystem)) &&
               names_execution(f.name)) {
      node.flags |= kNodeOrphan;
      if (engine_facts.known_sql) node.flags |= kNodeKnownSql;
    }
  }
  if (verdict.drop == DropReason::kNone) {
    add_record(f, verdict, node, out);
  } else {
    count(verdict.drop, out.tally);
    node.record = static_cast<std::uint32_t>(out.dropped.size());
    DroppedSpan& dropped = out.dropped.emplace_back();
    dropped.duration_us = f.end_ns < f.start_ns ? 0 : (f.end_ns - f.start_ns) / 1000;
    if (!engine.empty()) dropped.operation = builder_.operation(engine);
    if (const std::string_view region = f.text(kCloudRegion); is_set(region)) dropped.region = builder_.region(region);
    if (!f.grouping.empty()) dropped.grouping = builder_.symbols().intern_grouping(builder_.select_grouping(f.grouping));
  }
}

ResourceFacts SpanBuilder::resource(const ResourceFields& fields, std::span<const model::GroupPair> grouping) {
  ResourceFacts facts;
  if (fields.service_name.kind == AttributeValue::Kind::kString) facts.service = builder_.service(fields.service_name.text);
  if (fields.cloud_region.kind == AttributeValue::Kind::kString) facts.region = builder_.region(fields.cloud_region.text);
  if (!grouping.empty()) facts.grouping = builder_.symbols().intern_grouping(builder_.select_grouping(grouping));
  return facts;
}

}  // namespace sentinel::ingest::otlp
