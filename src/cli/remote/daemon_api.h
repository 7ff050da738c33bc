// A running daemon as its clients see it: where it is, the key that it may ask for, one request at a time (chapter 06 §6).
//
// Blocking. Errors are for people: they name the address and what to do.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/arguments.h"
#include "net/http_client.h"

namespace sentinel::cli {

// The address of a daemon without slashes at its end. The error says which rule it breaks.
[[nodiscard]] base::Result<std::string> daemon_url(std::string_view text);

// The key of PERF_SENTINEL_DAEMON_API_KEY, else of the file of --api-key-file; nullopt without either. A file that others may
// read is warned about on a terminal.
[[nodiscard]] base::Result<std::optional<std::string>> daemon_api_key(const Arguments& arguments);

class DaemonApi {
 public:
  // `agent` is the User-Agent.
  DaemonApi(std::string url, std::string_view agent);

  void use_key(std::optional<std::string> key) { key_ = std::move(key); }
  [[nodiscard]] bool has_key() const { return key_.has_value(); }
  [[nodiscard]] const std::string& url() const { return url_; }

  // `path` begins with a slash. A body is sent as JSON. `cancel` is a descriptor that ends the call once it can be read. May be
  // called from many threads at once.
  [[nodiscard]] net::HttpOutcome call(std::string_view method, std::string_view path, std::string body = {}, int cancel = -1);

 private:
  std::string url_;
  std::string agent_;
  std::optional<std::string> key_;
  std::unique_ptr<net::HttpClient> client_;
};

}  // namespace sentinel::cli
