// What a server counts. Written by its loops with relaxed atomics, read by whoever publishes them; all only grow, but the
// gauges named so. One Counters a server.
#pragma once

#include <atomic>
#include <cstdint>

namespace sentinel::net {

// How a client made the server give up on it (HTTP/2: GOAWAY with ENHANCE_YOUR_CALM).
enum class Flood : unsigned char { kResets, kControlFrames, kUnreadAcks, kHeaderBlock, kCount };

struct Counters {
  using Count = std::atomic<std::uint64_t>;

  // Connections.
  Count connections_open{0};  // gauge
  Count connections_accepted{0};
  Count connections_refused{0};       // over max_connections, no file descriptor left, or its loop is down for good
  Count tls_handshakes_failed{0};     // timeouts among them
  Count closed_before_first_byte{0};  // first_byte_timeout
  Count closed_in_header{0};          // header_timeout
  Count closed_idle{0};               // idle_timeout
  Count closed_not_reading{0};        // write_timeout, keepalive_answer
  Count floods[static_cast<unsigned>(Flood::kCount)] = {};

  // Requests.
  Count requests{0};            // heads read, refused ones included
  Count requests_in_flight{0};  // gauge: handed to the handler and not answered yet
  Count malformed{0};           // HTTP/1: 400; HTTP/2: protocol errors
  Count header_too_large{0};    // 431 and 414
  Count body_too_large{0};      // on the wire or decoded
  Count body_undecodable{0};
  Count request_timeouts{0};    // request_timeout
  Count slow_bodies{0};         // body_rate
  Count slot_timeouts{0};       // no slot within the time of its Slots
  Count deadlines_passed{0};    // gRPC: the client's own
  Count clients_gone{0};        // answers nobody was there to take
  Count handlers_failed{0};     // a handler threw: a bug of it
  Count dropped_unanswered{0};  // an Exchange or Call let go without an answer: a bug of the handler
  Count cut_at_stop{0};         // still open when the grace of stop() ended

  // WebSockets, and those that the server closed, by what the client did.
  Count websockets_open{0};  // gauge
  Count websockets_opened{0};
  Count websockets_slow{0};       // 1008: its queue was full
  Count websockets_too_large{0};  // 1009
  Count websockets_malformed{0};  // 1002 and 1007
  Count websockets_silent{0};     // keepalive_answer

  Count bytes_received{0};  // on the sockets, after TLS
  Count bytes_sent{0};
};

}  // namespace sentinel::net
