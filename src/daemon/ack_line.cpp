// Lines of the acknowledgment file (chapter 05 §9.5, §9.6).
#include <algorithm>

#include "base/arena.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "daemon/ack_log.h"

namespace sentinel::daemon {
namespace {

using base::Error;
using base::JsonReader;
using base::JsonWriter;

// The members that a line may have, as texts; absent and null are the same.
enum Member : unsigned { kAction, kSignature, kBy, kReason, kAt, kExpiresAt, kMembers };
constexpr std::string_view kMemberNames[kMembers] = {"action", "signature", "by", "reason", "at", "expires_at"};
constexpr unsigned kLineDepth = 127;

struct Texts {
  std::optional<std::string_view> of[kMembers];
};

Error wrong(std::string what) { return {std::move(what), "", ""}; }

base::Result<Texts> read_texts(JsonReader& json) {
  Texts texts;
  bool seen[kMembers] = {};
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    const auto* name = std::find(std::begin(kMemberNames), std::end(kMemberNames), json.key());
    if (name == std::end(kMemberNames)) {
      json.skip();
      continue;
    }
    const auto member = static_cast<std::size_t>(name - kMemberNames);
    if (seen[member]) return wrong("`" + std::string(*name) + "` stands there twice");
    seen[member] = true;
    if (json.read_null()) continue;
    std::string_view text;
    if (json.read_string(&text)) texts.of[member] = text;
  }
  if (!json.failed() && !json.at_end()) return wrong("there is something after the object");
  if (json.failed()) return wrong("not a valid line: byte " + std::to_string(json.error().offset) + ": " + json.error().what);
  return texts;
}

}  // namespace

void append_ack_json(std::string& out, const Ack& ack) {
  JsonWriter json(out, JsonWriter::Style::kCompact);
  json.begin_object().field("action", "ack").field("signature", ack.signature).field("by", ack.by);
  if (ack.reason) json.field("reason", *ack.reason);
  json.field("at", disclosure::instant_text(ack.at));
  if (ack.expires_at) json.field("expires_at", disclosure::instant_text(*ack.expires_at));
  json.end_object();
}

void append_unack_json(std::string& out, std::string_view signature, std::string_view by, Instant at) {
  JsonWriter json(out, JsonWriter::Style::kCompact);
  json.begin_object().field("action", "unack").field("signature", signature).field("by", by);
  json.field("at", disclosure::instant_text(at)).end_object();
}

base::Result<AckLine> parse_ack_line(std::string_view line) {
  if (!base::is_valid_utf8(line)) return wrong("not UTF-8 text");
  base::Arena arena;
  JsonReader json(line, arena, kLineDepth);
  const auto texts = read_texts(json);
  if (!texts) return texts.error();
  for (const Member required : {kAction, kSignature, kBy, kAt}) {
    if (!texts->of[required]) return wrong("`" + std::string(kMemberNames[required]) + "` is missing");
  }
  AckLine out;
  if (*texts->of[kAction] == slug(AckAction::kUnack)) {
    out.action = AckAction::kUnack;
  } else if (*texts->of[kAction] != slug(AckAction::kAck)) {
    return wrong("`action` is neither ack nor unack");
  }
  out.ack.signature = *texts->of[kSignature];
  out.ack.by = clean_ack_text(*texts->of[kBy], kMaxAckByBytes);
  if (texts->of[kReason]) out.ack.reason = clean_ack_text(*texts->of[kReason], kMaxAckReasonBytes);
  const auto at = disclosure::parse_instant(*texts->of[kAt]);
  if (!at) return wrong("`at` is not an RFC 3339 time");
  out.ack.at = *at;
  if (texts->of[kExpiresAt]) {
    out.ack.expires_at = disclosure::parse_instant(*texts->of[kExpiresAt]);
    if (!out.ack.expires_at) return wrong("`expires_at` is not an RFC 3339 time");
  }
  return out;
}

}  // namespace sentinel::daemon
