// The protobuf wire format: a cursor over the fields of one message (chapter 12, "Decoding rules").
//
// A WireReader gives tag after tag; the caller then reads or skips the field. Views point into the message and nothing is
// copied or allocated. The first thing that is wrong goes into the Wire that all readers of one request share, with the byte
// where it happened; after it every call answers false. One thread.
#pragma once

#include <emmintrin.h>

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/text.h"

namespace sentinel::ingest::otlp {

enum WireType : std::uint32_t { kVarint, kFixed64, kDelimited, kStartGroup, kEndGroup, kFixed32 };

// What precedes a field on the wire.
constexpr std::uint32_t tag_of(std::uint32_t field, WireType type) { return field << 3 | type; }
constexpr std::uint32_t field_of(std::uint32_t tag) { return tag >> 3; }
constexpr WireType wire_type_of(std::uint32_t tag) { return static_cast<WireType>(tag & 7); }

// Messages and unknown groups below the request.
inline constexpr unsigned kMaxMessageDepth = 100;

// One request being read: its bytes, and what is wrong with them.
struct Wire {
  explicit Wire(std::string_view request) : bytes(request) {}

  std::string_view bytes;
  const char* what = nullptr;  // null while all is well
  const char* at = nullptr;
  const char* message = nullptr;  // innermost known message and its field where it happened
  const char* field = nullptr;

  [[nodiscard]] bool failed() const { return what != nullptr; }
  [[gnu::cold, gnu::noinline]] bool fail(const char* where, const char* why) {
    if (what == nullptr) {
      what = why;
      at = where;
    }
    return false;
  }
};

class WireReader {
 public:
  WireReader(Wire& wire, std::string_view message) : at_(message.data()), end_(at_ + message.size()), wire_(wire) {}

  // The next tag; false at the end of the message or after a fault.
  bool next(std::uint32_t* tag) {
    if (at_ == end_) return false;
    const char* const start = at_;
    const auto first = static_cast<unsigned char>(*at_);
    if (first < 0x80) [[likely]] {
      ++at_;
      *tag = first;
    } else {
      std::uint64_t value = 0;
      *tag = 0;
      at_ = long_varint(wire_, at_, end_, &value);
      if (at_ == nullptr) return ended();
      if (value > 0xFFFFFFFF) return stop(start, "a field number is above 536870911");
      *tag = static_cast<std::uint32_t>(value);
    }
    if (field_of(*tag) == 0) [[unlikely]]
      return stop(start, "field number 0 does not exist");
    return true;
  }

  bool varint(std::uint64_t* value) {
    if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) [[likely]] {
      *value = static_cast<unsigned char>(*at_++);
      return true;
    }
    at_ = long_varint(wire_, at_, end_, value);
    return at_ != nullptr || ended();
  }

  bool fixed64(std::uint64_t* value) {
    if (end_ - at_ < 8) [[unlikely]]
      return stop(at_, "a number is cut off");
    std::memcpy(value, at_, 8);  // little-endian, as the wire is
    at_ += 8;
    return true;
  }

  bool fixed32() {
    if (end_ - at_ < 4) [[unlikely]]
      return stop(at_, "a number is cut off");
    at_ += 4;
    return true;
  }

  // A length and as many bytes.
  bool bytes(std::string_view* value) {
    const char* const start = at_;
    std::uint64_t size = 0;
    if (!varint(&size)) return false;
    if (size > static_cast<std::uint64_t>(end_ - at_)) [[unlikely]]
      return stop(start, "a field is longer than what holds it");
    *value = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
  }

  // The same, holding UTF-8.
  bool text(std::string_view* value) {
    if (!bytes(value)) return false;
    return is_utf8(*value) || stop(value->data(), "a string is not UTF-8");
  }

  // Passes over a field that no message knows; `depth` is that of the message.
  bool skip(std::uint32_t tag, unsigned depth) {
    const char* const end = skip_field(wire_, at_, end_, tag, depth);
    if (end == nullptr) return ended();
    at_ = end;
    return true;
  }

  bool fail(const char* why) { return stop(at_, why); }
  [[nodiscard]] bool failed() const { return wire_.failed(); }
  [[nodiscard]] Wire& wire() { return wire_; }

  // True when `text` is valid UTF-8. Reads whole blocks, within the request.
  [[nodiscard]] bool is_utf8(std::string_view text) const {
    constexpr std::size_t kBlock = 32;
    const char* const request_end = wire_.bytes.data() + wire_.bytes.size();
    if (static_cast<std::size_t>(request_end - text.data()) < text.size() + kBlock) [[unlikely]]
      return base::is_valid_utf8(text);
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left > kBlock; at += kBlock, left -= kBlock) {
      if (high_bits(at) != 0) return base::is_valid_utf8(text);
    }
    const std::uint64_t inside = (std::uint64_t{1} << left) - 1;
    return (high_bits(at) & inside) == 0 || base::is_valid_utf8(text);
  }

 private:
  // Which of 32 bytes are not ASCII.
  static std::uint32_t high_bits(const char* at) {
    const auto block = [](const char* from) {
      return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
    };
    return block(at) | block(at + 16) << 16;
  }

  bool stop(const char* where, const char* why) {
    at_ = end_;
    return wire_.fail(where, why);
  }
  bool ended() {
    at_ = end_;
    return false;
  }

  // Null after a fault.
  static const char* long_varint(Wire& wire, const char* at, const char* end, std::uint64_t* value);
  static const char* skip_field(Wire& wire, const char* at, const char* end, std::uint32_t tag, unsigned depth);

  const char* at_;
  const char* end_;
  Wire& wire_;
};

}  // namespace sentinel::ingest::otlp
