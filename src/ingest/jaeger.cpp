// Jaeger JSON: traces with their spans and processes (chapter 01 §6).
//
// Spans name their process, which may come after them: a trace is read twice, first for its id and processes.
#include <array>
#include <map>

#include "ingest/decoder.h"
#include "ingest/json_scan.h"
#include "ingest/json_text.h"
#include "ingest/tags.h"

namespace sentinel::ingest {

using base::JsonFault;
using base::JsonReader;

namespace {

using namespace jaeger;

constexpr std::array kMissing = {"missing field `spanID`", "missing field `operationName`", "missing field `startTime`",
                                 "missing field `duration`", "missing field `processID`"};
constexpr unsigned kRequired = (1U << (kProcessId + 1)) - 1;

struct Process {
  std::string_view service;
  std::vector<model::GroupPair> grouping;  // first value of each configured key
};

class JaegerTrace {
 public:
  JaegerTrace(DecodeContext& context) : context_(context) {}

  void read(JsonReader& r);

 private:
  // A list of {key, value}: calls take(key, text) for each, texts as compact JSON unless strings.
  template <class Take>
  void tags(JsonReader& r, Take take);
  // A tag of string type written without blanks; false, and perhaps moved on, when it is anything else.
  static bool usual_tag(JsonReader& r, std::string_view* key, std::string_view* value) {
    return r.take("{\"key\":\"") && r.read_open_string(key) && r.take(",\"type\":\"string\",\"value\":\"") &&
           r.read_open_string(value) && r.take("}");
  }
  static void pass_over(JsonReader& r);
  void processes(JsonReader& r);
  Process process(JsonReader& r);
  void span(JsonReader& r);
  void references(JsonReader& r);
  static bool again(JsonReader& r, unsigned& seen, int key) {
    if ((seen >> key & 1) != 0) r.fail(JsonFault::kType, "repeated key");
    seen |= 1U << key;
    return r.failed();
  }
  void capture(std::vector<model::GroupPair>& into, std::string_view key, std::string_view text) const;

  DecodeContext& context_;
  std::map<std::string_view, Process> processes_;
  TaggedSpan span_;
  std::string text_;
};

template <class Take>
void JaegerTrace::tags(JsonReader& r, Take take) {
  for (bool item = r.enter_array(); item; item = r.next_item()) {
    const std::size_t begin = (r.peek(), r.offset());
    unsigned seen = 0;
    std::string_view key;
    std::string_view value;
    if (usual_tag(r, &key, &value)) {
      take(key, value);
      continue;
    }
    if (r.failed()) return;
    r.go_back(begin);
    for (bool more = r.enter_object(); more; more = r.next_member()) {
      if (r.key() == "key") {
        again(r, seen, 0);
        r.read_string(&key);
      } else if (r.key() == "value") {
        again(r, seen, 1);
        if (r.peek() == '"') {
          r.read_string(&value);
        } else {
          text_.clear();
          append_compact(r, text_);
          value = context_.worker.scratch.copy(text_);
        }
      } else {
        r.skip();
      }
    }
    if (r.failed()) return;
    if (seen != 3) {
      r.fail_at(begin, JsonFault::kType, (seen & 1U) == 0 ? "missing field `key`" : "missing field `value`");
      return;
    }
    take(key, value);
  }
}

// The first value of each configured key; an empty text is kept as one.
void JaegerTrace::capture(std::vector<model::GroupPair>& into, std::string_view key, std::string_view text) const {
  const auto& wanted = context_.worker.builder.settings().grouping_keys;
  if (std::ranges::find(wanted, key) == wanted.end()) return;
  if (std::ranges::find(into, key, &model::GroupPair::key) == into.end()) into.push_back({key, text});
}

Process JaegerTrace::process(JsonReader& r) {
  Process process;
  unsigned seen = 0;
  const std::size_t begin = (r.peek(), r.offset());
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    if (r.key() == "serviceName") {
      again(r, seen, 0);
      r.read_string(&process.service);
    } else if (r.key() == "tags") {
      again(r, seen, 1);
      tags(r, [&](std::string_view key, std::string_view text) { capture(process.grouping, key, text); });
    } else {
      r.skip();
    }
  }
  if (!r.failed() && (seen & 1U) == 0) r.fail_at(begin, JsonFault::kType, "missing field `serviceName`");
  return process;
}

void JaegerTrace::processes(JsonReader& r) {
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    const std::string_view id = r.key();
    processes_[id] = process(r);
  }
}

