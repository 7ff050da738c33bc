// A bound socket that turns connections into file descriptors. Refusals by the system while accepting (no descriptor left) are
// survived: the listener pauses for kPauseMs. For the room's own files.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "net/loop_core.h"

namespace sentinel::net {

class Listener final : public Watcher, public Guest {
 public:
  static constexpr Millis kPauseMs = 100;

  Listener() = default;
  ~Listener() override;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // `address`: an IP literal, IPv6 in brackets. Error: `what` alone, the caller adds whose listener it is.
  base::Status bind(const std::string& address, std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const { return port_; }

  // -- on the thread of `loop`
  // `take` gets a non-blocking socket; it answers false to pause until resume(). `refused` is told of each accept that failed.
  base::Status start(Loop& loop, std::function<bool(int)> take, std::function<void()> refused);
  void resume();
  void stop();
  // Clients are refused then, instead of waiting in vain.
  void leave() override { stop(); }

  void on_events(std::uint32_t events) override;

 private:
  void pause();

  int fd_ = -1;
  std::uint16_t port_ = 0;
  Loop* loop_ = nullptr;
  std::function<bool(int)> take_;
  std::function<void()> refused_;
  TimerId resumes_ = 0;
};

}  // namespace sentinel::net
