// An HTTP/2 connection whose frames are any bytes, after the preface.
#include "net_harness.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sentinel::net;
  if (size == 0) return 0;
  FuzzHttp handler;
  DrivenConnection connection(&handler, nullptr);
  connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  send_in_pieces(connection, {reinterpret_cast<const char*>(data) + 1, size - 1}, data[0]);
  for (Exchange& exchange : handler.waiting) exchange.answer({200, {}, "later"});
  connection.settle();
  connection.end_of_input();
  check(!connection.open());
  return 0;
}
