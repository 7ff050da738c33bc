// OTLP protobuf into the line that `capture` writes: any bytes. What passes the check is written without a byte read past its
// end, and the line is one JSON text on one line.
#include <cstdint>
#include <string>
#include <vector>

#include "base/json_reader.h"
#include "check.h"
#include "ingest/otlp/json_line.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sentinel;
  using fuzz::check;
  // A copy of exactly its size, so that the sanitizer sees a step too far.
  const std::vector<char> bytes(data, data + size);
  const std::string_view request(bytes.data(), bytes.size());
  if (!ingest::otlp::check_request(request)) return 0;
  std::string line;
  ingest::otlp::append_json_line(line, request);
  check(line.find('\n') == std::string::npos, "a line end in the line");
  base::Arena scratch;
  base::JsonReader json(line, scratch, 1000);
  json.skip();
  check(!json.failed() && json.at_end(), "the line is no JSON");
  return 0;
}
