// The local door: a Unix stream socket that takes one JSON document a line, in any batch format (chapter 05 §3.5).
//
// One thread serves all connections; nothing is written back. A connection whose lines the engine has not taken yet is not read
// from. open() never ends the daemon: where the socket cannot be had it says so in the log, and the door stays shut.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "daemon/engine_thread.h"
#include "daemon/memory_guard.h"
#include "telemetry/supervised.h"

namespace sentinel::daemon {

class JsonSocket {
 public:
  static constexpr std::size_t kMostConnections = 128;
  static constexpr std::uint64_t kPayloadsPerConnection = 16;  // bytes a connection may send, in max_payload_size
  static constexpr std::size_t kLinesInFlight = 32;            // of one connection

  // `guard` may be null. Engine, guard and receiver outlive this.
  JsonSocket(const config::DaemonConfig& config, EngineThread& engine, const MemoryGuard* guard, telemetry::Component& receiver,
             telemetry::Supervision told);
  ~JsonSocket();  // close()
  JsonSocket(const JsonSocket&) = delete;
  JsonSocket& operator=(const JsonSocket&) = delete;

  // Takes the path over and begins to serve. False when the door stays shut.
  bool open();

  // Stops reading, closes all connections and removes the socket's file. Once.
  void close();

 private:
  class Connection;
  class LineDelivery;
  struct Wake;

  bool bind();
  bool stay_off(const std::string& why);  // false
  void run();
  void accept_one();

  const std::string path_;
  const std::size_t max_line_;
  EngineThread& engine_;
  const MemoryGuard* const guard_;
  telemetry::Component& receiver_;
  std::shared_ptr<Wake> wake_;
  int listener_ = -1;
  std::uint64_t bound_inode_ = 0;
  std::vector<std::shared_ptr<Connection>> connections_;
  telemetry::Supervised loop_;
};

}  // namespace sentinel::daemon
