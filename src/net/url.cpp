#include "net/url.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace sentinel::net {
namespace {

using base::Error;
using base::Result;

constexpr std::string_view kSchemeEnd = "://";

Error wrong(std::string what) { return {.what = std::move(what), .where = {}, .hint = {}}; }

// The parts of an address by its delimiters alone.
struct Pieces {
  std::string_view scheme;
  std::string_view authority;
  std::string_view path;
  std::string_view query;  // with its '?'
};

std::optional<Pieces> cut(std::string_view text) {
  const std::size_t scheme_end = text.find(kSchemeEnd);
  if (scheme_end == std::string_view::npos) return std::nullopt;
  Pieces pieces;
  pieces.scheme = text.substr(0, scheme_end);
  std::string_view rest = text.substr(scheme_end + kSchemeEnd.size());
  rest = rest.substr(0, rest.find('#'));
  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  pieces.authority = rest.substr(0, authority_end);
  rest.remove_prefix(authority_end);
  const std::size_t query = std::min(rest.find('?'), rest.size());
  pieces.path = rest.substr(0, query);
  pieces.query = rest.substr(query);
  return pieces;
}

bool is_target_byte(char c, bool in_query) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte <= ' ' || byte == 0x7F || c == '<' || c == '>') return false;
  return !in_query || c != '"';
}

bool is_host_byte(char c) {
  return base::is_alnum(c) || std::string_view("-._~!$&'()*+,;=%").find(c) != std::string_view::npos;
}

// "host", "host:port", "[v6]" or "[v6]:port".
Result<Url> parse_authority(std::string_view authority, bool tls) {
  if (authority.find('@') != std::string_view::npos) return wrong("credentials in the address are not accepted");
  Url url;
  url.tls = tls;
  url.port = tls ? 443 : 80;
  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return wrong("the IPv6 address has no closing bracket");
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    const auto is_v6_byte = [](char c) { return base::is_alnum(c) || c == ':' || c == '.' || c == '%'; };
    if (!std::ranges::all_of(host, is_v6_byte)) return wrong("the IPv6 address holds characters that it may not");
    if (!port.empty() && port.front() != ':') return wrong("text follows the IPv6 address");
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    host = authority.substr(0, colon);
    port = authority.substr(colon);
    if (!std::ranges::all_of(host, is_host_byte)) return wrong("the host holds characters that it may not");
  }
  if (host.empty()) return wrong("it names no host");
  if (port.size() > 1) {
    const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), url.port);
    if (error != std::errc() || end != port.data() + port.size()) return wrong("the port must be a number from 0 to 65535");
  }
  url.host = base::ascii_lower(host);
  const bool bracketed = authority.starts_with('[');
  url.authority = bracketed ? "[" + url.host + "]" : url.host;
  if (url.port != (tls ? 443 : 80)) url.authority += ":" + std::to_string(url.port);
  return url;
}

}  // namespace

std::string Url::origin() const { return (tls ? "https://" : "http://") + host + ":" + std::to_string(port); }

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxUrlBytes) return wrong("it is longer than 65534 bytes");
  const std::optional<Pieces> pieces = cut(text);
  if (!pieces) return wrong("it must start with http:// or https://");
  const bool tls = base::equals_ignoring_case(pieces->scheme, "https");
  if (!tls && !base::equals_ignoring_case(pieces->scheme, "http")) return wrong("it must start with http:// or https://");
  auto url = parse_authority(pieces->authority, tls);
  if (!url) return url.error();
  const auto valid = [](std::string_view part, bool in_query) {
    return std::ranges::all_of(part, [&](char c) { return is_target_byte(c, in_query); });
  };
  if (!valid(pieces->path, false) || !valid(pieces->query, true)) {
    return wrong("it holds a blank, a control character, a quote or an angle bracket that must be percent-encoded");
  }
  url->target = pieces->path.empty() ? "/" : std::string(pieces->path);
  url->target += pieces->query;
  return url;
}

std::string redacted_url(std::string_view text) {
  const std::optional<Pieces> pieces = cut(text);
  if (!pieces) return std::string(text);
  const std::string_view authority = pieces->authority.substr(pieces->authority.rfind('@') + 1);
  const bool is_http =
      base::equals_ignoring_case(pieces->scheme, "http") || base::equals_ignoring_case(pieces->scheme, "https");
  if (is_http && parse_authority(authority, false)) {
    std::string out = base::ascii_lower(pieces->scheme) + std::string(kSchemeEnd) + std::string(authority);
    out += pieces->path.empty() ? "/" : pieces->path;
    return out += pieces->query;
  }
  const std::size_t begin = text.find(kSchemeEnd) + kSchemeEnd.size();
  const std::string_view rest = text.substr(begin);
  const std::string_view place = rest.substr(0, rest.find('/'));
  const std::size_t at = place.rfind('@');
  return std::string(text.substr(0, begin)) + std::string(rest.substr(at == std::string_view::npos ? 0 : at + 1));
}

namespace {

void append_encoded(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

}  // namespace

std::string encode_query_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool raw = byte > ' ' && byte < 0x7F && std::string_view("&=#+%").find(c) == std::string_view::npos;
    raw ? out.push_back(c) : append_encoded(out, c);
  }
  return out;
}

std::string percent_encode(std::string_view text, std::string_view keep) {
  std::string out;
  for (const char c : text) {
    const bool raw = base::is_alnum(c) || std::string_view("-._~").find(c) != std::string_view::npos ||
                     keep.find(c) != std::string_view::npos;
    raw ? out.push_back(c) : append_encoded(out, c);
  }
  return out;
}

}  // namespace sentinel::net
