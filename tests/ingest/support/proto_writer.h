// Writes protobuf messages byte by byte, correct or not: what the decoder of OTLP protobuf is tested with. Shares no code with
// it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sentinel::ingest::test {

class ProtoWriter {
 public:
  ProtoWriter& number(unsigned field, std::uint64_t value) { return tag(field, 0).raw_varint(value); }
  ProtoWriter& fixed64(unsigned field, std::uint64_t value) { return tag(field, 1).little_endian(value, 8); }
  ProtoWriter& fixed32(unsigned field, std::uint32_t value) { return tag(field, 5).little_endian(value, 4); }
  ProtoWriter& bytes(unsigned field, std::string_view value) { return tag(field, 2).raw_varint(value.size()).raw(value); }
  ProtoWriter& message(unsigned field, const ProtoWriter& value) { return bytes(field, value.bytes_); }
  ProtoWriter& group(unsigned field, const ProtoWriter& content) { return tag(field, 3).raw(content.bytes_).tag(field, 4); }

  ProtoWriter& tag(unsigned field, unsigned wire_type) { return raw_varint(std::uint64_t{field} << 3 | wire_type); }
  ProtoWriter& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  // `width` bytes at least: more than needed is a varint that is not minimal.
  ProtoWriter& raw_varint(std::uint64_t value, unsigned width = 1) {
    for (unsigned i = 1; value >= 0x80 || i < width; ++i, value >>= 7) bytes_ += static_cast<char>((value & 0x7F) | 0x80);
    bytes_ += static_cast<char>(value);
    return *this;
  }

  [[nodiscard]] const std::string& str() const { return bytes_; }

 private:
  ProtoWriter& little_endian(std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i) bytes_ += static_cast<char>(value >> (8 * i) & 0xFF);
    return *this;
  }

  std::string bytes_;
};

}  // namespace sentinel::ingest::test
