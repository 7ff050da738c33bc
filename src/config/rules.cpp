#include "config/rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "base/text.h"

namespace sentinel::config {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

constexpr std::string_view kPortRule = "the port must be a number from 0 to 65535";

std::string authority_problem(std::string_view authority) {
  if (authority.empty()) return "it names no host";
  if (base::has_control(authority)) return "it holds control characters";
  if (authority.find('@') != std::string_view::npos) return "user information is not allowed: use auth_header";
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find("]:");
    if (end == std::string_view::npos || end + 2 == authority.size()) return {};
    return parse_port(authority.substr(end + 2)) ? "" : std::string(kPortRule);
  }
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos) return {};
  return parse_port(authority.substr(colon + 1)) ? "" : std::string(kPortRule);
}

bool is_token_char(char c) {
  return base::is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

constexpr std::string_view kForbiddenHeaders[] = {"host", "content-length",  "transfer-encoding", "connection", "upgrade",
                                                  "te",   "proxy-connection"};

bool is_value_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
}

}  // namespace

std::string url_problem(std::string_view url, Scheme scheme) {
  std::string_view rest = url;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (scheme == Scheme::kRequired) {
    return "it must start with http:// or https://";
  }
  return authority_problem(rest.substr(0, rest.find('/')));
}

base::Result<Header> parse_auth_header(std::string_view text) {
  const auto fail = [](std::string_view why) { return base::Error{std::string(why), "", "expected \"Name: Value\""}; };
  if (text.size() > kMaxHeaderBytes) return fail("longer than 8192 bytes");
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return fail("no ':' after the name");
  const std::string_view name = base::trim(text.substr(0, colon));
  const std::string_view value = base::trim(text.substr(colon + 1));
  if (name.empty() || !std::ranges::all_of(name, is_token_char)) return fail("the name is not a header name");
  if (std::ranges::find(kForbiddenHeaders, base::ascii_lower(name)) != std::end(kForbiddenHeaders))
    return fail("this header is set by the connection itself");
  if (value.empty()) return fail("the value is empty");
  if (!std::ranges::all_of(value, is_value_char)) return fail("the value holds control characters");
  return Header{std::string(name), std::string(value)};
}

std::string url_path_problem(std::string_view path) {
  if (!path.starts_with('/')) return "it must start with /";
  if (base::has_control(path)) return "it holds control characters";
  if (std::ranges::any_of(path, base::is_ascii_space)) return "it holds blanks";
  if (path.find_first_of("?#") != std::string_view::npos) return "it holds a query or fragment";
  return {};
}

base::Result<HostPort> parse_host_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return base::Error{"it has no port", "", "expected host:port"};
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || base::has_control(host) || std::ranges::any_of(host, base::is_ascii_space))
    return base::Error{"it names no host", "", "expected host:port"};
  if (!bracketed && host.find(':') != std::string_view::npos)
    return base::Error{"an IPv6 address needs brackets", "", "expected [address]:port"};
  const std::optional<std::uint16_t> port = parse_port(text.substr(colon + 1));
  if (!port || *port == 0) return base::Error{"the port must be a number from 1 to 65535", "", ""};
  return HostPort{std::string(host), *port};
}

bool is_loopback(std::string_view address) {
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const std::string text(address);
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace sentinel::config
