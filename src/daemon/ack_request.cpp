#include "daemon/ack_request.h"

#include <algorithm>

#include "base/arena.h"
#include "base/json_reader.h"
#include "base/text.h"

namespace sentinel::daemon {
namespace {

using base::JsonReader;

constexpr unsigned kRequestDepth = 127;

// "application/json" or "application/<anything>+json", whatever its case and parameters.
bool is_json_type(std::string_view content_type) {
  const std::string type = base::ascii_lower(base::trim(content_type.substr(0, content_type.find(';'))));
  constexpr std::string_view kApplication = "application/";
  if (!type.starts_with(kApplication)) return false;
  const std::string_view subtype = std::string_view(type).substr(kApplication.size());
  return subtype == "json" || (subtype.ends_with("+json") && subtype.size() > 5);
}

AckRequestAnswer refuse(std::uint16_t status, std::string text) { return {status, std::move(text), {}}; }

AckRequestAnswer not_json(const JsonReader& json) {
  return refuse(400, "the body is not valid JSON: byte " + std::to_string(json.error().offset) + ": " + json.error().what);
}

// Steps over a value of a type that is not wanted: 400 when it is not even JSON.
AckRequestAnswer wrong_value(JsonReader& json, std::string text) {
  json.skip();
  return json.failed() ? not_json(json) : refuse(422, std::move(text));
}

struct Field {
  std::string_view name;
  std::optional<std::string> AckRequest::*text;  // null: expires_at
};
constexpr Field kFields[] = {{"by", &AckRequest::by}, {"reason", &AckRequest::reason}, {"expires_at", nullptr}};

// The value of one known field into the request; status 0 when it is good.
AckRequestAnswer read_field(JsonReader& json, const Field& field, AckRequest& to) {
  if (json.read_null()) return {};
  if (json.peek() != '"') return wrong_value(json, "`" + std::string(field.name) + "` must be a string or null");
  std::string_view text;
  if (!json.read_string(&text)) return not_json(json);
  if (field.text != nullptr) {
    to.*field.text = std::string(text);
    return {};
  }
  to.expires_at = disclosure::parse_instant(text);
  if (to.expires_at) return {};
  return refuse(422, "`expires_at` must be an RFC 3339 time with an offset, such as 2026-12-31T23:59:59Z");
}

AckRequestAnswer read_object(JsonReader& json) {
  AckRequestAnswer answer;
  bool seen[std::size(kFields)] = {};
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    const Field* field = std::ranges::find(kFields, json.key(), &Field::name);
    if (field == std::end(kFields)) {
      json.skip();
      continue;
    }
    bool& stood = seen[field - kFields];
    if (stood) return refuse(422, "`" + std::string(field->name) + "` stands in the body twice");
    stood = true;
    if (auto refused = read_field(json, *field, answer.request); refused.status != 0) return refused;
  }
  if (json.failed()) return not_json(json);
  if (!json.at_end()) return refuse(400, "there is something after the JSON object, at byte " + std::to_string(json.offset()));
  return answer;
}

}  // namespace

AckRequestAnswer parse_ack_request(std::optional<std::string_view> content_type, std::string_view body) {
  if (!content_type || !is_json_type(*content_type)) return refuse(415, "send the body with Content-Type: application/json");
  if (body.size() > kMaxApiBodyBytes)
    return refuse(413, "the body is larger than " + std::to_string(kMaxApiBodyBytes) + " bytes");
  base::Arena arena;
  JsonReader json(body, arena, kRequestDepth);
  const char first = json.peek();
  if (first != '{') return wrong_value(json, "the body must be a JSON object");
  return read_object(json);
}

}  // namespace sentinel::daemon
