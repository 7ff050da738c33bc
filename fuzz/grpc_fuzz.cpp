// A gRPC call whose DATA is any bytes, cut into frames by the first byte; the second picks the encoding. However it is cut, the
// same status comes out.
#include "net_harness.h"

namespace {

using namespace sentinel::net;

std::string frame(char type, char flags, std::string_view payload) {
  std::string out{static_cast<char>(payload.size() >> 16),
                  static_cast<char>(payload.size() >> 8),
                  static_cast<char>(payload.size()),
                  type,
                  flags,
                  0,
                  0,
                  0,
                  type == 4 ? '\0' : '\1'};
  return out.append(payload);
}

std::string literal(std::string_view name, std::string_view value) {
  return std::string{'\0', static_cast<char>(name.size())} + std::string(name) + static_cast<char>(value.size()) +
         std::string(value);
}

// The DATA the server sent, and the grpc-status among its HEADERS.
std::string understood(std::string_view sent) {
  nghttp2_hd_inflater* inflater = nullptr;
  check(nghttp2_hd_inflate_new(&inflater) == 0);
  std::string out;
  while (sent.size() >= 9) {
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(sent[i])); };
    const std::size_t size = byte(0) << 16 | byte(1) << 8 | byte(2);
    const std::size_t type = byte(3);
    check(sent.size() >= 9 + size);
    std::string_view payload = sent.substr(9, size);
    sent.remove_prefix(9 + size);
    if (type == NGHTTP2_DATA) out += payload;
    check(type != NGHTTP2_GOAWAY);
    while (type == NGHTTP2_HEADERS) {
      nghttp2_nv field;
      int flags = 0;
      const ssize_t used = nghttp2_hd_inflate_hd2(inflater, &field, &flags,
                                                  reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size(), 1);
      check(used >= 0);
      payload.remove_prefix(static_cast<std::size_t>(used));
      const std::string_view name(reinterpret_cast<const char*>(field.name), field.namelen);
      if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0 && name == "grpc-status")
        out.append(" status ").append(reinterpret_cast<const char*>(field.value), field.valuelen);
      if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) nghttp2_hd_inflate_end_headers(inflater);
      if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
    }
  }
  nghttp2_hd_inflate_del(inflater);
  return out;
}

std::string outcome(std::string_view body, std::string_view encoding, std::uint8_t sizes) {
  FuzzGrpc handler;
  DrivenConnection connection(nullptr, &handler);
  std::string head = "\x83\x86\x84\x41\x01x";  // POST http / x
  head += literal("content-type", "application/grpc") + literal("te", "trailers");
  if (!encoding.empty()) head += literal("grpc-encoding", encoding);
  connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, "") + frame(1, 4, head));
  const std::size_t piece = sizes == 0 ? 16'384 : sizes;
  for (std::size_t at = 0; at < body.size(); at += piece) connection.send(frame(0, 0, body.substr(at, piece)));
  connection.send(frame(0, 1, ""));
  check(connection.open());
  const std::string out = understood(connection.received);
  check(out.find(" status ") != std::string::npos);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static constexpr std::string_view kEncodings[] = {"", "identity", "gzip", "deflate", "zstd", "br"};
  const std::string_view encoding = kEncodings[data[1] % std::size(kEncodings)];
  const std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
  check(outcome(body, encoding, 0) == outcome(body, encoding, data[0]));
  return 0;
}
