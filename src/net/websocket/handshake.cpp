#include "net/websocket/handshake.h"

#include <algorithm>

#include "base/base64.h"
#include "base/text.h"
#include "net/field_list.h"
#include "net/websocket.h"
#include "net/websocket/sha1.h"

namespace sentinel::net {
namespace websocket {
namespace {

constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
constexpr std::size_t kKeyDigits = 22;  // of base64, for 16 bytes; then "=="

// Whether a list field, in one line or several, holds `word`.
bool lists_word(const RequestHead& head, std::string_view name, std::string_view word) {
  bool found = false;
  for (const HeaderView& field : head.headers) {
    if (field.name != name) continue;
    each_member(field.value, [&](std::string_view member) { found = found || base::equals_ignoring_case(member, word); });
  }
  return found;
}

bool is_key(std::string_view key) {
  const auto digit = [](char c) { return base::is_alnum(c) || c == '+' || c == '/'; };
  return key.size() == kKeyDigits + 2 && key.ends_with("==") && std::all_of(key.begin(), key.begin() + kKeyDigits, digit);
}

Response refused(int status, std::string why) {
  Response response{status, {{"content-type", "text/plain; charset=utf-8"}}, std::move(why)};
  if (status != 426) return response;
  response.headers.push_back({"upgrade", "websocket"});
  response.headers.push_back({"connection", "upgrade"});
  response.headers.push_back({"sec-websocket-version", "13"});
  return response;
}

}  // namespace

std::optional<Response> refusal(const RequestHead& head) {
  if (head.version == 20) return refused(400, "a WebSocket needs a connection of its own, over HTTP/1.1\n");
  if (head.method != Method::kGet) return refused(400, "a WebSocket is asked for with GET\n");
  if (head.version != 11 || !wants_websocket(head))
    return refused(426, "this is a WebSocket: ask with HTTP/1.1 and 'Connection: Upgrade', 'Upgrade: websocket'\n");
  if (head.header("sec-websocket-version") != "13") return refused(426, "Sec-WebSocket-Version must be 13\n");
  if (!head.header("host")) return refused(400, "the Host header is missing\n");
  const auto is_key_field = [](const HeaderView& field) { return field.name == "sec-websocket-key"; };
  if (std::count_if(head.headers.begin(), head.headers.end(), is_key_field) != 1 || !is_key(*head.header("sec-websocket-key")))
    return refused(400, "Sec-WebSocket-Key must be there once, with 16 bytes in base64\n");
  return std::nullopt;
}

std::string accept_key(std::string_view key) { return base::base64(sha1(std::string(key).append(kGuid))); }

Response acceptance(const RequestHead& head, std::string_view subprotocol) {
  Response response{101, {{"upgrade", "websocket"}, {"connection", "Upgrade"}}, {}};
  response.headers.push_back({"sec-websocket-accept", accept_key(head.header("sec-websocket-key").value_or(""))});
  const auto offered = offered_subprotocols(head);
  if (!subprotocol.empty() && std::find(offered.begin(), offered.end(), subprotocol) != offered.end())
    response.headers.push_back({"sec-websocket-protocol", std::string(subprotocol)});
  return response;
}

}  // namespace websocket

bool wants_websocket(const RequestHead& head) {
  return websocket::lists_word(head, "upgrade", "websocket") && websocket::lists_word(head, "connection", "upgrade");
}

std::vector<std::string_view> offered_subprotocols(const RequestHead& head) {
  std::vector<std::string_view> offered;
  for (const HeaderView& field : head.headers)
    if (field.name == "sec-websocket-protocol")
      each_member(field.value, [&](std::string_view member) { offered.push_back(member); });
  return offered;
}

}  // namespace sentinel::net
