// The head of an HTTP/1 request: request line and fields, as RFC 9112 writes them, with the verdicts of chapter 05 §3.1.
//
// read_head() wants the bytes from the start of the head each time; it decides nothing while the empty line at the end is
// missing, but for what can no longer become a head. A lone LF ends a line like CRLF; folded lines, blanks before a colon,
// control characters and bytes that are no token in a method or name are malformed. Pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/limits.h"

namespace sentinel::net::http1 {

enum class HeadVerdict : unsigned char { kIncomplete, kOk, kMalformed, kTargetTooLong, kTooLarge };

// What the fields mean for the connection, beyond RequestHead.
struct Framing {
  bool chunked = false;
  bool keep_alive = false;
  bool expects_continue = false;
};

struct ParsedHead {
  HeadVerdict verdict = HeadVerdict::kIncomplete;
  std::size_t size = 0;  // of the head with its empty line; kOk only
  Framing framing;
};

// For kOk `text` holds a copy of the head (names in lower case) and `head` looks into it. `searched` is how many bytes earlier
// calls for this head have seen; 0 at first.
ParsedHead read_head(std::string_view bytes, std::size_t searched, const Limits& limits, std::string& text, RequestHead& head);

}  // namespace sentinel::net::http1
