// The bytes of an HTTP/1 response. Pure.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

namespace sentinel::net {

// "Not Found"; empty for a status without a usual phrase.
[[nodiscard]] std::string_view reason_phrase(int status);

struct ResponseForm {
  unsigned version = 11;  // of the request
  bool keep_alive = true;
  bool without_body = false;  // the answer to HEAD
  std::string_view date;
};

void append_response(const Response& response, const ResponseForm& form, std::string& out);

}  // namespace sentinel::net
