// Which proxy a request takes, by the variables that other tools read as well: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY.
//
// Each is looked up in lower case first. Loopback addresses and localhost never go through a proxy. Only proxies that are
// spoken to in plain HTTP are known; another scheme is an error and not ignored, since a request that is meant to take a
// proxy may not go past it. Immutable after construction, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/url.h"

namespace sentinel::net {

struct Proxy {
  Url address;
  std::string credentials;  // "user:password" as they are to be sent; empty: none
};

class ProxyRules {
 public:
  ProxyRules() = default;  // no proxy at all

  // `get` reads a variable, null when unset. A variable that is set but empty counts as unset.
  static ProxyRules from(const char* (*get)(const char* name));

  // nullopt: straight to the server. The error names the variable, never its value.
  [[nodiscard]] base::Result<std::optional<Proxy>> choose(const Url& url) const;

 private:
  struct Setting {
    std::string variable;
    std::string value;
  };
  [[nodiscard]] bool bypassed(const Url& url) const;

  std::optional<Setting> http_;
  std::optional<Setting> https_;
  std::vector<std::string> direct_;  // entries of NO_PROXY, lower case
};

}  // namespace sentinel::net
