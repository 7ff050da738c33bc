#include "ingest/otlp/protobuf.h"

#include <array>

#include "base/hex.h"
#include "base/text.h"
#include "ingest/otlp/trace_schema.h"
#include "ingest/otlp/wire.h"
#include "ingest/resolve.h"

namespace sentinel::ingest {

using otlp::AttributeValue;
using otlp::check_field;
using otlp::kDelimited;
using otlp::kFixed32;
using otlp::kFixed64;
using otlp::kVarint;
using otlp::Message;
using otlp::SpanFields;
using otlp::tag_of;
using otlp::Wire;
using otlp::WireReader;

namespace {

// Depths of the messages that are read; what they hold is checked from there on.
constexpr unsigned kRequestDepth = 0;
constexpr unsigned kResourceSpansDepth = 1;
constexpr unsigned kResourceDepth = 2;
constexpr unsigned kScopeSpansDepth = 2;
constexpr unsigned kScopeDepth = 3;
constexpr unsigned kSpanDepth = 3;
constexpr unsigned kLinkDepth = 4;

constexpr std::uint32_t delimited(std::uint32_t field) { return tag_of(field, kDelimited); }

// Hex digits of an id; ids of the usual lengths need no memory beyond it.
class IdText {
 public:
  std::string_view set(std::string_view id, base::Arena& scratch) {
    char* const to = id.size() * 2 <= digits_.size() ? digits_.data() : scratch.allocate(id.size() * 2);
    base::write_hex(id, to);
    return {to, id.size() * 2};
  }

 private:
  std::array<char, 64> digits_;
};

// Decodes one request; every function answers false after a fault, which is then in wire_.
class OtlpProtobuf {
 public:
  OtlpProtobuf(Wire& wire, Worker& worker, Decoded& out) : wire_(wire), worker_(worker), out_(out) {}

  bool request();

 private:
  bool resource_spans(std::string_view bytes);
  bool resource_of(std::string_view block);
  bool resource(std::string_view bytes, otlp::ResourceFields& fields);
  bool scope_spans(std::string_view bytes);
  bool scope(std::string_view bytes, std::string_view* name);
  bool span(std::string_view bytes);
  bool link(std::string_view bytes, SpanFields& fields);
  // Reads a key-value of a message at `depth`.
  bool attribute(std::string_view bytes, unsigned depth, std::string_view* key, AttributeValue* value);
  bool any_value(std::string_view bytes, unsigned depth, AttributeValue* value);
  bool usual_attribute(std::string_view bytes, std::string_view* key, AttributeValue* value);

  void mark(Step step, const char* at, TextId scope = base::kNoText) {
    const auto resource = static_cast<std::uint32_t>(out_.resources.size()) - (step == Step::kResource ? 1U : 0U);
    out_.marks.push_back({step, static_cast<std::uint32_t>(out_.nodes.size()), resource, scope,
                          static_cast<std::uint64_t>(at - wire_.bytes.data())});
  }

  Wire& wire_;
  Worker& worker_;
  Decoded& out_;
  IdText trace_id_;
  IdText span_id_;
  IdText parent_span_id_;
  IdText link_trace_id_;
};

bool OtlpProtobuf::request() {
  const char* const start = wire_.bytes.data();
  mark(Step::kDocumentBegin, start);
  WireReader r(wire_, wire_.bytes);
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    std::string_view bytes;
    const bool ok =
        tag == delimited(1) ? r.bytes(&bytes) && resource_spans(bytes) : check_field(r, Message::kRequest, tag, kRequestDepth);
    if (!ok) break;
  }
  if (wire_.failed()) return blame(wire_, Message::kRequest, tag);
  mark(Step::kDocumentEnd, start + wire_.bytes.size());
  return true;
}

bool OtlpProtobuf::resource_spans(std::string_view block) {
  mark(Step::kBlockBegin, block.data());
  if (!resource_of(block)) return false;
  WireReader r(wire_, block);
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    std::string_view bytes;
    const bool ok = tag == delimited(2)   ? r.bytes(&bytes) && scope_spans(bytes)
                    : tag == delimited(1) ? r.bytes(&bytes)  // read by resource_of
                                          : check_field(r, Message::kResourceSpans, tag, kResourceSpansDepth);
    if (!ok) break;
  }
  if (wire_.failed()) return blame(wire_, Message::kResourceSpans, tag);
  mark(Step::kBlockEnd, block.data() + block.size());
  return true;
}

// The resource of a block, wherever it stands; of several the attributes of all count.
bool OtlpProtobuf::resource_of(std::string_view block) {
  SpanFields& f = worker_.otlp_fields;
  f.reset();
  otlp::ResourceFields fields;
  const char* found = nullptr;
  WireReader r(wire_, block);
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    std::string_view bytes;
    if (tag != delimited(1)) {
      if (!r.skip(tag, kResourceSpansDepth)) break;
      continue;
    }
    if (!r.bytes(&bytes) || !resource(bytes, fields)) break;
    found = bytes.data();
  }
  if (wire_.failed()) return blame(wire_, Message::kResourceSpans, tag);
  if (found == nullptr) return true;
  out_.resources.push_back(worker_.otlp_spans.resource(fields, f.grouping));
  mark(Step::kResource, found);
  return true;
}

