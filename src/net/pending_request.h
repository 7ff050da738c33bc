// One request from its head to its answer, whichever protocol brought it: what an Exchange and a Call hold on to.
//
// The connection (its Owner) fills head and body on its loop's thread; take_to_handler() waits for a slot, undoes the encoding
// and calls the handler. From then on the head and the body are the handler's, until it answers, from any thread. The owner may
// go away at any time before that (abandon()). For the room's own files.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "net/body_buffer.h"
#include "net/grpc.h"
#include "net/loop_core.h"
#include "net/server_shared.h"
#include "net/websocket.h"

namespace sentinel::net::detail {

// A WebSocket only to a request for which websocket::refusal() has none.
using Answer = std::variant<Response, GrpcReply, WebSocketTerms>;

class PendingRequest final : public Slots::Waiter, public std::enable_shared_from_this<PendingRequest> {
 public:
  // Told on the loop's thread, at most one of the two and once, possibly before take_to_handler() returns.
  class Owner {
   public:
    virtual void on_answer(Answer&& answer) = 0;
    virtual void on_problem(BodyProblem problem) = 0;
    // Whether the owner's connection is at work on this thread just now; if not it is told later, from the loop.
    [[nodiscard]] virtual bool is_busy() const = 0;

   protected:
    ~Owner() = default;
  };

  PendingRequest(std::shared_ptr<ServerShared> server, Loop& loop, Owner* owner)
      : server_(std::move(server)), loop_(loop), owner_(owner) {}
  ~PendingRequest() override = default;

  // -- the connection's, until the handler has it
  std::string head_text;  // what the views of head look into
  RequestHead head;
  void start_body() { body_ = loop_.core().take_buffer(); }
  BodyBuffer& body() { return body_; }
  void take_to_handler(Encoding encoding, std::size_t max_decoded, Slots* slots);
  // The time to wait for a slot is up: the owner is told.
  void check_slot(Millis now);
  // The owner goes, or has answered by itself.
  void abandon();

  // -- the handler's
  [[nodiscard]] std::string_view view() const { return body_.view(); }
  void release_body();
  [[nodiscard]] bool abandoned() const { return abandoned_.load(std::memory_order_relaxed); }
  [[nodiscard]] Loop& loop() const { return loop_; }
  [[nodiscard]] Counters& counters() const { return server_->counters; }
  void answer(Answer&& answer);

  bool slot_granted() override;

 private:
  enum class Slot : unsigned char { kNone, kWaiting, kHeld, kGivenUp };

  void call_handler();
  void give_slot_back();
  void deliver(Answer&& answer);
  void recycle_body();

  // Fixed at construction.
  const std::shared_ptr<ServerShared> server_;
  Loop& loop_;

  // The loop's thread.
  Owner* owner_;
  Encoding encoding_ = Encoding::kIdentity;
  std::size_t max_decoded_ = 0;
  Millis waits_since_ = 0;

  // Handed over with the request.
  BodyBuffer body_;
  Slots* slots_ = nullptr;

  // Shared.
  std::atomic<Slot> slot_{Slot::kNone};
  std::atomic<bool> abandoned_{false};
};

}  // namespace sentinel::net::detail
