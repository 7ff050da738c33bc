#include "net/websocket/frames.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "net/websocket.h"
#include "net/websocket/big_endian.h"

namespace sentinel::net::websocket {
namespace {

constexpr unsigned kFinal = 0x80;
constexpr unsigned kReserved = 0x70;
constexpr unsigned kOpcodeBits = 0x0f;
constexpr unsigned kMasked = 0x80;
constexpr unsigned kLengthBits = 0x7f;
constexpr unsigned kLength16 = 126;
constexpr unsigned kLength64 = 127;

bool is_known(unsigned opcode) {
  return opcode <= static_cast<unsigned>(Opcode::kBinary) ||
         (opcode >= static_cast<unsigned>(Opcode::kClose) && opcode <= static_cast<unsigned>(Opcode::kPong));
}

// `offset` bytes of the payload came before.
void unmask(char* bytes, std::size_t size, const unsigned char* mask, std::size_t offset) {
  unsigned char turned[8];
  for (std::size_t i = 0; i < sizeof turned; ++i) turned[i] = mask[(offset + i) % 4];
  std::uint64_t wide_mask;
  std::memcpy(&wide_mask, turned, sizeof wide_mask);
  std::size_t at = 0;
  for (; at + sizeof wide_mask <= size; at += sizeof wide_mask) {
    std::uint64_t word;
    std::memcpy(&word, bytes + at, sizeof word);
    word ^= wide_mask;
    std::memcpy(bytes + at, &word, sizeof word);
  }
  for (; at < size; ++at) bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ turned[at % 8]);
}

}  // namespace

bool may_be_sent(std::uint16_t code) {
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

void append_frame_head(Opcode opcode, std::size_t payload, std::string& out) {
  out += static_cast<char>(kFinal | static_cast<unsigned>(opcode));
  if (payload < kLength16) {
    out += static_cast<char>(payload);
  } else if (payload <= 0xffff) {
    out += static_cast<char>(kLength16);
    append_big_endian(payload, 2, out);
  } else {
    out += static_cast<char>(kLength64);
    append_big_endian(payload, 8, out);
  }
}

void append_close(std::uint16_t code, std::string_view reason, std::string& out) {
  if (code == close_code::kNone) return append_frame_head(Opcode::kClose, 0, out);
  append_frame_head(Opcode::kClose, 2 + reason.size(), out);
  append_big_endian(code, 2, out);
  out += reason;
}

FrameReader::Next FrameReader::step(std::string_view& input) {
  if (std::exchange(delivered_, false)) std::string().swap(message_);  // an idle connection keeps no memory
  while (!failed_) {
    if (head_size_ < head_wanted_) {
      if (take_head(input) == Next::kFault) break;
      if (head_size_ < head_wanted_) return Next::kMore;
    }
    if (take_payload(input) == Next::kFault) break;
    if (left_ > 0) return Next::kMore;
    const Next found = end_of_frame();
    if (found != Next::kMore) return found;
  }
  return Next::kFault;
}

FrameReader::Next FrameReader::fault(std::uint16_t code, std::string_view why) {
  failed_ = true;
  code_ = code;
  payload_ = why;
  return Next::kFault;
}

FrameReader::Next FrameReader::take_head(std::string_view& input) {
  while (head_size_ < head_wanted_ && !input.empty()) {
    head_[head_size_++] = static_cast<unsigned char>(input.front());
    input.remove_prefix(1);
    if (head_size_ == kShortHead && check_first_bytes() == Next::kFault) return Next::kFault;
    if (head_size_ == head_wanted_ && check_length() == Next::kFault) return Next::kFault;
  }
  return Next::kMore;
}

FrameReader::Next FrameReader::check_first_bytes() {
  const unsigned opcode = head_[0] & kOpcodeBits;
  const unsigned length = head_[1] & kLengthBits;
  if ((head_[0] & kReserved) != 0) return fault(close_code::kProtocol, "reserved bits are set");
  if (!is_known(opcode)) return fault(close_code::kProtocol, "unknown opcode");
  if ((head_[1] & kMasked) == 0) return fault(close_code::kProtocol, "frame without a mask");
  opcode_ = static_cast<Opcode>(opcode);
  last_fragment_ = (head_[0] & kFinal) != 0;
  if (is_control()) {
    if (!last_fragment_) return fault(close_code::kProtocol, "fragmented control frame");
    if (length > kMaxControlPayload) return fault(close_code::kProtocol, "control frame over 125 bytes");
    control_.clear();
  } else if ((opcode_ == Opcode::kContinuation) != in_message_) {
    return fault(close_code::kProtocol, in_message_ ? "new message inside another" : "continuation of nothing");
  }
  head_wanted_ = kShortHead + kMask + (length == kLength16 ? 2 : length == kLength64 ? 8 : 0);
  return Next::kMore;
}

FrameReader::Next FrameReader::check_length() {
  left_ = head_[1] & kLengthBits;
  if (const std::size_t wide = head_wanted_ - kShortHead - kMask; wide > 0) {
    left_ = 0;
    for (std::size_t i = 0; i < wide; ++i) left_ = left_ << 8 | head_[kShortHead + i];
  }
  masked_ = 0;
  if (left_ >> 63 != 0) return fault(close_code::kProtocol, "length over 63 bits");
  if (is_control()) return Next::kMore;
  if (left_ > max_message_ - message_.size()) return fault(close_code::kTooLarge, "message too large");
  if (!in_message_) {
    in_message_ = true;
    message_kind_ = opcode_;
    utf8_ = {};
  }
  return Next::kMore;
}

FrameReader::Next FrameReader::take_payload(std::string_view& input) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  if (size == 0) return Next::kMore;
  std::string& to = is_control() ? control_ : message_;
  const std::size_t at = to.size();
  to += input.substr(0, size);
  unmask(to.data() + at, size, head_.data() + head_wanted_ - kMask, masked_);
  masked_ += size;
  left_ -= size;
  input.remove_prefix(size);
  if (!is_control() && message_kind_ == Opcode::kText && !utf8_.take(std::string_view(to).substr(at)))
    return fault(close_code::kNotUtf8, "text is not UTF-8");
  return Next::kMore;
}

FrameReader::Next FrameReader::end_of_frame() {
  head_size_ = 0;
  head_wanted_ = kShortHead;
  payload_ = control_;
  switch (opcode_) {
    case Opcode::kPing:
      return Next::kPing;
    case Opcode::kPong:
      return Next::kPong;
    case Opcode::kClose:
      return take_close();
    default:
      return last_fragment_ ? end_of_message() : Next::kMore;
  }
}

FrameReader::Next FrameReader::end_of_message() {
  in_message_ = false;
  if (message_kind_ == Opcode::kText && !utf8_.complete()) return fault(close_code::kNotUtf8, "text is not UTF-8");
  delivered_ = true;
  payload_ = message_;
  return message_kind_ == Opcode::kText ? Next::kText : Next::kBinary;
}

FrameReader::Next FrameReader::take_close() {
  code_ = close_code::kNone;
  if (control_.empty()) return Next::kClose;
  if (control_.size() == 1) return fault(close_code::kProtocol, "close code cut short");
  code_ = static_cast<std::uint16_t>(static_cast<unsigned char>(control_[0]) << 8 | static_cast<unsigned char>(control_[1]));
  payload_ = std::string_view(control_).substr(2);
  if (!may_be_sent(code_)) return fault(close_code::kProtocol, "no close code to be sent");
  if (!base::is_valid_utf8(payload_)) return fault(close_code::kNotUtf8, "close reason is not UTF-8");
  return Next::kClose;
}

}  // namespace sentinel::net::websocket
