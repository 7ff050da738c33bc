// What clients of the query API write freely: query strings, path segments, and bodies of acknowledgments. Whatever the bytes,
// what comes out is text, and an accepted body gives an acknowledgment that can be written.
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "check.h"
#include "daemon/ack_log.h"
#include "daemon/ack_request.h"
#include "daemon/ack_store.h"
#include "daemon/query_string.h"

using namespace sentinel;
using namespace sentinel::daemon;
using fuzz::check;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& [name, value] : parse_query(text)) check(base::is_valid_utf8(name) && base::is_valid_utf8(value));
  if (const auto segment = decode_segment(text)) {
    check(base::is_valid_utf8(*segment));
    (void)is_ack_signature(*segment);
  }
  const AckRequestAnswer answer = parse_ack_request("application/json", text);
  if (answer.status != 0) {
    check(!answer.text.empty());
    return 0;
  }
  Ack ack;
  ack.by = clean_ack_text(answer.request.by.value_or(""), kMaxAckByBytes);
  ack.reason = clean_ack_text(answer.request.reason.value_or(""), kMaxAckReasonBytes);
  ack.expires_at = answer.request.expires_at;
  check(ack.by.size() <= kMaxAckByBytes && ack.reason->size() <= kMaxAckReasonBytes);
  std::string line;
  append_ack_json(line, ack);
  check(base::is_valid_utf8(line) && line.find('\n') == std::string::npos);
  return 0;
}
