#include "cli/remote/prometheus.h"

#include <chrono>
#include <cstdlib>

#include "base/log.h"
#include "cli/remote/outgoing.h"
#include "cli/texts/concat.h"
#include "dbstat/prometheus.h"
#include "net/url.h"

namespace sentinel::cli {
namespace {

using base::Error;
using base::Result;

constexpr const char* kHeaderVariable = "PERF_SENTINEL_PGSTAT_AUTH_HEADER";
constexpr net::HttpBounds kPrometheusBounds = {
    .head = std::chrono::seconds(30), .total = std::chrono::seconds(120), .max_body = std::size_t{8} << 20};

std::optional<std::string> header_text(const Arguments& arguments, std::string_view flag) {
  if (const char* value = std::getenv(kHeaderVariable)) return value;
  const auto text = arguments.text(flag);
  if (!text) return std::nullopt;
  base::log_warn("auth", concat({"--", flag, " can be seen in the process list of this machine; the variable ", kHeaderVariable,
                                 " hides it"}));
  return std::string(*text);
}

}  // namespace

Result<dbstat::Statements> fetch_statements(const Arguments& arguments, std::string_view endpoint, std::string_view header_flag,
                                            std::uint64_t top) {
  if (const auto url = net::parse_url(endpoint); !url) {
    return Error{concat({"invalid Prometheus address: ", url.error().what}), net::redacted_url(endpoint), {}};
  }
  const auto header = auth_header(header_text(arguments, header_flag), endpoint);
  if (!header) return header.error();
  net::HttpRequest request;
  request.url = concat({without_trailing_slashes(endpoint), "/api/v1/query?query=topk(", std::to_string(top),
                        "%2C%20pg_stat_statements_seconds_total)"});
  request.headers = {{"User-Agent", "perf-sentinel/pg-stat"}};
  if (*header) request.headers.emplace_back((*header)->name, (*header)->value);
  const net::HttpOutcome outcome = make_client()->send(request, kPrometheusBounds);
  if (!outcome.answered()) return outcome.error;
  if (outcome.answer.status / 100 != 2) {
    return status_error(outcome.answer.status, request.url, "the address must be that of the Prometheus server, up to /api");
  }
  auto statements = dbstat::read_prometheus_answer(outcome.answer.body);
  if (statements) return statements;
  Error error = statements.error();
  error.where = concat({net::redacted_url(request.url), error.where.empty() ? "" : ", ", error.where});
  return error;
}

}  // namespace sentinel::cli
