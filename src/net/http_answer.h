// Reads one HTTP/1.1 answer from a connection, with every bound that a hostile server could be after.
//
// The head may take kMaxHeadBytes, the body `max_body` bytes as sent and again after decompression. gzip is undone when the
// server says that it used it; any other coding is refused by name. Interim answers (1xx) are passed over. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/client_wire.h"

namespace sentinel::net {

inline constexpr std::uint32_t kMaxHeadBytes = 64 << 10;
inline constexpr int kMaxInterimAnswers = 8;

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in the order of the answer
  std::string body;

  // The first header of that name (lower case); nullopt when there is none.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

struct AnswerBounds {
  std::size_t max_body = 0;
  Patience head;  // until the head is complete
  Patience body;  // until the whole answer is there
};

struct ReadAnswer {
  HttpAnswer answer;
  bool reusable = false;  // the connection may carry another request
  bool began = false;     // at least one byte had arrived
  std::optional<Failure> failure;
};
[[nodiscard]] ReadAnswer read_answer(Wire& wire, const AnswerBounds& bounds);

}  // namespace sentinel::net
