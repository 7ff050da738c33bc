#include "net/websocket/link.h"

#include <utility>

#include "base/text.h"

namespace sentinel::net {
namespace websocket {

bool Link::full(std::size_t more) const {
  const Limits& limits = server_->options.limits;
  // One message alone says nothing of how fast the client reads, however large it is.
  return queue_.size() >= limits.websocket_queue || (!queue_.empty() && bytes_ + more > limits.websocket_queue_bytes);
}

bool Link::send(Message message) {
  bool accepted = false;
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (!open_) return false;
    accepted = !full(message.payload->size());
    if (accepted) {
      bytes_ += message.payload->size();
      queue_.push_back(std::move(message));
    } else {
      count(server_->counters.websockets_slow);
      wish_ = CloseWish{close_code::kPolicy, "client too slow"};
      shut_locked();
    }
    first = !std::exchange(woken_, true);
  }
  if (first) wake();
  return accepted;
}

void Link::close(std::uint16_t code, std::string_view reason) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (!open_) return;
    open_ = false;
    first = !std::exchange(woken_, true);
    wish_ = CloseWish{may_be_sent(code) ? code : close_code::kInternal, std::string(base::truncate_utf8(reason, kMaxReason))};
  }
  if (first) wake();
}

void Link::wake() {
  if (loop_.is_current() && owner_ != nullptr && owner_->will_look()) return;
  loop_.post([self = shared_from_this()] {
    if (self->owner_ != nullptr) self->owner_->on_wake();
  });
}

bool Link::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

std::size_t Link::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

std::size_t Link::queued_bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::optional<CloseWish> Link::close_wish() {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  return wish_;
}

std::optional<Message> Link::take() {
  const std::lock_guard lock(mutex_);
  if (queue_.empty()) return std::nullopt;
  Message next = std::move(queue_.front());
  queue_.pop_front();
  bytes_ -= next.payload->size();
  return next;
}

void Link::shut() {
  const std::lock_guard lock(mutex_);
  shut_locked();
}

void Link::shut_locked() {
  open_ = false;
  queue_.clear();
  bytes_ = 0;
}

void Link::detach() {
  owner_ = nullptr;
  shut();
}

}  // namespace websocket

bool WebSocket::send_text(std::string text) { return send_text(std::make_shared<const std::string>(std::move(text))); }
bool WebSocket::send_binary(std::string bytes) { return send_binary(std::make_shared<const std::string>(std::move(bytes))); }
bool WebSocket::send_text(Payload text) { return link_ != nullptr && link_->send({std::move(text), websocket::Opcode::kText}); }
bool WebSocket::send_binary(Payload bytes) {
  return link_ != nullptr && link_->send({std::move(bytes), websocket::Opcode::kBinary});
}
void WebSocket::close(std::uint16_t code, std::string_view reason) {
  if (link_ != nullptr) link_->close(code, reason);
}
bool WebSocket::open() const { return link_ != nullptr && link_->open(); }
std::size_t WebSocket::queued() const { return link_ == nullptr ? 0 : link_->queued(); }
std::size_t WebSocket::queued_bytes() const { return link_ == nullptr ? 0 : link_->queued_bytes(); }

}  // namespace sentinel::net
