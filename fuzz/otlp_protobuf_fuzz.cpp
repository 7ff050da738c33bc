// OTLP protobuf: any bytes. What the decoder accepts is what the tables of messages accept; a refused request leaves nothing
// behind; the same request gives the same events twice.
#include <cstdint>
#include <string_view>

#include "../tests/ingest/support/events.h"
#include "check.h"
#include "ingest/otlp/protobuf.h"
#include "ingest/otlp/trace_schema.h"

using namespace sentinel;
using namespace sentinel::ingest;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view request(reinterpret_cast<const char*>(data), size);
  IngestOptions options = test::default_options();
  options.format = &kOtlpProtobuf;
  Worker worker(options.settings);
  Decoded out;
  const bool accepted = decode_otlp_protobuf(request, worker, out).ok();
  otlp::Wire wire(request);
  check(check_message(wire, request, otlp::Message::kRequest, 0) == accepted, "the decoder and its tables disagree");
  if (!accepted) {
    check(out.nodes.empty() && out.records.empty() && out.dropped.empty() && out.marks.empty() && out.resources.empty() &&
              out.tally.received == 0,
          "a refused request left something behind");
    return 0;
  }
  check(test::outcome_of(request, options) == test::outcome_of(request, options), "the same request gave other events");
  return 0;
}
