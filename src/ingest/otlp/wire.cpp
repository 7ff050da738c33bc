#include "ingest/otlp/wire.h"

#include <array>

namespace sentinel::ingest::otlp {

const char* WireReader::long_varint(Wire& wire, const char* at, const char* end, std::uint64_t* value) {
  constexpr unsigned kLastByte = 9;  // the tenth holds one bit
  const char* const start = at;
  std::uint64_t sum = 0;
  for (unsigned i = 0; i <= kLastByte; ++i) {
    if (at == end) {
      wire.fail(start, "a number is cut off");
      return nullptr;
    }
    const auto byte = static_cast<unsigned char>(*at++);
    sum |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if (byte < 0x80) {
      if (i == kLastByte && byte > 1) break;
      *value = sum;
      return at;
    }
  }
  wire.fail(start, "a number does not fit into 64 bits");
  return nullptr;
}

const char* WireReader::skip_field(Wire& wire, const char* at, const char* end, std::uint32_t tag, unsigned depth) {
  std::array<std::uint32_t, kMaxMessageDepth> open{};  // field numbers of the groups around the cursor
  std::size_t groups = 0;
  WireReader reader(wire, {at, static_cast<std::size_t>(end - at)});
  do {
    std::uint64_t number = 0;
    std::string_view ignored;
    bool ok = true;
    switch (wire_type_of(tag)) {
      case kVarint:
        ok = reader.varint(&number);
        break;
      case kFixed64:
        ok = reader.fixed64(&number);
        break;
      case kDelimited:
        ok = reader.bytes(&ignored);
        break;
      case kFixed32:
        ok = reader.fixed32();
        break;
      case kStartGroup:
        if (depth + groups >= kMaxMessageDepth) {
          ok = reader.fail("nested deeper than 100 messages");
        } else {
          open[groups++] = field_of(tag);
        }
        break;
      case kEndGroup:
        ok = groups > 0 && open[groups - 1] == field_of(tag);
        if (!ok) reader.fail("a group ends that did not begin");
        --groups;
        break;
      default:
        ok = reader.fail("wire types 6 and 7 do not exist");
        break;
    }
    if (!ok) return nullptr;
    if (groups == 0) return reader.at_;
  } while (reader.next(&tag));
  if (!reader.failed()) reader.fail("a group does not end");
  return nullptr;
}

}  // namespace sentinel::ingest::otlp
