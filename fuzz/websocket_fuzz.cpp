// A WebSocket on any bytes behind its handshake: the first says how they are cut, and whether the handshake is cut with them.
// However they are, the listener is told the same, in the right order and to an end, and the same frames come out.
#include "net/websocket.h"
#include "net_harness.h"

namespace {

using namespace sentinel::net;

constexpr std::string_view kUpgrade =
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
constexpr std::size_t kMostEvents = 1 << 20;

// Sends back what it gets, but closes at a text that begins with 'c'.
class FuzzListener final : public WebSocketListener {
 public:
  explicit FuzzListener(std::string& told) : told_(told) {}
  ~FuzzListener() override { check(closed_); }

  void on_open(WebSocket socket) override {
    check(!socket_.open() && socket.open());
    socket_ = std::move(socket);
  }
  void on_text(std::string_view message) override {
    tell("text", message);
    if (message.starts_with('c')) {
      socket_.close(3000, message.substr(1));
    } else {
      check(socket_.send_text(std::string(message)));
    }
  }
  void on_binary(std::string_view message) override {
    tell("binary", message);
    check(socket_.send_binary(std::string(message)));
  }
  void on_close(std::uint16_t code, std::string_view reason) override {
    tell(std::to_string(code), reason);
    check(!socket_.open());
    closed_ = true;
  }

 private:
  void tell(std::string_view what, std::string_view bytes) {
    check(!closed_);
    if (told_.size() < kMostEvents) told_.append(what).append(" ").append(bytes).append("\n");
  }

  std::string& told_;
  WebSocket socket_;
  bool closed_ = false;
};

class FuzzUpgrades final : public HttpHandler {
 public:
  std::variant<BodyPlan, Response> on_head(const RequestHead& /*head*/) override { return BodyPlan{}; }
  void on_request(Exchange exchange) override { exchange.upgrade({std::make_unique<FuzzListener>(told), {}}); }
  std::string told;
};

std::string outcome(std::string_view bytes, std::uint8_t sizes, bool with_handshake) {
  FuzzUpgrades handler;
  std::string received;
  {
    DrivenConnection connection(&handler, nullptr);
    std::string input(kUpgrade);
    if (!with_handshake) {
      connection.send(input);
      input.clear();
    }
    input += bytes;
    send_in_pieces(connection, input, sizes);
    connection.end_of_input();
    received = std::move(connection.received);
  }
  check(received.starts_with("HTTP/1.1 101 "));
  return received.substr(received.find("\r\n\r\n")) + '\n' + handler.told;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = outcome(bytes, 0, false);
  check(outcome(bytes, data[0] & 0x7f, (data[0] & 0x80) != 0) == whole);
  return 0;
}
