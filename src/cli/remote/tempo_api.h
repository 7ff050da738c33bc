// The two requests that Grafana Tempo is asked: which traces, and one trace (chapter 02 §3).
//
// Calls block; fetch() may be called from several threads at once.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/rules.h"
#include "net/http_client.h"

namespace sentinel::cli {

// Why one trace is missing.
enum class FetchFault : std::uint8_t {
  kNotFound,
  kTimeout,
  kTransport,
  kHttpStatus,
  kProtobufDecode,
  kBodyRead,
  kOther,
  kCancelled
};
inline constexpr std::array<std::string_view, 7> kFetchFaultNames = {"not_found",       "timeout",   "transport", "http_status",
                                                                     "protobuf_decode", "body_read", "other"};

struct FetchedTrace {
  std::string body;  // protobuf
  std::optional<FetchFault> fault;
  base::Error error;
};

class TempoApi {
 public:
  TempoApi(net::HttpClient& client, std::string endpoint, std::optional<config::Header> header)
      : client_(client), endpoint_(std::move(endpoint)), header_(std::move(header)) {}

  // Ids in the order of the answer. `start` and `end` in seconds since 1970.
  [[nodiscard]] base::Result<std::vector<std::string>> search(std::string_view service, std::uint64_t start, std::uint64_t end,
                                                              std::uint64_t limit);

  // A readable `cancel` ends the call with kCancelled.
  [[nodiscard]] FetchedTrace fetch(const std::string& id, int cancel = -1);

 private:
  [[nodiscard]] net::HttpRequest request(std::string url, std::string_view accept) const;

  net::HttpClient& client_;
  std::string endpoint_;
  std::optional<config::Header> header_;
};

}  // namespace sentinel::cli
