// HTTP/2 on one connection, as a server: nghttp2 reads and writes the frames, this gives streams their events, sends what they
// answer, and holds the client to its limits. What a stream means (an HTTP request, a gRPC call) is its class's matter.
//
// For the room's own files; the loop's thread. Nothing in here waits: output is made when the connection asks for it
// (produce()).
#pragma once

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/connection.h"

namespace sentinel::net::http2 {

class Stream;

// Fields of an answer on their way to nghttp2; views, so the texts live until Session::submit() returns. constant() is for
// texts that live for ever and are not copied.
class FieldList {
 public:
  void constant(std::string_view name, std::string_view value) {
    add(name, value, NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE);
  }
  void copied(std::string_view name, std::string_view value) { add(name, value, NGHTTP2_NV_FLAG_NONE); }
  [[nodiscard]] std::span<const nghttp2_nv> all() const {
    return more_.empty() ? std::span<const nghttp2_nv>(few_.data(), size_) : std::span<const nghttp2_nv>(more_);
  }

 private:
  void add(std::string_view name, std::string_view value, std::uint8_t flags);

  std::array<nghttp2_nv, 8> few_;
  std::size_t size_ = 0;
  std::vector<nghttp2_nv> more_;  // all of them, once they are more than a few
};

class Session final : public Protocol {
 public:
  explicit Session(Connection& connection);
  ~Session() override;

  void on_bytes(std::string_view bytes) override;
  [[nodiscard]] std::size_t read_size() const override { return Loop::Core::kReadBytes; }
  void on_end_of_input() override { connection_.close_now(); }
  void produce() override;
  void on_tick(Millis now) override;
  void drain() override;

  // -- for streams
  [[nodiscard]] Connection& connection() const { return connection_; }
  // Sends the head, then stream.out_body, then what stream.trailers() gives (each if there is any).
  void submit(Stream& stream, const FieldList& head);
  // Asks for more of the body of a stream that had none left.
  void resume(Stream& stream);
  // Sends the interim answer 100, which comes before the head.
  void submit_continue(std::int32_t id);

 private:
  struct Callbacks;
  friend struct Callbacks;
  struct Memory;
  friend struct Memory;

  // Where a header stands in the head text of its stream while the block is being read.
  struct FieldPlace {
    std::size_t name;
    std::size_t name_size;
    std::size_t value;
    std::size_t value_size;
  };

  [[nodiscard]] Stream* find(std::int32_t id) const;
  int begin_frame(const nghttp2_frame_hd& frame);
  int frame_received(const nghttp2_frame& frame);
  void begin_request(std::int32_t id);
  void add_field(Stream& stream, std::string_view name, std::string_view value);
  void head_complete(Stream& stream);
  void stream_closed(Stream& stream);
  // Ends the connection for what the client does; answers what a callback returns then.
  int calm(Flood flood);
  void give_up(std::uint32_t error_code);
  void pump();

  Connection& connection_;
  char* const frames_;   // memory for the frame being made, shared with the loop's other sessions
  bool opening_ = true;  // session_ is being made
  nghttp2_session* session_ = nullptr;

  Stream* streams_ = nullptr;  // a list
  Stream* latest_ = nullptr;   // the one begun last, mostly the one that is asked for
  std::size_t open_ = 0;
  std::vector<FieldPlace> fields_;  // of the block being read
  Millis block_since_ = 0;          // 0: no header block is being read
  std::size_t block_bytes_ = 0;

  Millis idle_since_;
  Millis heard_;       // last bytes from the client
  Millis pinged_ = 0;  // 0: no answer is being waited for
  std::size_t control_frames_ = 0;
  std::size_t resets_ = 0;
  Millis resets_since_ = 0;
  std::uint32_t fatal_ = 0;  // code of the GOAWAY when a callback has ended the session
  bool draining_ = false;
};

}  // namespace sentinel::net::http2
