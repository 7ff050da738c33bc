#include "energy/fetch.h"

#include <algorithm>
#include <atomic>

#include "base/number_parse.h"
#include "base/parallel.h"
#include "base/text.h"
#include "net/url.h"

namespace sentinel::energy {
namespace {

constexpr int kTooManyRequests = 429;

ScrapeFailure reason_of(net::HttpFault fault) {
  switch (fault) {
    case net::HttpFault::kUrl:
    case net::HttpFault::kClosed:
    case net::HttpFault::kProtocol:
    case net::HttpFault::kCancelled:
      return ScrapeFailure::kRequestError;
    case net::HttpFault::kResolve:
    case net::HttpFault::kConnect:
    case net::HttpFault::kTls:
      return ScrapeFailure::kUnreachable;
    case net::HttpFault::kTimeout:
      return ScrapeFailure::kTimeout;
    case net::HttpFault::kCut:
    case net::HttpFault::kTooLarge:
    case net::HttpFault::kEncoding:
      return ScrapeFailure::kBodyReadError;
  }
  return ScrapeFailure::kRequestError;
}

// Seconds; a date is not looked at.
std::optional<std::chrono::seconds> retry_after(const net::HttpAnswer& answer) {
  const auto seconds = base::parse_count(base::trim(answer.header("retry-after").value_or("")));
  if (!seconds) return std::nullopt;
  const auto longest = static_cast<std::uint64_t>(kLongestRetryAfter.count());
  return std::chrono::seconds(std::min(*seconds, longest));
}

}  // namespace

Fetcher::Fetcher(const FetchRules& rules, std::vector<std::pair<std::string, std::string>> headers,
                 const net::ProxyRules& proxies, std::string authorities, int cancel)
    : rules_(rules),
      headers_([&] {
        headers.emplace_back("User-Agent", rules.user_agent);
        return std::move(headers);
      }()),
      cancel_(cancel),
      client_({.proxies = proxies, .authorities = std::move(authorities)}) {}

std::vector<Fetched> Fetcher::fetch(std::span<const std::string> urls) {
  std::vector<Fetched> all(urls.size());
  std::atomic<bool> enough{false};
  base::parallel_for(rules_.at_once, urls.size(), [&](std::size_t i) {
    if (enough.load(std::memory_order_relaxed)) {
      all[i].problem = {ScrapeFailure::kHttpError, net::redacted_url(urls[i]) + ": not asked, the server wants a pause"};
      return;
    }
    all[i] = fetch_one(urls[i]);
    if (all[i].retry_after) enough = true;
  });
  return all;
}

Fetched Fetcher::fetch_one(const std::string& url) {
  net::HttpBounds bounds;
  bounds.head = bounds.total = rules_.deadline;
  bounds.max_body = rules_.max_body;
  bounds.cancel = cancel_;
  net::HttpOutcome outcome = client_.send({.method = "GET", .url = url, .headers = headers_, .body = {}}, bounds);
  Fetched fetched;
  if (!outcome.answered()) {
    fetched.problem = {reason_of(*outcome.fault), outcome.error.text()};
    return fetched;
  }
  const int status = outcome.answer.status;
  if (rules_.only_200 ? status != 200 : status / 100 != 2) {
    fetched.problem = {ScrapeFailure::kHttpError,
                       net::redacted_url(url) + ": answered with HTTP status " + std::to_string(status)};
    if (status == kTooManyRequests) fetched.retry_after = retry_after(outcome.answer).value_or(std::chrono::seconds(0));
    return fetched;
  }
  if (!base::is_valid_utf8(outcome.answer.body)) {
    fetched.problem = {ScrapeFailure::kInvalidUtf8, net::redacted_url(url) + ": the answer is no UTF-8 text"};
    return fetched;
  }
  fetched.body = std::move(outcome.answer.body);
  return fetched;
}

}  // namespace sentinel::energy
