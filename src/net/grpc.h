// gRPC calls over HTTP/2, unary but for MessageResponder: what the server hands to its handler, and what it takes back.
//
// As in http.h each call comes in two steps on the thread of its connection's loop: on_call() before the message is read, then
// on_message() with a Call that holds the whole, decompressed message and is finished now or later, from any thread, exactly
// once. The server does the framing: the length prefix, identity, gzip, deflate and zstd, size bounds, the client's deadline
// (DEADLINE_EXCEEDED), its own (CANCELLED, "Timeout expired"), percent-encoding of messages, trailers. Refusals are
// trailers-only responses. Responses are never compressed. Spec 05 §3.4, 12, the gRPC over HTTP/2 protocol.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "net/http.h"

namespace sentinel::net {

enum class GrpcStatus : unsigned char {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kResourceExhausted = 8,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
};

// The end of a call: with kOk `response` is the encoded message (empty: a message of length zero).
struct GrpcReply {
  GrpcStatus status = GrpcStatus::kOk;
  std::string message;           // for people; percent-encoded by the server
  std::string response;          // only sent with kOk
  std::vector<Header> trailers;  // further ones, e.g. grpc-status-details-bin; names in lower case
};

// Answers each message of a stream by itself, at once, on the thread of the connection's loop: the one kind of streaming there
// is, for server reflection.
class MessageResponder {
 public:
  virtual ~MessageResponder() = default;
  // kOk: `response` is sent and the next message awaited. Otherwise the call ends so.
  [[nodiscard]] virtual GrpcReply respond(std::string_view message) const = 0;
};

struct MessagePlan {
  std::size_t max_wire = 4 * 1024 * 1024;     // length in the prefix
  std::size_t max_decoded = 4 * 1024 * 1024;  // after decompression
  Slots* slots = nullptr;                     // taken when the message is complete
  const MessageResponder* each = nullptr;     // the call is a stream; on_message() is not called. Outlives the server
};

// Why the server could not bring the message.
enum class MessageProblem : unsigned char {
  kUnknownEncoding,  // grpc-encoding names none of ours; decided before on_call's plan is used
  kTooLargeOnWire,
  kTooLargeDecoded,
  kMissing,  // the stream ended without a message
  kCut,      // … or within it
  kBadFlag,  // compression flag neither 0 nor 1, or 1 without a grpc-encoding
  kUndecodable,
  kNoSlot,
};

// One call waiting for its end; as an Exchange. Letting go of it unfinished ends it with INTERNAL.
class Call {
 public:
  explicit Call(std::shared_ptr<detail::PendingRequest> request) : request_(std::move(request)) {}
  Call(Call&&) = default;
  Call& operator=(Call&& other) noexcept;
  ~Call();

  [[nodiscard]] const RequestHead& head() const;  // path: "/package.Service/Method"
  [[nodiscard]] std::string_view message() const;
  void release_message();
  [[nodiscard]] bool abandoned() const;  // cancelled by the client, past its deadline, or the connection is gone
  [[nodiscard]] Loop& loop() const;

  // Precondition: not finished before.
  void finish(GrpcReply reply);

 private:
  std::shared_ptr<detail::PendingRequest> request_;
};

class GrpcHandler {
 public:
  virtual ~GrpcHandler() = default;
  // Unknown methods are the handler's to refuse (kUnimplemented). The message of a refused call is not read.
  virtual std::variant<MessagePlan, GrpcReply> on_call(const RequestHead& head) = 0;
  virtual void on_message(Call call) = 0;
  // The end of a call whose message could not be taken; by default default_grpc_reply().
  virtual GrpcReply on_problem(const RequestHead& head, MessageProblem problem);
};

// UNIMPLEMENTED, OUT_OF_RANGE, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE: the table of 05 §3.4.
[[nodiscard]] GrpcReply default_grpc_reply(MessageProblem problem);

// UNAVAILABLE with the time after which the client may try again, as google.rpc.RetryInfo in grpc-status-details-bin: without
// it some exporters give up.
[[nodiscard]] GrpcReply retry_later(std::string message, std::chrono::seconds after);

// grpc.health.v1.Health/Check: the reply for an encoded HealthCheckRequest, given what is served under which service name (""
// is the whole server; a name not listed is NOT_FOUND).
struct HealthEntry {
  std::string_view service;
  bool serving;
};
inline constexpr std::string_view kHealthCheckPath = "/grpc.health.v1.Health/Check";
[[nodiscard]] GrpcReply health_reply(std::string_view request, const std::vector<HealthEntry>& services);

}  // namespace sentinel::net
