// An HTTP/1 connection on any bytes: the first says how they are cut. However they are, the same answers come out.
#include "net_harness.h"

namespace {

using namespace sentinel::net;

std::string answers(std::string_view bytes, std::uint8_t sizes) {
  FuzzHttp handler;
  DrivenConnection connection(&handler, nullptr);
  send_in_pieces(connection, bytes, sizes);
  while (!handler.waiting.empty()) {
    std::vector<Exchange> waiting;
    waiting.swap(handler.waiting);
    for (Exchange& exchange : waiting) exchange.answer({200, {}, "later"});
    connection.settle();
  }
  connection.end_of_input();
  while (!handler.waiting.empty()) {
    std::vector<Exchange> waiting;
    waiting.swap(handler.waiting);
    for (Exchange& exchange : waiting) exchange.answer({200, {}, "later"});
    connection.settle();
  }
  // The time of day is not the input's.
  std::string out = std::move(connection.received);
  for (std::size_t at = 0; (at = out.find("\r\ndate: ", at)) != std::string::npos;) out.erase(at, 37);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (bytes.starts_with("PRI")) return 0;  // HTTP/2 has its own target
  const std::string whole = answers(bytes, 0);
  check(data[0] == 0 || answers(bytes, data[0]) == whole);
  return 0;
}
