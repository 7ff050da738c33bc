// A gRPC call on a stream: length prefix, message, and the status at the end; once, or for each message of a MessageResponder.
#include <algorithm>
#include <optional>
#include <utility>

#include "net/grpc_text.h"
#include "net/http2/stream.h"

namespace sentinel::net::http2 {
namespace {

constexpr std::size_t kPrefix = 5;                 // flag and length
constexpr std::size_t kGrpcReserve = 1024 * 1024;  // of an announced length, at once
constexpr std::size_t kMostUnread = 256 * 1024;    // answers of a stream that wait for their reader

class GrpcStream final : public Stream {
 public:
  using Stream::Stream;

  void on_head() override {
    const RequestHead& head = request->head;
    if (!is_grpc_content_type(head.header("content-type").value_or(""))) return answer_http({415, {}, {}});
    auto verdict = handler().on_call(head);
    if (auto* reply = std::get_if<GrpcReply>(&verdict)) return finish(std::move(*reply));
    plan_ = std::get<MessagePlan>(verdict);
    const auto named = head.header("grpc-encoding");
    const auto encoding = encoding_named(named.value_or("identity"));
    if (!encoding) return refuse(MessageProblem::kUnknownEncoding);
    encoding_ = *encoding;
    if (const auto value = head.header("grpc-timeout"))
      if (const auto timeout = parse_grpc_timeout(*value)) deadline_ = since() + timeout->count();
  }

  void on_data(std::string_view bytes) override {
    rate_.add(bytes.size());
    while (!bytes.empty()) {
      if (prefix_size_ < kPrefix) {
        prefix_[prefix_size_++] = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        if (prefix_size_ == kPrefix && !start_message()) return;
        continue;
      }
      if (left_ == 0) return finish({GrpcStatus::kInvalidArgument, "a unary call has one message", {}, {}});
      const std::size_t size = std::min(left_, bytes.size());
      request->body().append(bytes.substr(0, size));
      bytes.remove_prefix(size);
      left_ -= size;
      if (left_ == 0 && plan_.each != nullptr && !answer_message()) return;
    }
  }

  void on_end() override {
    if (prefix_size_ == 0 && plan_.each != nullptr) return finish({});
    if (prefix_size_ == 0) return refuse(MessageProblem::kMissing);
    if (prefix_size_ < kPrefix || left_ > 0) return refuse(MessageProblem::kCut);
    const auto alive = request;
    alive->take_to_handler(prefix_[0] == 0 ? Encoding::kIdentity : encoding_, plan_.max_decoded, plan_.slots);
  }

  void on_tick(Millis now) override {
    const Limits& limits = connection().limits();
    Counters& counters = connection().counters();
    if (deadline_ && now >= *deadline_) {
      count(counters.deadlines_passed);
      return finish({GrpcStatus::kDeadlineExceeded, "the deadline of the call has passed", {}, {}});
    }
    if (!client_done && rate_.too_slow(now, limits)) {
      count(counters.slow_bodies);
    } else if (now - since() >= limits.request_timeout.count()) {
      count(counters.request_timeouts);
    } else {
      const auto alive = request;
      return alive->check_slot(now);
    }
    finish({GrpcStatus::kCancelled, "Timeout expired", {}, {}});
  }

  void on_answer(detail::Answer&& answer) override {
    const Connection::Round round(connection());
    finish(std::move(std::get<GrpcReply>(answer)));
  }

  [[nodiscard]] bool trailers(FieldList& out) const override {
    add_status(out);
    return true;
  }

  void on_problem(BodyProblem problem) override {
    const Connection::Round round(connection());
    switch (problem) {
      case BodyProblem::kNoSlot:
        return reply_to(MessageProblem::kNoSlot);
      case BodyProblem::kTooLargeDecoded:
        return reply_to(MessageProblem::kTooLargeDecoded);
      default:
        return reply_to(MessageProblem::kUndecodable);
    }
  }

 private:
  [[nodiscard]] GrpcHandler& handler() const { return *connection().server()->grpc; }

