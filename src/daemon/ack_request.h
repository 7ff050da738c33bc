// The body of POST /api/findings/{signature}/ack, rows 1 to 4 of the table in chapter 05 §9.3. Pure function, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "disclosure/instant.h"

namespace sentinel::daemon {

inline constexpr std::size_t kMaxApiBodyBytes = 2'097'152;

struct AckRequest {
  std::optional<std::string> by;
  std::optional<std::string> reason;
  std::optional<disclosure::Instant> expires_at;  // UTC
};

struct AckRequestAnswer {
  std::uint16_t status = 0;  // 0: `request` is what was asked; else 415, 413, 400 or 422
  std::string text;          // of text/plain; charset=utf-8
  AckRequest request;
};
// `content_type` is the header's value; nullopt when there is none.
[[nodiscard]] AckRequestAnswer parse_ack_request(std::optional<std::string_view> content_type, std::string_view body);

}  // namespace sentinel::daemon
