// One accepted connection: socket, TLS, what waits to be sent, deadlines. What the bytes mean is its Protocol's matter.
//
// Lives on one loop and is only touched on that loop's thread. Everything that comes from outside (events, ticks, late answers)
// enters through a Round, at whose end output is sent, the protocol is asked for more, and a connection that is done is
// removed. For the room's own files.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/loop_core.h"
#include "net/server_shared.h"
#include "net/tls/session.h"

namespace sentinel::net {

class Connection;

class Protocol {
 public:
  virtual ~Protocol() = default;
  // Bytes that arrived; they live until the call returns.
  virtual void on_bytes(std::string_view bytes) = 0;
  // Where the next bytes should go instead, and how many came there. Empty: to on_bytes().
  virtual std::span<char> direct() { return {}; }
  virtual void on_direct(std::size_t /*size*/) {}
  // How many bytes a read should ask for.
  [[nodiscard]] virtual std::size_t read_size() const = 0;
  // The client will send nothing more.
  virtual void on_end_of_input() = 0;
  // What was sent has gone out: more output may be made, and input that was left may be taken.
  virtual void produce() = 0;
  virtual void on_tick(Millis now) = 0;
  // The server stops: finish what is in flight and close.
  virtual void drain() = 0;
};

class Connection final : public Watcher {
 public:
  // Where connections of one server on one loop are kept.
  class Home {
   public:
    virtual void remove(Connection& connection) = 0;

   protected:
    ~Home() = default;
  };

  // With TLS, `token` stands for its handshake.
  Connection(std::shared_ptr<ServerShared> server, Loop& loop, Home& home, int fd, std::unique_ptr<TlsSession> tls,
             std::optional<HandshakeToken> token);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Begins to watch; false: the system refused.
  bool start();
  void on_events(std::uint32_t events) override;
  void on_tick(Millis now);
  void drain();
  void close_now();

  // -- for protocols, within a Round
  class Round {
   public:
    explicit Round(Connection& connection) : connection_(connection) { ++connection_.depth_; }
    // Something was thrown: nobody knows where the protocol stands.
    ~Round() {
      if (std::uncaught_exceptions() > thrown_) connection_.close_now();
      if (--connection_.depth_ == 0) connection_.finish_round();
    }
    Round(const Round&) = delete;
    Round& operator=(const Round&) = delete;

   private:
    Connection& connection_;
    const int thrown_ = std::uncaught_exceptions();
  };

  [[nodiscard]] std::string& out() { return loop_.core().out; }
  [[nodiscard]] bool in_round() const { return depth_ > 0; }
  // So much waits to be sent that no more should be made.
  [[nodiscard]] bool backlogged() const;
  void set_reading(bool reading) { reading_ = reading; }
  // Once all output is sent. With `linger` the client may still be sending: its bytes are read over for a moment, since closing
  // on unread bytes would destroy the answer on its way.
  void close_when_sent(bool linger);
  void become(std::unique_ptr<Protocol> protocol) { protocol_ = std::move(protocol); }
  [[nodiscard]] bool closing() const { return stage_ >= Stage::kLastOutput; }

  [[nodiscard]] const std::shared_ptr<ServerShared>& server() const { return server_; }
  [[nodiscard]] const Limits& limits() const { return server_->options.limits; }
  [[nodiscard]] Counters& counters() const { return server_->counters; }
  [[nodiscard]] Loop& loop() const { return loop_; }
  [[nodiscard]] Loop::Core& core() const { return loop_.core(); }
  [[nodiscard]] bool tls() const { return tls_ != nullptr; }

  std::size_t home_index = 0;  // the home's

 private:
  enum class Stage : unsigned char { kHandshake, kOpen, kLastOutput, kLingering, kClosed };

  void handshake();
  void send_alert();
  void read_some();
  // Bytes read; 0: none now; -1: the end.
  long read_into(char* to, std::size_t room);
  void took(std::size_t size);
  void read_over();
  void finish_round();
  // False: the socket takes no more now, or is gone.
  bool send_output();
  std::size_t send_bytes(std::string_view bytes, bool& gone);
  void all_sent();
  void update_interest();

  // Fixed at construction.
  const std::shared_ptr<ServerShared> server_;
  Loop& loop_;
  Home& home_;
  const int fd_;
  const std::unique_ptr<TlsSession> tls_;

  std::optional<HandshakeToken> handshake_;  // until its end
  std::unique_ptr<Protocol> protocol_;
  std::string backlog_;  // output the socket did not take
  std::size_t backlog_sent_ = 0;
  Millis progress_ = 0;  // of writing; of the handshake; of lingering
  std::size_t read_over_ = 0;
  std::uint32_t interest_ = 0;
  int depth_ = 0;
  Stage stage_ = Stage::kOpen;
  bool reading_ = true;
  bool linger_ = false;
  bool tls_wants_write_ = false;
  bool read_ended_ = false;
};

}  // namespace sentinel::net
