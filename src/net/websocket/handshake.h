// The opening handshake of a WebSocket (RFC 6455 §4.2): whether a request is one, and the answer. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace sentinel::net::websocket {

// The answer to a head that cannot be upgraded: 426 where another version of HTTP or of WebSocket would do, else 400. The body
// says why.
[[nodiscard]] std::optional<Response> refusal(const RequestHead& head);

// Sec-WebSocket-Accept for that Sec-WebSocket-Key.
[[nodiscard]] std::string accept_key(std::string_view key);

// The 101 for a head without refusal(). `subprotocol` is echoed only if it was offered.
[[nodiscard]] Response acceptance(const RequestHead& head, std::string_view subprotocol);

}  // namespace sentinel::net::websocket
