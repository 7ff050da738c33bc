#include "daemon/operator_front.h"

#include <chrono>
#include <string>
#include <utility>

#include "base/number_parse.h"

namespace sentinel::daemon {

using net::Method;
using net::RequestHead;
using net::Response;

std::variant<net::BodyPlan, Response> OperatorFront::on_head(const RequestHead& head) {
  if (head.path != paths_.metrics && head.path != paths_.healthz && head.path != paths_.readyz) return Response{404, {}, {}};
  if (head.method != Method::kGet && head.method != Method::kHead) return Response{405, {{"allow", "GET,HEAD"}}, {}};
  if (head.path == paths_.healthz) return liveness(health_, head);
  if (head.path == paths_.readyz) return readiness(phase_.load(), health_, head);
  net::BodyPlan none;
  none.max_wire = none.max_decoded = 0;
  return none;
}

void OperatorFront::on_request(net::Exchange exchange) {
  engine_.ask([this, exchange = std::move(exchange)]() mutable { exchange.answer(scrape(sources_, exchange.head())); });
}

net::Limits operator_limits() {
  using std::chrono::milliseconds;
  net::Limits limits;
  limits.header_timeout = limits.first_byte_timeout = milliseconds(5'000);
  limits.request_timeout = milliseconds(10'000);
  limits.write_timeout = milliseconds(30'000);
  limits.idle_timeout = milliseconds(60'000);
  limits.max_header_bytes = 8 * 1024;
  return limits;
}

ListenPlace operator_place(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  ListenPlace place{listen.substr(0, colon), 0};
  if (place.address == "localhost") place.address = "127.0.0.1";
  place.port = static_cast<std::uint16_t>(base::parse_count(listen.substr(colon + 1)).value_or(0));
  return place;
}

}  // namespace sentinel::daemon
