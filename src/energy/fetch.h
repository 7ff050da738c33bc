// Asks HTTP servers for what they expose, with every bound that a slow or hostile one calls for (chapter 04 §13.1).
//
// One pooled client a source. The deadline is for the whole exchange, name and body included; no redirect is followed; bodies
// are text. fetch() blocks, and comes back at once when the cancel descriptor can be read. One caller at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "energy/backend.h"
#include "net/http_client.h"

namespace sentinel::energy {

struct Problem {
  ScrapeFailure reason = ScrapeFailure::kUnreachable;
  std::string text;  // for people; names the address without secrets
};

// An answer, or why there is none.
struct Fetched {
  std::string body;
  std::optional<Problem> problem;
  std::optional<std::chrono::seconds> retry_after;  // the server wants to be left alone for so long
};

// How a kind of server is asked. Constant data.
struct FetchRules {
  std::string_view user_agent;
  std::chrono::milliseconds deadline{3'000};
  std::size_t max_body = std::size_t{8} << 20;
  bool only_200 = false;  // else any 2xx
  unsigned at_once = 1;   // requests at the same time
};

inline constexpr std::chrono::seconds kLongestRetryAfter{3'600};

class Fetcher {
 public:
  // `authorities`: a PEM file to trust instead of the system's; empty: the system's.
  Fetcher(const FetchRules& rules, std::vector<std::pair<std::string, std::string>> headers, const net::ProxyRules& proxies,
          std::string authorities, int cancel);

  // In the order of `urls`. After an answer of 429 the rest is not asked.
  [[nodiscard]] std::vector<Fetched> fetch(std::span<const std::string> urls);

 private:
  [[nodiscard]] Fetched fetch_one(const std::string& url);

  const FetchRules rules_;
  const std::vector<std::pair<std::string, std::string>> headers_;
  const int cancel_;
  net::HttpClient client_;
};

}  // namespace sentinel::energy
