// What a WebSocket's handles and its connection share: the queue of messages to the client, and the wish to close.
//
// Any thread puts in, the connection's loop takes out; each is told of the other only where it must be: the loop is woken for
// the first thing that waits. Outlives connection, server and loops. For the room's own files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "net/server_shared.h"
#include "net/websocket.h"
#include "net/websocket/frames.h"

namespace sentinel::net::websocket {

struct Message {
  WebSocket::Payload payload;
  Opcode kind = Opcode::kText;
};

struct CloseWish {
  std::uint16_t code = 0;
  std::string reason;
};

class Link final : public std::enable_shared_from_this<Link> {
 public:
  // The connection's end, on the loop's thread.
  class Owner {
   public:
    // Something waits.
    virtual void on_wake() = 0;
    // The owner is inside a callback of the application and looks here when that returns.
    [[nodiscard]] virtual bool will_look() const = 0;

   protected:
    ~Owner() = default;
  };

  Link(std::shared_ptr<ServerShared> server, Loop& loop, Owner& owner)
      : server_(std::move(server)), loop_(loop), owner_(&owner) {}

  // -- any thread
  bool send(Message message);
  void close(std::uint16_t code, std::string_view reason);
  [[nodiscard]] bool open() const;
  [[nodiscard]] std::size_t queued() const;
  [[nodiscard]] std::size_t queued_bytes() const;

  // -- the loop's thread
  // What close() or a full queue asked for.
  [[nodiscard]] std::optional<CloseWish> close_wish();
  // The next message; nullopt when there is none.
  [[nodiscard]] std::optional<Message> take();
  // Nothing more is taken from the application; what is queued goes.
  void shut();
  // The owner goes.
  void detach();

 private:
  [[nodiscard]] bool full(std::size_t more) const;
  void shut_locked();
  void wake();

  // Fixed at construction.
  const std::shared_ptr<ServerShared> server_;  // keeps the loop, too
  Loop& loop_;

  // The loop's thread.
  Owner* owner_;

  // Shared.
  mutable std::mutex mutex_;
  std::deque<Message> queue_;
  std::size_t bytes_ = 0;
  std::optional<CloseWish> wish_;
  bool open_ = true;
  bool woken_ = false;  // the loop has been told, and has not looked yet
};

}  // namespace sentinel::net::websocket
