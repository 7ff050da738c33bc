// Cuts a request target into path and query and names the method, for HTTP/1 and HTTP/2; checks a target of HTTP/1. Pure.
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

// Whether a target holds only bytes that may stand in an address, or that clients commonly send there as they are (quotes and
// braces in a path, text above ASCII). After a '#', which cut_target() leaves out, any that is not a blank or control byte.
inline bool lawful_target(std::string_view target) {
  const std::size_t fragment = target.find('#');
  const std::size_t query = target.find('?');
  for (std::size_t i = 0; i < target.size(); ++i) {
    const auto c = static_cast<unsigned char>(target[i]);
    if (c <= 0x20 || c == 0x7f) return false;
    if (i > fragment) continue;
    if (c == '<' || c == '>' || c == (i < query ? '`' : '"')) return false;
  }
  return true;
}

// Origin form as it is; of an absolute form the authority is left out. A fragment, which no client should send, is cut off.
inline void cut_target(RequestHead& head) {
  std::string_view rest = head.target.substr(0, head.target.find('#'));
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
