// SHA-1 (FIPS 180-4), which the handshake of a WebSocket is defined with: it shows that the server has read the request and
// protects nothing. Not for anything else. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace sentinel::net::websocket {

// The 20 bytes of the digest.
[[nodiscard]] std::string sha1(std::string_view bytes);

}  // namespace sentinel::net::websocket
