// One request stream of an HTTP/2 session: what HTTP requests and gRPC calls have in common. For the room's own files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "net/body_rate.h"
#include "net/http2/session.h"
#include "net/pending_request.h"

namespace sentinel::net::http2 {

class Stream : public detail::PendingRequest::Owner {
 public:
  Stream(Session& session, std::int32_t id);
  virtual ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // In this order: the head, any number of pieces of data, the end. None comes after the answer.
  virtual void on_head() = 0;
  virtual void on_data(std::string_view bytes) = 0;
  virtual void on_end() = 0;
  virtual void on_tick(Millis now) = 0;
  // The head is larger than the client was told.
  void refuse_head();

  [[nodiscard]] bool is_busy() const override { return connection().in_round(); }
  [[nodiscard]] bool answered() const { return answered_; }

  const std::int32_t id;
  std::shared_ptr<detail::PendingRequest> request;  // until the answer
  std::size_t list_bytes = 0;                       // of the head, as RFC 9113 §6.5.2 counts them
  bool head_done = false;
  bool client_done = false;
  Stream* next = nullptr;
  Stream* previous = nullptr;

  // What remains to be sent after the head.
  std::string out_body;
  std::size_t out_sent = 0;
  // Adds the fields that follow the body; false: there are none.
  [[nodiscard]] virtual bool trailers(FieldList& /*out*/) const { return false; }

 protected:
  [[nodiscard]] Connection& connection() const { return session_.connection(); }
  [[nodiscard]] Millis since() const { return since_; }
  void answer_head(const FieldList& head);
  // The same in two steps, for an answer whose body grows: out_body may be added to until the second.
  void begin_answer(const FieldList& head);
  void end_answer();
  // There is more in out_body, or the answer has ended.
  void resume() { session_.resume(*this); }
  void answer_http(const Response& response);

  Session& session_;
  BodyRate rate_;

 private:
  const Millis since_;
  bool answered_ = false;
};

[[nodiscard]] std::unique_ptr<Stream> make_http_stream(Session& session, std::int32_t id);
[[nodiscard]] std::unique_ptr<Stream> make_grpc_stream(Session& session, std::int32_t id);

}  // namespace sentinel::net::http2
