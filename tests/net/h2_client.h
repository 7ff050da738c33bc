// A blocking HTTP/2 client for tests, on nghttp2's client side: requests with bodies given in full, answers with headers,
// trailers and body. raw() sends frames that nghttp2 would not make.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "net/client.h"
#include "net/http.h"

namespace sentinel::net::testing {

class H2Client {
 public:
  struct Answer {
    std::map<std::string, std::string> fields;  // head and trailers; "" where absent
    std::string body;
    int heads = 0;  // blocks of fields: 2 with trailers
    bool closed = false;
    std::uint32_t error = 0;  // of RST_STREAM

    std::string operator[](const std::string& name) const {
      const auto found = fields.find(name);
      return found == fields.end() ? std::string() : found->second;
    }
  };

  explicit H2Client(std::uint16_t port);
  ~H2Client();
  H2Client(const H2Client&) = delete;
  H2Client& operator=(const H2Client&) = delete;

  // Begins a request; `end` false leaves the stream open after the body.
  std::int32_t request(const std::vector<Header>& fields, std::string body, bool end = true);
  void cancel(std::int32_t id);
  // Runs until the answer is complete (or the connection or the time ends).
  Answer answer(std::int32_t id, int limit_ms = 5000);
  // Runs until GOAWAY; its code, or -1.
  std::int64_t goaway(int limit_ms = 5000);
  // Sends what is queued.
  void flush();
  void raw(std::string_view bytes) { client_.send(bytes); }
  [[nodiscard]] Client& socket() { return client_; }

 private:
  struct Callbacks;
  friend struct Callbacks;
  struct Upload {
    std::string body;
    std::size_t sent = 0;
    bool end = true;
  };

  bool step(int limit_ms);

  Client client_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, Answer> answers_;
  std::map<std::int32_t, Upload> uploads_;
  std::int64_t goaway_ = -1;
};

// The frame of that type with flags, stream and payload.
std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload);

}  // namespace sentinel::net::testing