  // False: the call has been refused.
  bool start_message() {
    left_ = 0;
    for (std::size_t i = 1; i < kPrefix; ++i) left_ = left_ << 8 | prefix_[i];
    if (prefix_[0] > 1 || (prefix_[0] == 1 && encoding_ == Encoding::kIdentity)) {
      refuse(MessageProblem::kBadFlag);
      return false;
    }
    if (left_ > plan_.max_wire) {
      refuse(MessageProblem::kTooLargeOnWire);
      return false;
    }
    if (plan_.each == nullptr || request->body().capacity() == 0) request->start_body();
    request->body().reserve(std::min(left_, kGrpcReserve));
    return plan_.each == nullptr || left_ > 0 || answer_message();
  }

  // Answers the message that is complete and makes ready for the next; false: the call has ended.
  bool answer_message() {
    GrpcReply reply;
    if (BodyBuffer& body = request->body(); prefix_[0] == 0) {
      reply = plan_.each->respond(body.view());
    } else {
      BodyBuffer decoded = connection().core().take_buffer();
      const Decoded done = decode(encoding_, body.view(), plan_.max_decoded, decoded);
      if (done == Decoded::kOk) reply = plan_.each->respond(decoded.view());
      connection().core().give_buffer(std::move(decoded));
      if (done != Decoded::kOk) {
        refuse(done == Decoded::kTooLarge ? MessageProblem::kTooLargeDecoded : MessageProblem::kUndecodable);
        return false;
      }
    }
    if (reply.status == GrpcStatus::kOk && out_body.size() > kMostUnread)
      reply = {GrpcStatus::kResourceExhausted, "answers are not read", {}, {}};
    if (reply.status != GrpcStatus::kOk) {
      finish(std::move(reply));
      return false;
    }
    append_message(reply.response);
    if (streaming_) {
      resume();
    } else {
      streaming_ = true;
      begin_answer(head());
    }
    request->body().clear();
    prefix_size_ = 0;
    return true;
  }

  void refuse(MessageProblem problem) {
    Counters& counters = connection().counters();
    if (problem == MessageProblem::kTooLargeOnWire) {
      count(counters.body_too_large);
    } else if (problem != MessageProblem::kUnknownEncoding) {
      count(counters.body_undecodable);
    }
    reply_to(problem);
  }
  void reply_to(MessageProblem problem) { finish(handler().on_problem(request->head, problem)); }

  void finish(GrpcReply&& reply) {
    reply_ = std::move(reply);
    reply_.message = escape_grpc_message(reply_.message);
    if (streaming_) {
      end_answer();
      return resume();
    }
    FieldList fields = head();
    if (reply_.status == GrpcStatus::kOk && plan_.each == nullptr) {
      append_message(reply_.response);
    } else {
      add_status(fields);
    }
    answer_head(fields);
  }

  [[nodiscard]] FieldList head() const {
    FieldList fields;
    fields.constant(":status", "200");
    fields.constant("content-type", "application/grpc");
    fields.copied("date", connection().core().http_date());
    return fields;
  }

  void append_message(std::string_view message) {
    out_body.reserve(out_body.size() + kPrefix + message.size());
    out_body += '\0';
    for (int shift = 24; shift >= 0; shift -= 8) out_body += static_cast<char>(message.size() >> shift);
    out_body += message;
  }

  void add_status(FieldList& out) const {
    static constexpr std::string_view kNumbers[] = {"0", "1",  "2",  "3",  "4",  "5",  "6",  "7", "8",
                                                    "9", "10", "11", "12", "13", "14", "15", "16"};
    out.constant("grpc-status", kNumbers[static_cast<std::size_t>(reply_.status)]);
    if (!reply_.message.empty()) out.copied("grpc-message", reply_.message);
    for (const Header& trailer : reply_.trailers) out.copied(trailer.name, trailer.value);
  }

  MessagePlan plan_;
  GrpcReply reply_;  // once finished
  Encoding encoding_ = Encoding::kIdentity;
  std::optional<Millis> deadline_;
  unsigned char prefix_[kPrefix] = {};
  std::size_t prefix_size_ = 0;
  std::size_t left_ = 0;    // of the message
  bool streaming_ = false;  // the head of the answer is out
};

}  // namespace

std::unique_ptr<Stream> make_grpc_stream(Session& session, std::int32_t id) {
  return std::make_unique<GrpcStream>(session, id);
}

}  // namespace sentinel::net::http2