void JaegerTrace::references(JsonReader& r) {
  for (bool item = r.enter_array(); item; item = r.next_item()) {
    const std::size_t begin = (r.peek(), r.offset());
    unsigned seen = 0;
    std::string_view type;
    std::string_view id;
    for (bool more = r.enter_object(); more; more = r.next_member()) {
      if (r.key() == "refType") {
        again(r, seen, 0);
        r.read_string(&type);
      } else if (r.key() == "spanID") {
        again(r, seen, 1);
        r.read_string(&id);
      } else {
        r.skip();
      }
    }
    if (r.failed()) return;
    if (seen != 3) {
      r.fail_at(begin, JsonFault::kType, (seen & 1U) == 0 ? "missing field `refType`" : "missing field `spanID`");
      return;
    }
    if (type == "CHILD_OF" && span_.parent_id.data() == nullptr) span_.parent_id = id;
  }
}

void JaegerTrace::span(JsonReader& r) {
  const std::string_view trace_id = span_.trace_id;
  span_.reset();
  span_.trace_id = trace_id;
  unsigned seen = 0;
  std::string_view name;
  std::string_view process_id;
  std::vector<model::GroupPair>& grouping = span_.grouping;
  const std::size_t begin = (r.peek(), r.offset());
  MemberOrder<kMembers>& order = context_.worker.jaeger_order;
  for (int key = order.enter(r); key != kNoMember; key = order.next(r, key)) {
    if (key == kUnknownMember) {
      r.skip();
      continue;
    }
    again(r, seen, key);
    switch (static_cast<Member>(key)) {
      case kSpanId:
        r.read_string(&span_.span_id);
        break;
      case kOperationName:
        r.read_string(&name);
        break;
      case kStartTime:
        r.read_u64(&span_.start_us);
        break;
      case kDuration:
        r.read_u64(&span_.duration_us);
        break;
      case kProcessId:
        r.read_string(&process_id);
        break;
      case kReferences:
        references(r);
        break;
      case kTagList:
        tags(r, [&](std::string_view tag, std::string_view text) {
          capture(grouping, tag, text);
          const int known = kTagTable.find(tag);
          if (known >= 0 && span_.tags[static_cast<std::size_t>(known)].data() == nullptr)
            span_.tags[static_cast<std::size_t>(known)] = text;
        });
        break;
      case kMembers:
        break;
    }
  }
  if (r.failed()) return;
  if ((seen & kRequired) != kRequired) {
    r.fail_at(begin, JsonFault::kType, kMissing[static_cast<std::size_t>(std::countr_zero(~seen & kRequired))]);
    return;
  }
  if (const auto process = processes_.find(process_id); process != processes_.end()) {
    span_.service = process->second.service;
    // A process tag goes before the span's own.
    for (const model::GroupPair& pair : process->second.grouping) {
      std::erase_if(grouping, [&](const model::GroupPair& own) { return own.key == pair.key; });
      grouping.push_back(pair);
    }
  }
  span_.is_client = span_.tags[kTagSpanKind] == "client";
  add_tagged_span(span_, context_.worker.builder, context_.out);
}

// Goes behind an array that is read later, by its brackets alone where that can be told.
void JaegerTrace::pass_over(JsonReader& r) {
  const std::string_view rest = r.rest();
  const std::size_t end = rest.starts_with('[') ? scan_container(rest, kMaxDepth).end : 0;
  if (end > 0) {
    r.advance(end);
  } else {
    r.skip();
  }
}

void JaegerTrace::read(JsonReader& r) {
  const std::size_t begin = (r.peek(), r.offset());
  processes_.clear();
  span_.trace_id = {};
  unsigned seen = 0;
  // Spans are passed over at first: the offset of their array, and a check of its form.
  std::size_t spans_at = 0;
  std::size_t end = 0;
  for (bool more = r.enter_object(); more; more = r.next_member()) {
    if (r.key() == "traceID") {
      again(r, seen, 0);
      r.read_string(&span_.trace_id);
    } else if (r.key() == "spans") {
      again(r, seen, 1);
      r.peek();
      spans_at = r.offset();
      pass_over(r);
    } else if (r.key() == "processes") {
      again(r, seen, 2);
      processes(r);
    } else {
      r.skip();
    }
  }
  if (r.failed()) return;
  if (seen != 7) {
    r.fail_at(begin, JsonFault::kType,
              (seen & 1U) == 0   ? "missing field `traceID`"
              : (seen & 2U) == 0 ? "missing field `spans`"
                                 : "missing field `processes`");
    return;
  }
  end = r.offset();
  r.go_back(spans_at);
  for (bool item = r.enter_array(); item; item = r.next_item()) span(r);
  if (!r.failed()) r.go_back(end);
}

}  // namespace

void decode_jaeger(DecodeContext& context, const Directive& directive) {
  JaegerTrace trace(context);
  decode_run(context, directive, [&](JsonReader& r) { trace.read(r); });
}

}  // namespace sentinel::ingest
