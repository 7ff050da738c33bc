// Cuts a request target into path and query, and names the method: common to HTTP/1 and HTTP/2. Pure.
#pragma once

#include <string_view>

#include "net/http.h"

namespace sentinel::net {

inline Method method_named(std::string_view name) {
  struct Row {
    std::string_view name;
    Method method;
  };
  static constexpr Row kMethods[] = {{"POST", Method::kPost},  {"GET", Method::kGet},       {"HEAD", Method::kHead},
                                     {"PUT", Method::kPut},    {"DELETE", Method::kDelete}, {"OPTIONS", Method::kOptions},
                                     {"PATCH", Method::kPatch}};
  for (const Row& row : kMethods)
    if (row.name == name) return row.method;
  return Method::kOther;
}

// Origin form as it is; of an absolute form the authority is left out.
inline void cut_target(RequestHead& head) {
  std::string_view rest = head.target;
  if (!rest.starts_with('/')) {
    if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos && scheme < rest.find_first_of("/?")) {
      const std::size_t path = rest.find_first_of("/?", scheme + 3);
      rest = path == std::string_view::npos ? std::string_view() : rest.substr(path);
    }
  }
  const std::size_t query = rest.find('?');
  head.path = rest.substr(0, query);
  if (query != std::string_view::npos) head.query = rest.substr(query + 1);
  if (head.path.empty()) head.path = "/";
}

}  // namespace sentinel::net
