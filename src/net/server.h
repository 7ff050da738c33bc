// A listening socket and the connections it takes: HTTP (1.0, 1.1 and 2 with prior knowledge) or gRPC (HTTP/2 only).
//
// The life of a server: construct, bind(), [use_tls()], serve(), stop(). bind() reserves the port and nothing is accepted
// before serve(), so that two listeners can be bound before the first of them serves. Connections are spread over the loops of
// the LoopThreads and stay on theirs; a loop that is down gets none, and with one that is given up its connections go (with the
// first of them the listening socket, too). All calls come from one thread that is no loop's; the counters may be read from
// any. The loops and the handler outlive the server. A handler that throws costs its request (500, INTERNAL) and a line of the
// log. Spec 05 §1.2–1.4, §3, 11 §2–3.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/counters.h"
#include "net/grpc.h"
#include "net/http.h"
#include "net/limits.h"
#include "net/loop.h"
#include "net/tls.h"

namespace sentinel::net {

struct ServerOptions {
  std::string name = "HTTP";          // in errors: "HTTP listener 127.0.0.1:4318: address already in use"
  std::string address = "127.0.0.1";  // an IP literal; IPv6 in brackets
  std::uint16_t port = 0;             // 0: any free one
  Limits limits;
};

class Server {
 public:
  Server(LoopThreads& loops, ServerOptions options, HttpHandler& handler);
  Server(LoopThreads& loops, ServerOptions options, GrpcHandler& handler);
  // Stops without grace.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Error: the address is no IP literal, or the system refuses it; `where` names listener, address and port.
  base::Status bind();
  // The bound port.
  [[nodiscard]] std::uint16_t port() const;

  // Speaks TLS on connections accepted from now on; before or while serving (a reloaded certificate).
  void use_tls(std::shared_ptr<const TlsContext> context);

  // Begins to accept. Precondition: bind() succeeded. Error: the loops have not been started, or it serves or has served
  // already.
  base::Status serve();

  // Stops accepting, then lets requests in flight finish for up to `grace` (HTTP/1 answers say "Connection: close", HTTP/2 gets
  // a GOAWAY; requests that come after are refused), then closes what is left. Returns when all connections are closed. A
  // second call does nothing.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] const Counters& counters() const;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace sentinel::net
