// The outer structure of each JSON format: which arrays the cutter cuts, and what else must hold around them.
#include "ingest/cutter.h"

namespace sentinel::ingest {

using base::JsonFault;

namespace {

// Members seen of one object; a known member twice is an error.
class Seen {
 public:
  explicit Seen(Cutter& cutter) : cutter_(cutter) {}

  // False, with a fault, when member number `bit` was there before.
  bool first(unsigned bit) {
    if ((bits_ & (1U << bit)) != 0) {
      cutter_.fault(JsonFault::kType, "repeated key");
      return false;
    }
    bits_ |= 1U << bit;
    return true;
  }
  [[nodiscard]] bool has(unsigned bit) const { return (bits_ & (1U << bit)) != 0; }

 private:
  Cutter& cutter_;
  unsigned bits_ = 0;
};

void expect_end(Cutter& cutter) {
  cutter.peek();
  if (!cutter.failed() && !cutter.text().empty()) cutter.fault(JsonFault::kSyntax, "unexpected text after the document");
}

// A member that must be a string and is not used.
void skip_string(Cutter& cutter) {
  if (cutter.peek() != '"') {
    const bool cut = cutter.at_input_end();
    cutter.fault(cut ? JsonFault::kUnexpectedEnd : JsonFault::kType, cut ? "unexpected end of input" : "expected a string");
    return;
  }
  const std::optional<std::string_view> text = cutter.take_value();
  if (!text) return;
  base::Arena scratch;
  base::JsonReader reader(*text, scratch);
  std::string_view ignored;
  const std::uint64_t start = cutter.offset() - text->size();
  if (!reader.read_string(&ignored)) cutter.fault_at(start + reader.error().offset, reader.error().fault, reader.error().what);
}

// null, where an absent object may be written so; false when another value follows.
bool take_null(Cutter& cutter) {
  if (cutter.peek() != 'n') return false;
  cutter.skip();
  return true;
}

void cut_scope(Cutter& cutter) {
  Seen seen(cutter);
  cutter.mark(Step::kScopeBegin);
  for (bool more = cutter.enter_object(); more; more = cutter.next_member()) {
    if (cutter.key() == "spans") {
      if (!seen.first(0)) return;
      if (cutter.enter_array()) cutter.run(Step::kSpans);
    } else if (cutter.key() == "scope") {
      if (!seen.first(1)) return;
      if (!take_null(cutter)) cutter.value(Step::kScope);
    } else if (cutter.key() == "schemaUrl") {
      if (!seen.first(2)) return;
      skip_string(cutter);
    } else {
      cutter.skip();
    }
  }
  cutter.mark(Step::kScopeEnd);
}

void cut_block(Cutter& cutter) {
  Seen seen(cutter);
  cutter.mark(Step::kBlockBegin);
  for (bool more = cutter.enter_object(); more; more = cutter.next_member()) {
    if (cutter.key() == "scopeSpans") {
      if (!seen.first(0)) return;
      for (bool item = cutter.enter_array(); item; item = cutter.next_item()) cut_scope(cutter);
    } else if (cutter.key() == "resource") {
      if (!seen.first(1)) return;
      if (!take_null(cutter)) cutter.value(Step::kResource);
    } else if (cutter.key() == "schemaUrl") {
      if (!seen.first(2)) return;
      skip_string(cutter);
    } else {
      cutter.skip();
    }
  }
  cutter.mark(Step::kBlockEnd);
}

void cut_document(Cutter& cutter) {
  Seen seen(cutter);
  cutter.mark(Step::kDocumentBegin);
  for (bool more = cutter.enter_object(); more; more = cutter.next_member()) {
    if (cutter.key() == "resourceSpans") {
      if (!seen.first(0)) return;
      for (bool item = cutter.enter_array(); item; item = cutter.next_item()) cut_block(cutter);
    } else {
      cutter.skip();
    }
  }
  if (cutter.failed()) return;
  if (!seen.has(0)) {
    cutter.fault(JsonFault::kType, "missing key \"resourceSpans\"");
    return;
  }
  cutter.mark(Step::kDocumentEnd);
}

}  // namespace

void cut_array(Cutter& cutter) {
  if (cutter.enter_array()) cutter.run(Step::kElements);
  expect_end(cutter);
}

void cut_jaeger(Cutter& cutter) {
  Seen seen(cutter);
  for (bool more = cutter.enter_object(); more; more = cutter.next_member()) {
    if (cutter.key() == "data") {
      if (!seen.first(0)) return;
      if (cutter.enter_array()) cutter.run(Step::kElements);
    } else {
      cutter.skip();
    }
  }
  if (!cutter.failed() && !seen.has(0)) cutter.fault(JsonFault::kType, "missing key \"data\"");
  expect_end(cutter);
}

void cut_otlp_json(Cutter& cutter) {
  do {
    cut_document(cutter);
  } while (!cutter.at_input_end());
}

}  // namespace sentinel::ingest
