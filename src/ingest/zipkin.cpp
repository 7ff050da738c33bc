// Zipkin JSON v2: a flat array of spans (chapter 01 §7).
#include "ingest/decoder.h"
#include "ingest/tags.h"

namespace sentinel::ingest {

using base::JsonFault;
using base::JsonReader;

namespace {

using namespace zipkin;

void optional_string(JsonReader& r, std::string_view* out) {
  if (!r.read_null()) r.read_string(out);
}

void optional_number(JsonReader& r, std::uint64_t* out) {
  if (!r.read_null()) r.read_u64(out);
}

void read_endpoint(JsonReader& r, TaggedSpan& span) {
  if (r.read_null()) return;
  bool seen = false;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    if (r.key() != "serviceName") {
      r.skip();
      continue;
    }
    if (seen) r.fail(JsonFault::kType, "repeated key");
    seen = true;
    optional_string(r, &span.service);
  }
}

// A map of strings; of a repeated key the last counts.
void read_tags(JsonReader& r, TaggedSpan& span, const IngestSettings& settings) {
  if (r.read_null()) return;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    const std::string_view key = r.key();
    std::string_view value;
    if (!r.read_string(&value)) return;
    if (const int tag = kTagTable.find(key); tag >= 0) span.tags[static_cast<std::size_t>(tag)] = value;
    for (const std::string& wanted : settings.grouping_keys) {
      if (wanted != key) continue;
      std::erase_if(span.grouping, [&](const model::GroupPair& p) { return p.key == key; });
      span.grouping.push_back({key, value});
      break;
    }
  }
}

void read_span(DecodeContext& context, JsonReader& r, TaggedSpan& span) {
  span.reset();
  span.skips_blank_urls = true;
  unsigned seen = 0;
  std::string_view name;
  std::string_view kind;
  const std::size_t begin = (r.peek(), r.offset());
  MemberOrder<kMembers>& order = context.worker.zipkin_order;
  for (int key = order.enter(r); key != kNoMember; key = order.next(r, key)) {
    if (key == kUnknownMember) {
      r.skip();
      continue;
    }
    if ((seen >> key & 1) != 0) r.fail(JsonFault::kType, "repeated key");
    seen |= 1U << key;
    switch (static_cast<Member>(key)) {
      case kTraceId:
        r.read_string(&span.trace_id);
        break;
      case kId:
        r.read_string(&span.span_id);
        break;
      case kParentId:
        optional_string(r, &span.parent_id);
        break;
      case kName:
        optional_string(r, &name);
        break;
      case kTimestamp:
        optional_number(r, &span.start_us);
        break;
      case kDuration:
        optional_number(r, &span.duration_us);
        break;
      case kKind:
        optional_string(r, &kind);
        break;
      case kLocalEndpoint:
        read_endpoint(r, span);
        break;
      case kTagMap:
        read_tags(r, span, context.worker.builder.settings());
        break;
      case kMembers:
        break;
    }
  }
  if (r.failed()) return;
  if ((seen & 3U) != 3U) {
    r.fail_at(begin, JsonFault::kType, (seen & 1U) == 0 ? "missing field `traceId`" : "missing field `id`");
    return;
  }
  span.is_client = kind == "CLIENT";
  add_tagged_span(span, context.worker.builder, context.out);
}

}  // namespace

void decode_zipkin(DecodeContext& context, const Directive& directive) {
  TaggedSpan span;
  decode_run(context, directive, [&](JsonReader& r) { read_span(context, r, span); });
}

}  // namespace sentinel::ingest
