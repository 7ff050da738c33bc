// What an HTTP server hands to its handler, and what it takes back: the same for HTTP/1.0, 1.1 and 2.
//
// Each request comes in two steps, both on the thread of the connection's loop. on_head() sees the head before a byte of the
// body is read (and before "100 Continue"): it answers at once, or says what body it is willing to take. on_request() then gets
// an Exchange with the whole, decoded body; it answers now or later, from any thread, exactly once. Different connections call
// the handler concurrently. The server adds Date and Content-Length, keeps connections alive, leaves the body off answers to
// HEAD, and answers 400, 408, 414 and 431 by itself (empty, connection closed). Answers are sent as they are, never compressed.
// Spec 05 §3.1–3.3, §8.1.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "net/encoding.h"
#include "net/slots.h"

namespace sentinel::net {

class Loop;
struct WebSocketTerms;

enum class Method : unsigned char { kGet, kHead, kPost, kPut, kDelete, kOptions, kPatch, kOther };

struct HeaderView {
  std::string_view name;  // in lower case
  std::string_view value;
};

// Views live as long as the head, which lives as long as the Exchange.
struct RequestHead {
  Method method = Method::kOther;
  std::string_view method_name;
  std::string_view target;  // as sent
  std::string_view path;    // without the query; of an absolute-form target the part after the authority. Not decoded
  std::string_view query;   // after the first '?', not decoded; empty when there is none
  std::vector<HeaderView> headers;
  std::optional<std::uint64_t> content_length;  // declared
  unsigned version = 11;                        // 10, 11 or 20
  bool tls = false;

  // The first value of a field, blanks around it removed; `name` in lower case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const {
    for (const HeaderView& field : headers)
      if (field.name == name) return field.value;
    return std::nullopt;
  }
};

struct Header {
  std::string name;  // in lower case on HTTP/2, as it is on HTTP/1
  std::string value;
};

// Header names and values must be valid ones: no control characters. Content-Length and Date are the server's.
struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;
};

// The body a handler is willing to take.
struct BodyPlan {
  std::size_t max_wire = 2 * 1024 * 1024;     // bytes sent
  std::size_t max_decoded = 2 * 1024 * 1024;  // bytes after undoing `encoding`
  Encoding encoding = Encoding::kIdentity;
  Slots* slots = nullptr;  // taken when the body is complete, given back with the answer; null: no bound
};

// Why the server could not bring the body.
enum class BodyProblem : unsigned char {
  kTooLargeDeclared,  // Content-Length over max_wire; nothing was read
  kTooLargeOnWire,    // chunked (or HTTP/2 without a length) and over max_wire
  kTooLargeDecoded,
  kUndecodable,  // not what its Content-Encoding says, or bytes after its end
  kUnreadable,   // a malformed chunk
  kNoSlot,       // waited as long as its Slots allow
};

namespace detail {
class PendingRequest;
}

// One request waiting for its answer. Movable, not for two threads at once; it may outlive server and loops, and is then
// answered into the void. Letting go of it unanswered answers 500.
class Exchange {
 public:
  explicit Exchange(std::shared_ptr<detail::PendingRequest> request) : request_(std::move(request)) {}
  Exchange(Exchange&&) = default;
  Exchange& operator=(Exchange&& other) noexcept;  // swaps
  ~Exchange();

  [[nodiscard]] const RequestHead& head() const;
  [[nodiscard]] std::string_view body() const;  // decoded; lives until the answer
  // Gives the body's memory back before the answer.
  void release_body();
  // True when the connection is gone: the answer will not be sent.
  [[nodiscard]] bool abandoned() const;
  // The loop of the connection, for timers and posts.
  [[nodiscard]] Loop& loop() const;

  // Precondition: not answered before. The head and the body end here.
  void answer(Response response);
  // Answers by becoming a WebSocket (websocket.h), under the same precondition; a request that is no proper handshake, or came
  // over HTTP/2, gets 400 or 426 instead, and once the server stops 503: then the listener is destroyed uncalled.
  void upgrade(WebSocketTerms terms);

 private:
  std::shared_ptr<detail::PendingRequest> request_;
};

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual std::variant<BodyPlan, Response> on_head(const RequestHead& head) = 0;
  virtual void on_request(Exchange exchange) = 0;
  // The answer to a body that could not be taken. By default 413, 400 and 503 with Retry-After, without a body.
  virtual Response on_problem(const RequestHead& head, BodyProblem problem);
};

}  // namespace sentinel::net
