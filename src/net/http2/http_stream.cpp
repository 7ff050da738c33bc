// An HTTP request on a stream: as http1/protocol.cpp, without the trouble of finding where it ends.
#include <algorithm>
#include <utility>

#include "net/http2/stream.h"

namespace sentinel::net::http2 {
namespace {

constexpr std::size_t kHttpReserve = 1024 * 1024;  // of an announced length, at once

class HttpStream final : public Stream {
 public:
  using Stream::Stream;

  void on_head() override {
    auto verdict = handler().on_head(request->head);
    if (const auto* response = std::get_if<Response>(&verdict)) return answer_http(*response);
    plan_ = std::get<BodyPlan>(verdict);
    const std::uint64_t length = request->head.content_length.value_or(0);
    if (length > plan_.max_wire) return refuse(BodyProblem::kTooLargeDeclared);
    if (client_done) return;
    if (request->head.header("expect") == "100-continue") session_.submit_continue(id);
    request->start_body();
    request->body().reserve(static_cast<std::size_t>(std::min<std::uint64_t>(length, kHttpReserve)));
  }

  void on_data(std::string_view bytes) override {
    rate_.add(bytes.size());
    if (request->body().size() + bytes.size() > plan_.max_wire) return refuse(BodyProblem::kTooLargeOnWire);
    request->body().append(bytes);
  }

  void on_end() override {
    const auto alive = request;
    alive->take_to_handler(plan_.encoding, plan_.max_decoded, plan_.slots);
  }

  void on_tick(Millis now) override {
    const Limits& limits = connection().limits();
    if (!client_done && rate_.too_slow(now, limits)) {
      count(connection().counters().slow_bodies);
    } else if (now - since() >= limits.request_timeout.count()) {
      count(connection().counters().request_timeouts);
    } else {
      const auto alive = request;
      return alive->check_slot(now);
    }
    answer_http({408, {}, {}});
  }

  void on_answer(detail::Answer&& answer) override {
    const Connection::Round round(connection());
    answer_http(std::get<Response>(answer));
  }

  void on_problem(BodyProblem problem) override {
    const Connection::Round round(connection());
    answer_http(handler().on_problem(request->head, problem));
  }

 private:
  [[nodiscard]] HttpHandler& handler() const { return *connection().server()->http; }
  void refuse(BodyProblem problem) {
    count(connection().counters().body_too_large);
    answer_http(handler().on_problem(request->head, problem));
  }

  BodyPlan plan_;
};

}  // namespace

std::unique_ptr<Stream> make_http_stream(Session& session, std::int32_t id) {
  return std::make_unique<HttpStream>(session, id);
}

}  // namespace sentinel::net::http2
