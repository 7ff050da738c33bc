#include "net/pending_request.h"

#include <utility>

#include "net/websocket/handshake.h"

namespace sentinel::net {
namespace detail {

void PendingRequest::take_to_handler(Encoding encoding, std::size_t max_decoded, Slots* slots) {
  encoding_ = encoding;
  max_decoded_ = max_decoded;
  slots_ = slots;
  if (slots_ == nullptr) return call_handler();
  waits_since_ = loop_.core().now();
  slot_.store(Slot::kWaiting, std::memory_order_relaxed);
  if (slots_->take(shared_from_this())) {
    slot_.store(Slot::kHeld, std::memory_order_relaxed);
    call_handler();
  }
}

bool PendingRequest::slot_granted() {
  Slot expected = Slot::kWaiting;
  if (!slot_.compare_exchange_strong(expected, Slot::kHeld)) return false;
  loop_.post([self = shared_from_this()] {
    if (self->owner_ != nullptr) {
      self->call_handler();
    } else {
      self->give_slot_back();
    }
  });
  return true;
}

void PendingRequest::check_slot(Millis now) {
  if (slots_ == nullptr || slot_.load(std::memory_order_relaxed) != Slot::kWaiting) return;
  if (now - waits_since_ < slots_->max_wait().count()) return;
  Slot expected = Slot::kWaiting;
  if (!slot_.compare_exchange_strong(expected, Slot::kGivenUp)) return;
  slots_->forget(this);
  count(counters().slot_timeouts);
  recycle_body();
  if (owner_ != nullptr) owner_->on_problem(BodyProblem::kNoSlot);
}

void PendingRequest::abandon() {
  owner_ = nullptr;
  abandoned_.store(true, std::memory_order_relaxed);
  Slot expected = Slot::kWaiting;
  if (slots_ != nullptr && slot_.compare_exchange_strong(expected, Slot::kGivenUp)) slots_->forget(this);
}

void PendingRequest::call_handler() {
  if (encoding_ != Encoding::kIdentity && body_.size() > 0) {
    BodyBuffer decoded = loop_.core().take_buffer();
    const Decoded done = decode(encoding_, body_.view(), max_decoded_, decoded);
    std::swap(body_, decoded);
    loop_.core().give_buffer(std::move(decoded));
    if (done != Decoded::kOk) {
      give_slot_back();
      recycle_body();
      count(done == Decoded::kTooLarge ? counters().body_too_large : counters().body_undecodable);
      return owner_->on_problem(done == Decoded::kTooLarge ? BodyProblem::kTooLargeDecoded : BodyProblem::kUndecodable);
    }
  } else if (body_.size() > max_decoded_) {
    give_slot_back();
    recycle_body();
    count(counters().body_too_large);
    return owner_->on_problem(BodyProblem::kTooLargeDecoded);
  }
  count(counters().requests_in_flight);
  if (server_->http != nullptr) {
    server_->http->on_request(Exchange(shared_from_this()));
  } else {
    server_->grpc->on_message(Call(shared_from_this()));
  }
}

void PendingRequest::give_slot_back() {
  if (slots_ != nullptr && slot_.exchange(Slot::kNone) == Slot::kHeld) slots_->give_back();
}

void PendingRequest::release_body() {
  if (loop_.is_current()) {
    recycle_body();
  } else {
    body_.release();
  }
}

void PendingRequest::recycle_body() { loop_.core().give_buffer(std::exchange(body_, BodyBuffer())); }

void PendingRequest::answer(Answer&& answer) {
  release_body();
  give_slot_back();
  uncount(counters().requests_in_flight);
  if (loop_.is_current() && (owner_ == nullptr || owner_->is_busy())) return deliver(std::move(answer));
  loop_.post([self = shared_from_this(), late = std::move(answer)]() mutable { self->deliver(std::move(late)); });
}

void PendingRequest::deliver(Answer&& answer) {
  if (owner_ != nullptr) {
    owner_->on_answer(std::move(answer));
  } else {
    count(counters().clients_gone);
  }
}

}  // namespace detail

Exchange& Exchange::operator=(Exchange&& other) noexcept {
  std::swap(request_, other.request_);
  return *this;
}
Exchange::~Exchange() {
  if (request_ == nullptr) return;
  count(request_->counters().dropped_unanswered);
  request_->answer(Response{500, {}, {}});
}
const RequestHead& Exchange::head() const { return request_->head; }
std::string_view Exchange::body() const { return request_->view(); }
void Exchange::release_body() { request_->release_body(); }
bool Exchange::abandoned() const { return request_->abandoned(); }
Loop& Exchange::loop() const { return request_->loop(); }
void Exchange::answer(Response response) { std::exchange(request_, nullptr)->answer(std::move(response)); }
void Exchange::upgrade(WebSocketTerms terms) {
  if (auto refused = websocket::refusal(head())) return answer(std::move(*refused));
  std::exchange(request_, nullptr)->answer(std::move(terms));
}

Call& Call::operator=(Call&& other) noexcept {
  std::swap(request_, other.request_);
  return *this;
}
Call::~Call() {
  if (request_ == nullptr) return;
  count(request_->counters().dropped_unanswered);
  request_->answer(GrpcReply{GrpcStatus::kInternal, "the call was let go of", {}, {}});
}
const RequestHead& Call::head() const { return request_->head; }
std::string_view Call::message() const { return request_->view(); }
void Call::release_message() { request_->release_body(); }
bool Call::abandoned() const { return request_->abandoned(); }
Loop& Call::loop() const { return request_->loop(); }
void Call::finish(GrpcReply reply) { std::exchange(request_, nullptr)->answer(std::move(reply)); }

Response HttpHandler::on_problem(const RequestHead& /*head*/, BodyProblem problem) {
  switch (problem) {
    case BodyProblem::kTooLargeDeclared:
    case BodyProblem::kTooLargeDecoded:
      return {413, {}, {}};
    case BodyProblem::kTooLargeOnWire:
    case BodyProblem::kUndecodable:
    case BodyProblem::kUnreadable:
      return {400, {}, {}};
    case BodyProblem::kNoSlot:
      return {503, {{"retry-after", "1"}}, {}};
  }
  return {500, {}, {}};
}

}  // namespace sentinel::net
