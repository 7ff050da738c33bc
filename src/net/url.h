// Addresses of the http and https schemes: taken apart for a request, and made safe for messages (chapter 02 §2.1, §2.3).
//
// Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sentinel::net {

struct Url {
  bool tls = false;
  std::string host;  // without brackets
  std::uint16_t port = 0;
  std::string authority;  // for the Host header: port only when it is not the scheme's own
  std::string target;     // path and query, at least "/"; a fragment is left out

  [[nodiscard]] std::string origin() const;  // "https://host:port", the key of a connection
};

inline constexpr std::size_t kMaxUrlBytes = 65'534;

// The error says what is wrong, not where: a message shows redacted_url() beside it. User information is refused: it would be
// a secret in a place where secrets are printed.
[[nodiscard]] base::Result<Url> parse_url(std::string_view text);

// What a message may show of an address: without user information and fragment. Of a text that is no address, what stands
// before an '@' of its authority is left out all the same.
[[nodiscard]] std::string redacted_url(std::string_view text);

// Percent-encodes what would end or change a query value: & = # + % blank, control bytes and bytes above 0x7E.
[[nodiscard]] std::string encode_query_value(std::string_view text);

// Percent-encodes all but letters, digits and - . _ ~ and what `keep` holds.
[[nodiscard]] std::string percent_encode(std::string_view text, std::string_view keep = {});

}  // namespace sentinel::net
