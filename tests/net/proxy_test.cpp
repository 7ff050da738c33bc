#include "net/proxy.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

namespace sentinel::net {
namespace {

// Variables come from this process's environment under another name, so that tests do not depend on the real ones.
struct Variables {
  explicit Variables(const std::map<std::string, std::string>& values) {
    for (const char* name : kNames) ::unsetenv(("TEST_" + std::string(name)).c_str());
    for (const auto& [name, value] : values) ::setenv(("TEST_" + name).c_str(), value.c_str(), 1);
  }
  static const char* get(const char* name) { return std::getenv(("TEST_" + std::string(name)).c_str()); }
  static constexpr const char* kNames[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                                           "all_proxy",  "ALL_PROXY",  "no_proxy",    "NO_PROXY"};
};

// The proxy's host and port, "direct", or "error: …".
std::string way(const std::map<std::string, std::string>& variables, std::string_view url) {
  const Variables environment(variables);
  const auto proxy = ProxyRules::from(Variables::get).choose(*parse_url(url));
  if (!proxy) return "error: " + proxy.error().what;
  if (!*proxy) return "direct";
  return (*proxy)->address.host + ":" + std::to_string((*proxy)->address.port) +
         ((*proxy)->credentials.empty() ? "" : " as " + (*proxy)->credentials);
}

TEST(Proxy, IsThatOfTheScheme) {
  EXPECT_EQ(way({}, "http://h/"), "direct");
  EXPECT_EQ(way({{"HTTP_PROXY", "http://p:3128"}}, "http://h/"), "p:3128");
  EXPECT_EQ(way({{"HTTP_PROXY", "http://p:3128"}}, "https://h/"), "direct");
  EXPECT_EQ(way({{"HTTPS_PROXY", "p:3128"}}, "https://h/"), "p:3128");
  EXPECT_EQ(way({{"ALL_PROXY", "http://p"}}, "https://h/"), "p:80");
  EXPECT_EQ(way({{"HTTPS_PROXY", ""}, {"ALL_PROXY", "http://p"}}, "https://h/"), "p:80");
  EXPECT_EQ(way({{"https_proxy", "http://low"}, {"HTTPS_PROXY", "http://up"}}, "https://h/"), "low:80");
}

TEST(Proxy, TakesCredentialsFromItsAddress) {
  EXPECT_EQ(way({{"HTTP_PROXY", "http://us%40er:p%3Aw@p:1/"}}, "http://h/"), "p:1 as us@er:p:w");
}

TEST(Proxy, OfAnotherKindIsAnErrorThatKeepsTheAddressToItself) {
  EXPECT_EQ(way({{"HTTP_PROXY", "socks5://u:secret@p:1080"}}, "http://h/"),
            "error: the proxy of the variable HTTP_PROXY cannot be used: it must start with http:// or https://");
  EXPECT_EQ(way({{"HTTP_PROXY", "https://p"}}, "http://h/"),
            "error: the proxy of the variable HTTP_PROXY cannot be used: only proxies with http:// addresses are spoken to");
}

TEST(Proxy, IsNeverTakenToThisMachine) {
  for (const char* url :
       {"http://localhost:4318/", "http://a.localhost/", "http://127.0.0.1/", "http://127.9.9.9/", "http://[::1]/"}) {
    EXPECT_EQ(way({{"HTTP_PROXY", "http://p"}}, url), "direct") << url;
  }
  EXPECT_EQ(way({{"HTTP_PROXY", "http://p"}}, "http://128.0.0.1/"), "p:80");
}

TEST(NoProxy, CoversNamesDomainsAddressesAndNetworks) {
  const auto covered = [](const char* entries, std::string_view url) {
    return way({{"HTTP_PROXY", "http://p"}, {"NO_PROXY", entries}}, url) == "direct";
  };
  EXPECT_TRUE(covered("*", "http://h/"));
  EXPECT_TRUE(covered("x, Example.org ,y", "http://example.org/"));
  EXPECT_TRUE(covered("example.org", "http://a.example.org/"));
  EXPECT_FALSE(covered("example.org", "http://badexample.org/"));
  EXPECT_TRUE(covered(".example.org", "http://a.example.org/"));
  EXPECT_TRUE(covered("*.example.org", "http://a.example.org/"));
  EXPECT_FALSE(covered(".example.org", "http://example.org/"));
  EXPECT_TRUE(covered("h:8080", "http://h:8080/"));
  EXPECT_FALSE(covered("h:8080", "http://h/"));
  EXPECT_TRUE(covered("10.0.0.0/9", "http://10.127.255.255/"));
  EXPECT_FALSE(covered("10.0.0.0/9", "http://10.128.0.0/"));
  EXPECT_FALSE(covered("10.0.0.0/33", "http://10.0.0.0/"));
  EXPECT_TRUE(covered("fd00::/8", "http://[fd12::1]/"));
  EXPECT_TRUE(covered("[fd12::1]", "http://[fd12::1]/"));
  EXPECT_FALSE(covered("", "http://h/"));
  EXPECT_FALSE(covered(",.,", "http://h/"));
}

}  // namespace
}  // namespace sentinel::net
