// The bounds a server holds its clients to; every one can be set by tests, and each that is reached moves a counter of
// counters.h. Defaults: chapter 05 §3.1, §3.2 and §15 (where the reference has no limit, the bound asked for there).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sentinel::net {

struct Limits {
  // Connections of one listener; past it a new one is accepted and closed at once.
  std::size_t max_connections = 4096;

  // Times. A connection that stays behind is closed; a request gets the answer named.
  std::chrono::milliseconds header_timeout{10'000};      // first byte of a request to the end of its header
  std::chrono::milliseconds first_byte_timeout{10'000};  // connection to its first byte (HTTP/2: to the whole preface)
  std::chrono::milliseconds idle_timeout{60'000};        // between two requests; HTTP/2 connections get a GOAWAY
  std::chrono::milliseconds request_timeout{60'000};     // end of the header to the answer: 408, gRPC CANCELLED
  std::chrono::milliseconds write_timeout{60'000};       // an answer of which the client takes nothing
  std::chrono::milliseconds keepalive_ping{30'000};      // HTTP/2, WebSocket: silence before a PING; none is sent for 0
  std::chrono::milliseconds keepalive_answer{20'000};    // its answer must come within
  // A body whose last `body_window` brought fewer than body_rate bytes a second: 408, gRPC CANCELLED.
  std::chrono::milliseconds body_window{10'000};
  std::size_t body_rate = 1024;

  // HTTP/1.
  std::size_t max_header_bytes = 64 * 1024;  // all fields: 431
  std::size_t max_header_fields = 100;       // 431
  std::size_t max_target_bytes = 65'534;     // 414

  // HTTP/2. 0 streams: the protocol's own default, 200 for HTTP and 256 for gRPC.
  std::uint32_t max_streams = 0;
  std::uint32_t stream_window = 1 << 20;
  std::uint32_t connection_window = 4 << 20;
  std::size_t max_header_list = 16 * 1024;  // also of the bytes of a header block with its CONTINUATION frames
  std::size_t max_unread_acks = 100;        // answers to PING and SETTINGS not yet taken by the client
  std::size_t max_resets = 100;             // streams reset by the client before their answer, within 10 s
  std::size_t max_control_frames = 1000;    // frames that carry no request, between two requests

  // WebSocket.
  std::size_t websocket_message = 32 * 1024;                  // of a client, its fragments together: closed with 1009
  std::size_t websocket_queue = 256;                          // messages that wait for one client; one more closes with 1008
  std::size_t websocket_queue_bytes = std::size_t{16} << 20;  // likewise; a message alone may be larger
  std::chrono::milliseconds websocket_close{2'000};           // for the client's answer to a close

  // TLS.
  std::chrono::milliseconds handshake_timeout{10'000};
  std::size_t max_handshakes = 128;  // at once; further ones wait to be accepted
};

}  // namespace sentinel::net