bool OtlpProtobuf::resource(std::string_view bytes, otlp::ResourceFields& fields) {
  WireReader r(wire_, bytes);
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    if (tag != delimited(1)) {
      if (!check_field(r, Message::kResource, tag, kResourceDepth)) break;
      continue;
    }
    std::string_view pair;
    std::string_view key;
    AttributeValue value;
    if (!r.bytes(&pair) || !attribute(pair, kResourceDepth + 1, &key, &value)) break;
    fields.add(key, value);
    worker_.otlp_fields.add_grouping(key, value);
  }
  return !wire_.failed() || blame(wire_, Message::kResource, tag);
}

bool OtlpProtobuf::scope_spans(std::string_view bytes) {
  mark(Step::kScopeBegin, bytes.data());
  std::string_view name;
  WireReader r(wire_, bytes);
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    std::string_view content;
    const bool ok = tag == delimited(2)   ? r.bytes(&content) && span(content)
                    : tag == delimited(1) ? r.bytes(&content) && scope(content, &name)
                                          : check_field(r, Message::kScopeSpans, tag, kScopeSpansDepth);
    if (!ok) break;
  }
  if (wire_.failed()) return blame(wire_, Message::kScopeSpans, tag);
  const char* const end = bytes.data() + bytes.size();
  if (!name.empty()) mark(Step::kScope, end, worker_.builder.scope(name));
  mark(Step::kScopeEnd, end);
  return true;
}

bool OtlpProtobuf::scope(std::string_view bytes, std::string_view* name) {
  WireReader r(wire_, bytes);
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    if (tag == delimited(1) ? !r.text(name) : !check_field(r, Message::kScope, tag, kScopeDepth)) break;
  }
  return !wire_.failed() || blame(wire_, Message::kScope, tag);
}

bool OtlpProtobuf::span(std::string_view bytes) {
  SpanFields& f = worker_.otlp_fields;
  f.reset();
  WireReader r(wire_, bytes);
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    bool ok = true;
    std::string_view content;
    switch (tag) {
      case delimited(1):
        ok = r.bytes(&content);
        f.trace_id = trace_id_.set(content, worker_.scratch);
        break;
      case delimited(2):
        ok = r.bytes(&content);
        f.span_id = span_id_.set(content, worker_.scratch);
        break;
      case delimited(4):
        ok = r.bytes(&content);
        f.parent_span_id = parent_span_id_.set(content, worker_.scratch);
        break;
      case delimited(5):
        ok = r.text(&f.name);
        break;
      case tag_of(6, kVarint): {
        std::uint64_t kind = 0;
        ok = r.varint(&kind);
        f.kind = static_cast<std::int32_t>(static_cast<std::uint32_t>(kind));
        break;
      }
      case tag_of(7, kFixed64):
        ok = r.fixed64(&f.start_ns);
        break;
      case tag_of(8, kFixed64):
        ok = r.fixed64(&f.end_ns);
        break;
      case delimited(9): {
        std::string_view key;
        AttributeValue value;
        ok = r.bytes(&content) && attribute(content, kSpanDepth + 1, &key, &value);
        if (ok) f.add(key, value);
        break;
      }
      case delimited(13):
        ok = r.bytes(&content) && link(content, f);
        break;
      default:
        ok = check_field(r, Message::kSpan, tag, kSpanDepth);
        break;
    }
    if (!ok) break;
  }
  if (wire_.failed()) return blame(wire_, Message::kSpan, tag);
  worker_.otlp_spans.add(f, out_);
  return true;
}

// Of a span's links only the trace id of the first is read.
bool OtlpProtobuf::link(std::string_view bytes, SpanFields& f) {
  const bool first = !f.has_links;
  f.has_links = true;
  WireReader r(wire_, bytes);
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    std::string_view content;
    if (tag != delimited(1)) {
      if (!check_field(r, Message::kLink, tag, kLinkDepth)) break;
      continue;
    }
    if (!r.bytes(&content)) break;
    if (first) f.link_trace_id = link_trace_id_.set(content, worker_.scratch);
  }
  return !wire_.failed() || blame(wire_, Message::kLink, tag);
}

