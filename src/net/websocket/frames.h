// WebSocket frames (RFC 6455 §5): those of a client read from bytes however they are cut, and those of a server written.
//
// The reader puts fragments together and checks everything that can be checked in bytes alone: masks, reserved bits and
// opcodes, lengths, control frames, the order of fragments, UTF-8 of texts (at the first byte that is wrong) and of close
// reasons, close codes. Pure, one thread; holds no more memory than one message may have.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/websocket/utf8.h"

namespace sentinel::net::websocket {

enum class Opcode : unsigned char { kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

inline constexpr std::size_t kMaxControlPayload = 125;
inline constexpr std::size_t kMaxReason = kMaxControlPayload - 2;

// Whether a close frame may carry this code.
[[nodiscard]] bool may_be_sent(std::uint16_t close_code);

// The head of a frame that is a whole message or a control frame, unmasked as a server's are.
void append_frame_head(Opcode opcode, std::size_t payload, std::string& out);
// A whole close frame; without code and reason for kNone. Precondition: the code may be sent, the reason fits.
void append_close(std::uint16_t code, std::string_view reason, std::string& out);

class FrameReader {
 public:
  enum class Next : unsigned char {
    kMore,    // the input is used up
    kText,    // a message, in payload()
    kBinary,  // likewise
    kPing,    // payload() is to come back in a pong
    kPong,
    kClose,  // code(), kNone if there was none; the reason in payload()
    kFault,  // the code() to close with and why, in payload(); so for ever after
  };

  explicit FrameReader(std::size_t max_message) : max_message_(max_message) {}

  // Takes bytes off `input` up to the end of the next message or control frame.
  Next step(std::string_view& input);
  // Of what the last step found; lives until the next.
  [[nodiscard]] std::string_view payload() const { return payload_; }
  [[nodiscard]] std::uint16_t code() const { return code_; }

 private:
  static constexpr std::size_t kShortHead = 2;
  static constexpr std::size_t kMask = 4;

  [[nodiscard]] bool is_control() const { return opcode_ >= Opcode::kClose; }
  Next fault(std::uint16_t code, std::string_view why);
  // kMore: more bytes are needed, or all is well; `head_size_` tells which.
  Next take_head(std::string_view& input);
  Next check_first_bytes();
  Next check_length();
  Next take_payload(std::string_view& input);
  Next end_of_frame();
  Next end_of_message();
  Next take_close();

  const std::size_t max_message_;
  std::string message_;  // the payloads of its fragments so far
  std::string control_;  // the payload of a control frame
  std::string_view payload_;
  std::uint64_t left_ = 0;  // of the frame's payload
  std::array<unsigned char, kShortHead + 8 + kMask> head_{};
  std::size_t head_size_ = 0;
  std::size_t head_wanted_ = kShortHead;
  std::size_t masked_ = 0;  // bytes of the payload unmasked so far
  std::uint16_t code_ = 0;
  Opcode opcode_ = Opcode::kContinuation;
  Opcode message_kind_ = Opcode::kText;
  Utf8Check utf8_;
  bool in_message_ = false;
  bool last_fragment_ = false;
  bool delivered_ = false;
  bool failed_ = false;
};

}  // namespace sentinel::net::websocket
