#include "cli/remote/tempo_api.h"

#include <algorithm>

#include "base/json_reader.h"
#include "base/text.h"
#include "cli/remote/outgoing.h"
#include "cli/texts/concat.h"
#include "net/url.h"

namespace sentinel::cli {
namespace {

using base::Error;
using base::Result;
using std::chrono::seconds;

constexpr std::size_t kMaxSearchBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxTraceBytes = std::size_t{64} << 20;
constexpr net::HttpBounds kSearchBounds = {.head = seconds(5), .total = seconds(30), .max_body = kMaxSearchBytes};
constexpr net::HttpBounds kTraceBounds = {.head = seconds(30), .total = seconds(300), .max_body = kMaxTraceBytes};
constexpr unsigned kMaxAnswerNesting = 128;

constexpr std::string_view kWrongComponent =
    "--endpoint must lead to Tempo's query frontend, with its path prefix if it has one";

FetchFault class_of(net::HttpFault fault) {
  switch (fault) {
    case net::HttpFault::kTimeout:
      return FetchFault::kTimeout;
    case net::HttpFault::kCut:
    case net::HttpFault::kTooLarge:
    case net::HttpFault::kEncoding:
      return FetchFault::kBodyRead;
    case net::HttpFault::kUrl:
      return FetchFault::kOther;
    case net::HttpFault::kCancelled:
      return FetchFault::kCancelled;
    default:
      return FetchFault::kTransport;
  }
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const char lower = base::to_lower(c);
    return base::is_digit(c) || (lower >= 'a' && lower <= 'f');
  });
}

// The ids of {"traces":[{"traceID":"…"},…]}.
bool read_ids(base::JsonReader& json, std::vector<std::string>& ids) {
  if (json.peek() == '[') {
    if (json.enter_array()) json.fail(base::JsonFault::kType, "expected an object");
    return !json.failed();
  }
  bool seen = false;
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    if (json.key() != "traces") {
      json.skip();
      continue;
    }
    if (seen) json.fail(base::JsonFault::kType, "repeated key \"traces\"");
    seen = true;
    if (json.read_null()) continue;
    for (bool item = json.enter_array(); item; item = json.next_item()) {
      bool has_id = false;
      for (bool member = json.enter_object(); member; member = json.next_member()) {
        std::string_view id;
        if (json.key() != "traceID") {
          json.skip();
        } else if (json.read_string(&id)) {
          if (has_id) json.fail(base::JsonFault::kType, "repeated key \"traceID\"");
          has_id = true;
          ids.emplace_back(id);
        }
      }
      if (!has_id) json.fail(base::JsonFault::kType, "missing key \"traceID\"");
    }
  }
  if (!json.failed() && !json.at_end()) json.fail(base::JsonFault::kSyntax, "unexpected text after the answer");
  return !json.failed();
}

}  // namespace

net::HttpRequest TempoApi::request(std::string url, std::string_view accept) const {
  net::HttpRequest out;
  out.url = std::move(url);
  out.headers = {{"User-Agent", std::string(kUserAgent)}, {"Accept", std::string(accept)}};
  if (header_) out.headers.emplace_back(header_->name, header_->value);
  return out;
}

Result<std::vector<std::string>> TempoApi::search(std::string_view service, std::uint64_t start, std::uint64_t end,
                                                  std::uint64_t limit) {
  const std::string url =
      concat({endpoint_, "/api/search?tags=service.name%3D", net::encode_query_value(service), "&start=", std::to_string(start),
              "&end=", std::to_string(end), "&limit=", std::to_string(limit)});
  const net::HttpOutcome outcome = client_.send(request(url, "application/json"), kSearchBounds);
  if (!outcome.answered()) return outcome.error;
  if (outcome.answer.status != 200) return status_error(outcome.answer.status, url, kWrongComponent);
  const std::string& body = outcome.answer.body;
  const std::string place = net::redacted_url(url);
  if (!base::is_valid_utf8(body)) return Error{"the search answer is not UTF-8 text", place, {}};
  base::Arena scratch;
  base::JsonReader json(body, scratch, kMaxAnswerNesting);
  std::vector<std::string> ids;
  if (read_ids(json, ids)) return ids;
  return Error{concat({"the search answer is not the JSON that Tempo gives: ", json.error().what, " at byte ",
                       std::to_string(json.error().offset)}),
               place, std::string(kWrongComponent)};
}

FetchedTrace TempoApi::fetch(const std::string& id, int cancel) {
  FetchedTrace out;
  const std::string url = concat({endpoint_, "/api/traces/", id});
  if (!is_hex(id)) {
    out.fault = FetchFault::kOther;
    out.error = {concat({"the trace id '", id, "' has characters that are no hex digits"}), {}, {}};
    return out;
  }
  net::HttpBounds bounds = kTraceBounds;
  bounds.cancel = cancel;
  net::HttpOutcome outcome = client_.send(request(url, "application/protobuf"), bounds);
  if (!outcome.answered()) {
    out.fault = class_of(*outcome.fault);
    out.error = std::move(outcome.error);
  } else if (outcome.answer.status == 404) {
    out.fault = FetchFault::kNotFound;
    out.error = {"trace not found", net::redacted_url(url), {}};
  } else if (outcome.answer.status != 200) {
    out.fault = FetchFault::kHttpStatus;
    out.error = status_error(outcome.answer.status, url, kWrongComponent);
  } else {
    out.body = std::move(outcome.answer.body);
  }
  return out;
}

}  // namespace sentinel::cli
