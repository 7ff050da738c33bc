// One connection that sends export requests, one at a time: HTTP/1.1, or gRPC over HTTP/2 spoken by hand, so that the load
// generator costs next to nothing beside what it measures.
//
// Not for several threads. begin() while idle(); then send_more() when the socket can be written, receive() when it can be
// read.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sentinel::load {

struct Target {
  bool grpc = false;
  bool gzip = false;
  std::string host;
  std::uint16_t port = 0;
};

enum class Outcome : unsigned char { kPending, kOk, kRefused, kBroken };

class Sender {
 public:
  explicit Sender(const Target& target);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  [[nodiscard]] bool connected() const { return fd_ >= 0; }
  [[nodiscard]] int fd() const { return fd_; }
  // Nothing in flight, and the receiver has room for `size` bytes.
  [[nodiscard]] bool ready(std::size_t size) const;
  [[nodiscard]] bool wants_to_send() const { return !out_.empty(); }

  // Sends the request; `body` lives until the outcome is there.
  void begin(std::string_view body);
  // False: the connection has ended.
  bool send_more();
  // What has become of the request; kPending when nothing has yet, or none is in flight.
  Outcome receive();

  std::uint64_t begun_ns = 0;  // the owner's
  std::string body;            // the owner's

 private:
  void begin_http(std::string_view body);
  void begin_grpc(std::string_view body);
  void queue(std::string_view bytes) { out_.push_back({const_cast<char*>(bytes.data()), bytes.size()}); }
  Outcome read_http();
  Outcome read_grpc();
  Outcome take_frame(unsigned char kind, unsigned char flags, std::uint32_t stream, std::string_view payload);

  const Target& target_;
  int fd_ = -1;
  bool in_flight_ = false;
  std::vector<iovec> out_;  // what is still to be sent
  std::string frames_;      // heads of frames that out_ points into
  std::string in_;

  // gRPC.
  std::uint32_t stream_ = 1;
  bool greeted_ = false;
  std::int64_t window_ = 65'535;  // of the connection
};

}  // namespace sentinel::load
