// The fields of an OTLP span -> a node, and a record when it is I/O (chapter 01 §8.4-8.7, §8.9).
//
// One builder belongs to one worker. What needs other spans (endpoint, scopes, links, stitching) is left to resolve.
#pragma once

#include <string>
#include <vector>

#include "ingest/decoded.h"
#include "ingest/otlp/span_fields.h"
#include "ingest/record_builder.h"

namespace sentinel::ingest::otlp {

class SpanBuilder {
 public:
  explicit SpanBuilder(RecordBuilder& builder) : builder_(builder) {}

  void add(const SpanFields& fields, Decoded& out);

  // Facts of a resource; its grouping attributes are in `grouping`.
  ResourceFacts resource(const ResourceFields& fields, std::span<const model::GroupPair> grouping);

 private:
  // What a span is: an event of some type, or nothing for a reason.
  struct Verdict {
    DropReason drop = DropReason::kNone;
    model::EventType type = model::EventType::kSql;
    bool from_url = false;
    std::string_view operation;
    std::string_view target;
  };

  // A database engine as named by a span.
  struct Engine {
    std::string name;
    std::string_view canonical;  // may view `name`
    bool non_sql = false;
    bool known_sql = false;
  };
  const Engine& engine_of(std::string_view name);

  Verdict classify(const SpanFields& fields, const Engine& engine, std::string_view statement);
  void set_code(const SpanFields& fields, SpanNode& node);
  TextId inbound(const SpanFields& fields);
  void add_record(const SpanFields& fields, const Verdict& verdict, SpanNode& node, Decoded& out);

  RecordBuilder& builder_;
  std::string buffer_;
  Engine engine_;
  const Engine no_engine_;
};

}  // namespace sentinel::ingest::otlp
