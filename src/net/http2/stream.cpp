#include "net/http2/stream.h"

#include <algorithm>

namespace sentinel::net::http2 {
namespace {

// Fields that belong to a connection and may not stand in HTTP/2 (RFC 9113 §8.2.2).
bool of_connection(std::string_view name) {
  return name == "connection" || name == "keep-alive" || name == "transfer-encoding" || name == "upgrade" ||
         name == "proxy-connection";
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

}  // namespace

Stream::Stream(Session& session, std::int32_t stream_id)
    : id(stream_id),
      request(std::make_shared<detail::PendingRequest>(session.connection().server(), session.connection().loop(), this)),
      session_(session),
      since_(session.connection().core().now()) {
  rate_.start(since_);
}

Stream::~Stream() {
  if (request != nullptr) request->abandon();
}

void Stream::refuse_head() { answer_http({431, {}, {}}); }

void Stream::answer_head(const FieldList& head) {
  end_answer();
  session_.submit(*this, head);
}

void Stream::begin_answer(const FieldList& head) { session_.submit(*this, head); }

void Stream::end_answer() {
  answered_ = true;
  request->abandon();
  request.reset();
}

void Stream::answer_http(const Response& response) {
  const std::string status = std::to_string(response.status);
  const std::string length = std::to_string(response.body.size());
  std::vector<std::string> names;  // in lower case
  names.reserve(response.headers.size());
  FieldList head;
  head.copied(":status", status);
  for (const Header& header : response.headers)
    if (const std::string& name = names.emplace_back(lower(header.name)); !of_connection(name)) head.copied(name, header.value);
  if (response.status >= 200 && response.status != 204 && response.status != 304) head.copied("content-length", length);
  head.copied("date", connection().core().http_date());
  if (request->head.method != Method::kHead) out_body = response.body;
  answer_head(head);
}

}  // namespace sentinel::net::http2
