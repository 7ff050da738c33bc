// HTTP/2 is not spoken yet: a connection that wants it is closed.
#pragma once
#include "net/connection.h"
namespace sentinel::net::http2 {
class Session final : public Protocol {
 public:
  explicit Session(Connection& c) : c_(c) {}
  void on_bytes(std::string_view) override { c_.close_now(); }
  size_t read_size() const override { return 1000; }
  void on_end_of_input() override { c_.close_now(); }
  void produce() override {}
  void on_tick(Millis) override {}
  void drain() override { c_.close_now(); }

 private:
  Connection& c_;
};
}  // namespace sentinel::net::http2