// A key and a string of less than 128 bytes each, in that order: what exporters write. Leaves everything else to others.
bool OtlpProtobuf::usual_attribute(std::string_view bytes, std::string_view* key, AttributeValue* value) {
  constexpr std::size_t kHeaders = 6;  // tag and length of the key, the value and its string
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() < kHeaders || bytes.size() >= 128 || at(0) != delimited(1)) return false;
  const std::size_t key_size = at(1);
  if (key_size + kHeaders > bytes.size()) return false;
  const std::size_t rest = bytes.size() - key_size - kHeaders;
  if (at(key_size + 2) != delimited(2) || at(key_size + 3) != rest + 2 || at(key_size + 4) != delimited(1) ||
      at(key_size + 5) != rest) {
    return false;
  }
  *key = bytes.substr(2, key_size);
  value->kind = AttributeValue::Kind::kString;
  value->text = bytes.substr(key_size + kHeaders);
  return true;
}

bool OtlpProtobuf::attribute(std::string_view bytes, unsigned depth, std::string_view* key, AttributeValue* value) {
  WireReader r(wire_, bytes);
  // One look at all of it: tags and lengths below 128 are ASCII too.
  if (usual_attribute(bytes, key, value) && r.is_utf8(bytes)) [[likely]]
    return true;
  *key = {};
  *value = {};
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    std::string_view content;
    const bool ok = tag == delimited(1)   ? r.text(key)
                    : tag == delimited(2) ? r.bytes(&content) && any_value(content, depth + 1, value)
                                          : check_field(r, Message::kKeyValue, tag, depth);
    if (!ok) break;
  }
  return !wire_.failed() || blame(wire_, Message::kKeyValue, tag);
}

// The last member counts; a value that comes in pieces goes on where the piece before ended.
bool OtlpProtobuf::any_value(std::string_view bytes, unsigned depth, AttributeValue* value) {
  using Kind = AttributeValue::Kind;
  constexpr std::uint32_t kLastMember = 8;
  WireReader r(wire_, bytes);
  std::uint32_t tag = 0;
  while (r.next(&tag)) {
    bool ok = true;
    if (tag == delimited(1)) {
      value->kind = Kind::kString;
      ok = r.text(&value->text);
    } else if (tag == tag_of(3, kVarint)) {
      std::uint64_t number = 0;
      ok = r.varint(&number);
      value->kind = Kind::kInt;
      value->integer = static_cast<std::int64_t>(number);
    } else {
      if (otlp::field_of(tag) <= kLastMember) value->kind = Kind::kOther;
      ok = check_field(r, Message::kAnyValue, tag, depth);
    }
    if (!ok) break;
  }
  return !wire_.failed() || blame(wire_, Message::kAnyValue, tag);
}

base::Error broken(const Wire& wire) {
  std::string where = "byte " + std::to_string(wire.at - wire.bytes.data());
  if (wire.message != nullptr) {
    where.append(", ").append(wire.message);
    if (wire.field != nullptr) where.append(".").append(wire.field);
  }
  return {std::string("invalid otlp-protobuf input: ") + wire.what, std::move(where), ""};
}

// What a Decoded held before a request, so that a refused one leaves nothing behind.
class Savepoint {
 public:
  explicit Savepoint(const Decoded& of)
      : records_(of.records.size()),
        nodes_(of.nodes.size()),
        dropped_(of.dropped.size()),
        marks_(of.marks.size()),
        resources_(of.resources.size()),
        tally_(of.tally) {}

  void restore(Decoded& of) const {
    of.records.resize(records_);
    of.nodes.resize(nodes_);
    of.dropped.resize(dropped_);
    of.marks.resize(marks_);
    of.resources.resize(resources_);
    of.tally = tally_;
  }

 private:
  std::size_t records_;
  std::size_t nodes_;
  std::size_t dropped_;
  std::size_t marks_;
  std::size_t resources_;
  model::IngestTally tally_;
};

}  // namespace

base::Status decode_otlp_protobuf(std::string_view message, Worker& worker, Decoded& out) {
  const Savepoint before(out);
  Wire wire(message);
  const bool ok = OtlpProtobuf(wire, worker, out).request();
  worker.scratch.rewind();
  if (ok) return base::success();
  before.restore(out);
  return broken(wire);
}

base::Result<Ingested> ingest_protobuf(ByteSource& source, const IngestOptions& options) {
  const base::Result<std::string> bytes = read_all(source);
  if (!bytes) return bytes.error();
  if (bytes.value().find_first_not_of(" \t\n\f\r") == std::string::npos) {
    return base::Error{"the input is empty: the capture or export produced nothing", source.name(), "check what wrote it"};
  }
  Worker worker(options.settings);
  std::vector<Decoded> results(1);
  if (const base::Status decoded = decode_otlp_protobuf(bytes.value(), worker, results[0]); !decoded) {
    base::Error error = decoded.error();
    error.where.insert(0, source.name() + ": ");
    return error;
  }
  Ingested out;
  out.format = &kOtlpProtobuf;
  out.symbols = std::move(worker.symbols);
  out.tally = results[0].tally;
  resolve(results, kOtlpProtobuf, out.symbols, options.settings, options.threads, *out.tally, nullptr, &out.context);
  out.batches.push_back(std::move(results[0].records));
  return out;
}

}  // namespace sentinel::ingest
