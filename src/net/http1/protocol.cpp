#include "net/http1/protocol.h"

#include <algorithm>
#include <utility>

#include "net/response_text.h"
#include "net/websocket/handshake.h"
#include "net/websocket/session.h"

namespace sentinel::net::http1 {
namespace {

// What is left of a refused body is read over up to here to keep the connection; past it the connection closes.
constexpr std::uint64_t kReadOver = 64 * 1024;
// A body reserves its announced size at once up to here, then as it comes.
constexpr std::size_t kReserve = 1024 * 1024;
constexpr std::size_t kLeastDirect = 4096;

}  // namespace

Http1::~Http1() {
  if (request_ != nullptr) request_->abandon();
}

void Http1::on_bytes(std::string_view bytes) {
  if (input_.empty()) {
    take(bytes);
    if (!bytes.empty()) keep(bytes);
    return;
  }
  input_.append(bytes);
  produce();
}

void Http1::produce() {
  if (upgrade_ != nullptr) return become_websocket();
  if (input_.empty()) return;
  std::string_view input = input_;
  take(input);
  keep(input);
}

void Http1::keep(std::string_view left) {
  if (connection_.closing()) left = {};
  if (left.empty()) {
    std::string().swap(input_);  // an idle connection keeps no memory
  } else if (left.size() != input_.size() || left.data() != input_.data()) {
    input_ = std::string(left);
  }
}

void Http1::take(std::string_view& input) {
  bool more = true;
  while (more && !input.empty() && !connection_.closing() && !connection_.backlogged()) {
    switch (state_) {
      case State::kIdle:
        state_ = State::kHead;
        since_ = connection_.core().now();
        searched_ = 0;
        break;
      case State::kHead:
        more = take_head(input);
        break;
      case State::kBody:
        take_body(input);
        break;
      case State::kChunks:
        take_chunks(input);
        break;
      case State::kRefused:
        take_refused(input);
        break;
      case State::kAnswer:
      case State::kUpgrade:
        more = false;
        break;
    }
  }
}

bool Http1::take_head(std::string_view& input) {
  auto request = std::make_shared<detail::PendingRequest>(connection_.server(), connection_.loop(), static_cast<Owner*>(this));
  const ParsedHead parsed = read_head(input, searched_, connection_.limits(), request->head_text, request->head);
  switch (parsed.verdict) {
    case HeadVerdict::kIncomplete:
      searched_ = input.size();
      return false;
    case HeadVerdict::kOk:
      break;
    case HeadVerdict::kMalformed:
      count(connection_.counters().malformed);
      respond_and_close(400);
      return false;
    case HeadVerdict::kTargetTooLong:
    case HeadVerdict::kTooLarge:
      count(connection_.counters().header_too_large);
      respond_and_close(parsed.verdict == HeadVerdict::kTooLarge ? 431 : 414);
      return false;
  }
  input.remove_prefix(parsed.size);
  count(connection_.counters().requests);
  request_ = std::move(request);
  request_->head.tls = connection_.tls();
  framing_ = parsed.framing;
  since_ = connection_.core().now();
  if (connection_.server()->draining.load(std::memory_order_relaxed)) framing_.keep_alive = false;
  auto verdict = connection_.server()->http->on_head(request_->head);
  if (const auto* response = std::get_if<Response>(&verdict)) {
    respond_before_body(*response);
  } else {
    start_body(std::get<BodyPlan>(verdict));
  }
  return true;
}

void Http1::start_body(const BodyPlan& plan) {
  plan_ = plan;
  left_ = request_->head.content_length.value_or(0);
  if (!framing_.chunked && left_ == 0) return body_complete();
  if (left_ > plan.max_wire) {
    count(connection_.counters().body_too_large);
    return respond_before_body(connection_.server()->http->on_problem(request_->head, BodyProblem::kTooLargeDeclared));
  }
  if (framing_.expects_continue) connection_.out() += "HTTP/1.1 100 Continue\r\n\r\n";
  rate_.start(since_);
  request_->start_body();
  if (framing_.chunked) {
    chunks_ = Chunks();
    state_ = State::kChunks;
  } else {
    request_->body().reserve(static_cast<std::size_t>(std::min<std::uint64_t>(left_, kReserve)));
    state_ = State::kBody;
  }
}

void Http1::take_body(std::string_view& input) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  request_->body().append(input.substr(0, size));
  input.remove_prefix(size);
  rate_.add(size);
  left_ -= size;
  if (left_ == 0) body_complete();
}

std::span<char> Http1::direct() {
  if (state_ != State::kBody || left_ < kLeastDirect || !input_.empty()) return {};
  BodyBuffer& body = request_->body();
  if (body.size() == body.capacity())
    body.reserve(body.size() + static_cast<std::size_t>(std::min<std::uint64_t>(left_, body.size())));
  return {body.data() + body.size(), std::min(body.capacity() - body.size(), static_cast<std::size_t>(left_))};
}

void Http1::on_direct(std::size_t size) {
  request_->body().set_size(request_->body().size() + size);
  rate_.add(size);
  left_ -= size;
  if (left_ == 0) body_complete();
}

void Http1::take_chunks(std::string_view& input) {
  std::string_view data;
  while (true) {
    switch (chunks_.step(input, data)) {
      case Chunks::Next::kMore:
        return;
      case Chunks::Next::kMalformed:
        return refuse_body(BodyProblem::kUnreadable);
      case Chunks::Next::kEnd:
        return body_complete();
      case Chunks::Next::kData:
        rate_.add(data.size());
        if (request_->body().size() + data.size() > plan_.max_wire) return refuse_body(BodyProblem::kTooLargeOnWire);
        request_->body().append(data);
        break;
    }
  }
}

