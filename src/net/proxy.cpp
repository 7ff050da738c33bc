#include "net/proxy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace sentinel::net {
namespace {

// The bits of a literal address; empty when it is a name.
std::string address_bytes(const std::string& host) {
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1) return {bytes.data(), 4};
  if (::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return {bytes.data(), 16};
  return {};
}

bool is_loopback_host(const std::string& host) {
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  const std::string bytes = address_bytes(host);
  if (bytes.size() == 4) return bytes[0] == 127;
  constexpr char kLoopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return bytes == std::string_view(kLoopback, sizeof kLoopback);
}

// Whether the first `bits` bits are the same.
bool same_prefix(std::string_view a, std::string_view b, unsigned bits) {
  if (a.size() != b.size() || bits > a.size() * 8) return false;
  const std::size_t whole = bits / 8;
  if (a.substr(0, whole) != b.substr(0, whole)) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const auto top = [&](std::string_view s) { return static_cast<unsigned char>(s[whole]) >> (8 - rest); };
  return top(a) == top(b);
}

bool in_network(const std::string& host, std::string_view entry) {
  const std::size_t slash = entry.find('/');
  if (slash == std::string_view::npos) return false;
  unsigned bits = 0;
  const std::string_view digits = entry.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  const std::string network = address_bytes(std::string(entry.substr(0, slash)));
  return !network.empty() && same_prefix(network, address_bytes(host), bits);
}

// "*", "name", ".name", "*.name", an address or a network; each but the last two also covers what is below it.
bool covers(std::string_view entry, const Url& url) {
  if (entry == "*" || in_network(url.host, entry)) return true;
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('[')) {
    const std::size_t end = std::min(entry.find(']'), entry.size());
    return entry.substr(1, end - 1) == url.host;
  }
  if (std::ranges::count(entry, ':') == 1) {
    const std::size_t colon = entry.find(':');
    if (entry.substr(colon + 1) != std::to_string(url.port)) return false;
    entry = entry.substr(0, colon);
  }
  const bool only_below = entry.starts_with('.');
  if (only_below) entry.remove_prefix(1);
  if (entry.empty()) return false;
  if (url.host == entry) return !only_below;
  return url.host.size() > entry.size() && url.host.ends_with(entry) && url.host[url.host.size() - entry.size() - 1] == '.';
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

ProxyRules ProxyRules::from(const char* (*get)(const char* name)) {
  const auto first_set = [&](std::initializer_list<const char*> names) -> std::optional<Setting> {
    for (const char* name : names) {
      const char* value = get(name);
      if (value != nullptr && *value != '\0') return Setting{name, value};
    }
    return std::nullopt;
  };
  ProxyRules rules;
  rules.http_ = first_set({"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"});
  rules.https_ = first_set({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  if (const auto direct = first_set({"no_proxy", "NO_PROXY"})) {
    std::string_view rest = direct->value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      const std::string_view entry = base::trim(rest.substr(0, end));
      if (!entry.empty()) rules.direct_.push_back(base::ascii_lower(entry));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return rules;
}

bool ProxyRules::bypassed(const Url& url) const {
  return is_loopback_host(url.host) ||
         std::ranges::any_of(direct_, [&](const std::string& entry) { return covers(entry, url); });
}

base::Result<std::optional<Proxy>> ProxyRules::choose(const Url& url) const {
  const std::optional<Setting>& setting = url.tls ? https_ : http_;
  if (!setting || bypassed(url)) return std::optional<Proxy>();
  std::string address = setting->value;
  if (address.find("://") == std::string::npos) address.insert(0, "http://");
  Proxy proxy;
  const std::size_t begin = address.find("://") + 3;
  const std::size_t at = address.substr(0, address.find('/', begin)).rfind('@');
  if (at != std::string::npos && at >= begin) {
    proxy.credentials = percent_decoded(std::string_view(address).substr(begin, at - begin));
    address.erase(begin, at + 1 - begin);
  }
  auto parsed = parse_url(address);
  if (!parsed || parsed->tls) {
    return base::Error{.what = "the proxy of the variable " + setting->variable + " cannot be used: " +
                               (parsed ? "only proxies with http:// addresses are spoken to" : parsed.error().what),
                       .where = {},
                       .hint = "set it to http://host:port, or name the server in NO_PROXY"};
  }
  proxy.address = std::move(*parsed);
  return std::optional(std::move(proxy));
}

}  // namespace sentinel::net
