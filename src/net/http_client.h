// An HTTP/1.1 client: one blocking call a request, over connections that are kept and used again (chapter 02 §2.1).
//
// http and https, straight or through a proxy. Redirects are never followed: a 3xx is an answer like any other. Nothing is
// retried, except once on a fresh connection when a kept one turns out to have been closed before the request was answered.
// get() may be called from many threads at once; each call has a connection of its own. What went wrong comes as a fault, for
// programs, and an Error, for people, whose text names the address without secrets.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/http_answer.h"
#include "net/proxy.h"

namespace sentinel::net {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;  // besides Host and Content-Length; values are trusted
  std::string body;                                          // sent when not empty, or when the method is POST
};

struct HttpBounds {
  std::chrono::milliseconds head{10'000};   // name, connection, handshake, request and head of the answer
  std::chrono::milliseconds total{60'000};  // all of it
  std::size_t max_body = std::size_t{8} << 20;
  int cancel = -1;  // a descriptor that ends the call once it can be read
};

struct HttpOutcome {
  HttpAnswer answer;
  std::optional<HttpFault> fault;  // nullopt: there is an answer, of whatever status
  base::Error error;

  [[nodiscard]] bool answered() const { return !fault; }
};

class HttpClient {
 public:
  struct Options {
    ProxyRules proxies;
    std::string authorities;  // PEM file to trust instead of the system's; tests
  };

  HttpClient() : HttpClient(Options{}) {}
  explicit HttpClient(Options options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  [[nodiscard]] HttpOutcome send(const HttpRequest& request, const HttpBounds& bounds);

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace sentinel::net