void Http1::take_refused(std::string_view& input) {
  if (framing_.chunked) {
    std::string_view data;
    while (true) {
      switch (chunks_.step(input, data)) {
        case Chunks::Next::kMore:
          return;
        case Chunks::Next::kMalformed:
          return connection_.close_when_sent(true);
        case Chunks::Next::kEnd:
          return next_request();
        case Chunks::Next::kData:
          if (data.size() > left_) return connection_.close_when_sent(true);
          left_ -= data.size();
      }
    }
  }
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  input.remove_prefix(size);
  left_ -= size;
  if (left_ == 0) next_request();
}

void Http1::body_complete() {
  state_ = State::kAnswer;
  connection_.set_reading(false);
  const auto alive = request_;  // an answer given at once lets go of it
  alive->take_to_handler(plan_.encoding, plan_.max_decoded, plan_.slots);
}

// A body that cannot be read on: what follows it on the connection cannot be found either.
void Http1::refuse_body(BodyProblem problem) {
  count(problem == BodyProblem::kTooLargeOnWire ? connection_.counters().body_too_large
                                                : connection_.counters().body_undecodable);
  framing_.keep_alive = false;
  respond(connection_.server()->http->on_problem(request_->head, problem));
}

void Http1::respond(const Response& response) {
  request_->abandon();
  const bool head_only = request_->head.method == Method::kHead;
  append_response(response, {request_->head.version, framing_.keep_alive && !ended_, head_only, connection_.core().http_date()},
                  connection_.out());
  request_.reset();
  if (!framing_.keep_alive || ended_) return connection_.close_when_sent(true);
  next_request();
}

// Answers from the head alone. A client that waits for "100 Continue" may or may not send its body now, so the connection
// closes.
void Http1::respond_before_body(const Response& response) {
  const std::uint64_t announced = request_->head.content_length.value_or(0);
  const bool has_body = framing_.chunked || announced > 0;
  if (has_body && (framing_.expects_continue || announced > kReadOver)) framing_.keep_alive = false;
  respond(response);
  if (!has_body || connection_.closing()) return;
  left_ = framing_.chunked ? kReadOver : announced;
  chunks_ = Chunks();
  state_ = State::kRefused;
}

void Http1::respond_and_close(int status) {
  append_response({status, {}, {}}, {11, false, false, connection_.core().http_date()}, connection_.out());
  connection_.close_when_sent(true);
}

void Http1::next_request() {
  state_ = State::kIdle;
  since_ = connection_.core().now();
  connection_.set_reading(!ended_);
}

void Http1::on_answer(detail::Answer&& answer) {
  const Connection::Round round(connection_);
  if (auto* terms = std::get_if<WebSocketTerms>(&answer)) return upgrade(std::move(*terms));
  respond(std::get<Response>(answer));
}

void Http1::upgrade(WebSocketTerms&& terms) {
  if (connection_.server()->draining.load(std::memory_order_relaxed)) {
    framing_.keep_alive = false;
    return respond({503, {}, {}});
  }
  request_->abandon();
  append_response(websocket::acceptance(request_->head, terms.subprotocol), {11, true, false, connection_.core().http_date()},
                  connection_.out());
  request_.reset();
  upgrade_ = std::make_unique<WebSocketTerms>(std::move(terms));
  state_ = State::kUpgrade;
  connection_.set_reading(true);
}

// This protocol ends here, so that nothing of it may be on the stack but produce() and who calls it last.
void Http1::become_websocket() {
  Connection& connection = connection_;
  std::string input = std::move(input_);
  auto session = std::make_unique<websocket::Session>(connection, std::move(*upgrade_));
  websocket::Session& next = *session;
  connection.become(std::move(session));
  next.start(std::move(input));
}

void Http1::on_problem(BodyProblem problem) {
  const Connection::Round round(connection_);
  respond(connection_.server()->http->on_problem(request_->head, problem));
}

void Http1::on_end_of_input() {
  ended_ = true;
  switch (state_) {
    case State::kBody:
    case State::kChunks:
      return refuse_body(BodyProblem::kUnreadable);
    case State::kAnswer:
      return;
    default:
      connection_.close_when_sent(false);
  }
}

void Http1::on_tick(Millis now) {
  const Limits& limits = connection_.limits();
  Counters& counters = connection_.counters();
  const auto past = [&](std::chrono::milliseconds limit) { return now - since_ >= limit.count(); };
  switch (state_) {
    case State::kIdle:
    case State::kRefused:
      if (!past(limits.idle_timeout)) return;
      count(counters.closed_idle);
      return connection_.close_now();
    case State::kHead:
      if (!past(limits.header_timeout)) return;
      count(counters.closed_in_header);
      return connection_.close_now();
    case State::kBody:
    case State::kChunks:
      if (rate_.too_slow(now, limits)) {
        count(counters.slow_bodies);
        break;
      }
      [[fallthrough]];
    case State::kAnswer:
      if (!past(limits.request_timeout)) {
        const auto alive = request_;
        alive->check_slot(now);
        return;
      }
      count(counters.request_timeouts);
      break;
    case State::kUpgrade:
      return;
  }
  framing_.keep_alive = false;
  respond({408, {}, {}});
}

void Http1::drain() {
  framing_.keep_alive = false;
  if (state_ == State::kIdle || state_ == State::kHead || state_ == State::kRefused) connection_.close_when_sent(false);
}

}  // namespace sentinel::net::http1
