#include "net/first_bytes.h"

#include <string>
#include <utility>

#include "net/http1/protocol.h"
#include "net/http2/session.h"

namespace sentinel::net {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kFirstRead = 16 * 1024;

class FirstBytes final : public Protocol {
 public:
  explicit FirstBytes(Connection& connection)
      : connection_(connection), grpc_(connection.server()->grpc != nullptr), since_(connection.core().now()) {}

  void on_bytes(std::string_view bytes) override {
    if (!seen_.empty()) {
      seen_.append(bytes);
      bytes = seen_;
    }
    const bool preface = kPreface.starts_with(bytes.substr(0, kPreface.size()));
    if (preface && bytes.size() < kPreface.size()) {
      if (seen_.empty()) seen_ = bytes;
      return;
    }
    // The next protocol takes this one's place; what is still needed goes along.
    Connection& connection = connection_;
    const std::string seen = std::move(seen_);
    if (!seen.empty()) bytes = seen;
    std::unique_ptr<Protocol> next;
    if (preface || grpc_) {
      next = std::make_unique<http2::Session>(connection);
    } else {
      next = std::make_unique<http1::Http1>(connection);
    }
    Protocol& protocol = *next;
    connection.become(std::move(next));
    protocol.on_bytes(bytes);
  }

  [[nodiscard]] std::size_t read_size() const override { return kFirstRead; }
  void on_end_of_input() override { connection_.close_now(); }
  void produce() override {}
  void drain() override { connection_.close_now(); }
  void on_tick(Millis now) override {
    if (now - since_ < connection_.limits().first_byte_timeout.count()) return;
    count(connection_.counters().closed_before_first_byte);
    connection_.close_now();
  }

 private:
  Connection& connection_;
  const bool grpc_;
  const Millis since_;
  std::string seen_;  // of a preface that came in pieces
};

}  // namespace

std::unique_ptr<Protocol> first_protocol(Connection& connection) { return std::make_unique<FirstBytes>(connection); }

}  // namespace sentinel::net
