#include "cli/remote/outgoing.h"

#include <cstdlib>

#include "base/log.h"
#include "base/text.h"
#include "cli/texts/concat.h"
#include "net/url.h"

namespace sentinel::cli {

std::unique_ptr<net::HttpClient> make_client() {
  const auto get = [](const char* name) -> const char* { return std::getenv(name); };
  return std::make_unique<net::HttpClient>(net::HttpClient::Options{.proxies = net::ProxyRules::from(get), .authorities = {}});
}

base::Result<std::optional<std::string>> auth_header_text(const Arguments& arguments) {
  if (const auto text = arguments.text("auth-header")) {
    base::log_warn("auth", "--auth-header can be seen in the process list of this machine; --auth-header-env hides it");
    return std::optional(std::string(*text));
  }
  const auto name = arguments.text("auth-header-env");
  if (!name) return std::optional<std::string>();
  const char* value = std::getenv(std::string(*name).c_str());
  const auto refuse = [&](std::string_view why) {
    return base::Error{
        .what = concat({"--auth-header-env: the variable ", *name, " ", why}), .where = {}, .hint = "set it to 'Name: Value'"};
  };
  if (value == nullptr) return refuse("is not set");
  if (!base::is_valid_utf8(value)) return refuse("does not hold UTF-8 text");
  return std::optional(std::string(value));
}

base::Result<std::optional<config::Header>> auth_header(const std::optional<std::string>& text, std::string_view endpoint) {
  if (!text) return std::optional<config::Header>();
  auto header = config::parse_auth_header(*text);
  if (!header) {
    base::Error error = header.error();
    error.what = "invalid auth header: " + error.what;
    return error;
  }
  if (!endpoint.starts_with("https://")) {
    base::log_warn("auth", "the auth header travels in clear text: the endpoint is plain http");
  }
  return std::optional(std::move(*header));
}

std::string endpoint_problem(std::string_view endpoint) {
  if (!endpoint.starts_with("http://") && !endpoint.starts_with("https://")) return "it must start with http:// or https://";
  for (const char c : endpoint) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return "it holds control characters";
  }
  const std::string_view rest = endpoint.substr(endpoint.find("://") + 3);
  if (rest.substr(0, rest.find_first_of("/?")).find('@') != std::string_view::npos) {
    return "credentials in it are not accepted; use --auth-header-env";
  }
  return {};
}

std::string_view without_trailing_slashes(std::string_view endpoint) {
  while (endpoint.ends_with('/') && !endpoint.ends_with("://")) endpoint.remove_suffix(1);
  return endpoint;
}

base::Error status_error(int status, const std::string& url, std::string_view hint) {
  return {.what = concat({"answered with HTTP status ", std::to_string(status)}),
          .where = net::redacted_url(url),
          .hint = std::string(hint)};
}

}  // namespace sentinel::cli
