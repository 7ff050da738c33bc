#include "net/http_client.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "base/base64.h"
#include "net/tls_client.h"
#include "net/url.h"

namespace sentinel::net {
namespace {

using std::chrono::steady_clock;

// One call: its deadlines, and the way to the server.
struct PlannedCall {
  const HttpRequest& request;
  Url url;
  std::optional<Proxy> proxy;
  AnswerBounds bounds;

  // Connections are kept by this.
  [[nodiscard]] std::string key() const { return proxy ? proxy->address.origin() + " " + url.origin() : url.origin(); }
};

std::string proxy_credentials(const Proxy& proxy) {
  if (proxy.credentials.empty()) return {};
  return "Proxy-Authorization: Basic " + base::base64(proxy.credentials) + "\r\n";
}

std::string head_of(const PlannedCall& call) {
  const bool absolute = call.proxy && !call.url.tls;
  std::string head = call.request.method + " " + (absolute ? "http://" + call.url.authority : std::string()) + call.url.target +
                     " HTTP/1.1\r\nHost: " + call.url.authority + "\r\n";
  for (const auto& [name, value] : call.request.headers) head += name + ": " + value + "\r\n";
  if (absolute) head += proxy_credentials(*call.proxy);
  if (!call.request.body.empty() || call.request.method == "POST") {
    head += "Content-Length: " + std::to_string(call.request.body.size()) + "\r\n";
  }
  return head += "\r\n";
}

// Asks a proxy for a way through to the server.
std::optional<Failure> open_tunnel(Wire& wire, const PlannedCall& call) {
  const bool v6 = call.url.host.find(':') != std::string::npos;
  const std::string server = (v6 ? "[" + call.url.host + "]" : call.url.host) + ":" + std::to_string(call.url.port);
  const std::string request =
      "CONNECT " + server + " HTTP/1.1\r\nHost: " + server + "\r\n" + proxy_credentials(*call.proxy) + "\r\n";
  if (auto failure = wire.write(request, call.bounds.head)) return failure;
  // A 2xx to CONNECT has no body, whatever its headers say, so that the head is read by itself.
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    char byte = 0;
    std::size_t got = 0;
    if (auto failure = wire.read(&byte, 1, &got, call.bounds.head)) return failure;
    if (got == 0 || head.size() >= kMaxHeadBytes) return Failure{HttpFault::kConnect, "the proxy gives no answer"};
    head += byte;
  }
  const std::string_view status = std::string_view(head).substr(std::min<std::size_t>(9, head.size()), 3);
  if (head.starts_with("HTTP/1.") && status.starts_with('2')) return std::nullopt;
  return Failure{HttpFault::kConnect, "the proxy refuses the connection: status " + std::string(status)};
}

std::string with_proxy(const PlannedCall& call, std::string why) {
  return call.proxy ? "proxy " + call.proxy->address.authority + ": " + why : why;
}

std::string hint_for(HttpFault fault) {
  switch (fault) {
    case HttpFault::kResolve:
    case HttpFault::kConnect:
      return "check the address, and that the server runs and can be reached from here";
    case HttpFault::kTls:
      return "the system's certificate authorities decide; SSL_CERT_FILE names others";
    case HttpFault::kClosed:
    case HttpFault::kProtocol:
      return "check that this port speaks HTTP, and not HTTPS or something else";
    default:
      return {};
  }
}

HttpOutcome failed(HttpFault fault, std::string why, const std::string& url, std::string hint) {
  HttpOutcome out;
  out.fault = fault;
  out.error = {.what = std::move(why), .where = redacted_url(url), .hint = std::move(hint)};
  return out;
}

}  // namespace

// Connections that wait for their next request, and the TLS set-up that is made when the first https address is met.
class HttpClient::Pool {
 public:
  explicit Pool(Options options) : options_(std::move(options)) {}

  HttpOutcome send(const HttpRequest& request, const HttpBounds& bounds) {
    auto url = parse_url(request.url);
    if (!url) return failed(HttpFault::kUrl, url.error().what, request.url, {});
    auto proxy = options_.proxies.choose(*url);
    if (!proxy) return failed(HttpFault::kUrl, proxy.error().what, request.url, proxy.error().hint);
    const auto now = steady_clock::now();
    PlannedCall call{.request = request, .url = std::move(*url), .proxy = std::move(*proxy), .bounds = {}};
    call.bounds = {.max_body = bounds.max_body,
                   .head = {now + std::min(bounds.head, bounds.total), bounds.cancel},
                   .body = {now + bounds.total, bounds.cancel}};
    ReadAnswer read = exchange(call);
    if (!read.failure) return {.answer = std::move(read.answer), .fault = std::nullopt, .error = {}};
    return failed(read.failure->fault, read.failure->why, request.url, hint_for(read.failure->fault));
  }

 private:
  ReadAnswer exchange(const PlannedCall& call) {
    if (std::unique_ptr<Wire> kept = take(call.key())) {
      ReadAnswer read = converse(call, std::move(kept));
      // Nothing came of it: the server had closed the connection, or did so meanwhile.
      const bool stale = read.failure && read.failure->fault == HttpFault::kClosed && !read.began;
      if (!stale || call.request.method != "GET") return read;
    }
    Connected fresh = connect(call);
    if (fresh.wire == nullptr) return {.answer = {}, .reusable = false, .began = false, .failure = std::move(fresh.failure)};
    return converse(call, std::move(fresh.wire));
  }

  ReadAnswer converse(const PlannedCall& call, std::unique_ptr<Wire> wire) {
    ReadAnswer read;
    read.failure = wire->write(head_of(call) + call.request.body, call.bounds.head);
    if (read.failure && read.failure->fault != HttpFault::kClosed) return read;
    // A server may answer and close before it has read everything: its answer is worth more than the broken write.
    ReadAnswer answer = read_answer(*wire, call.bounds);
    if (answer.failure && read.failure) return read;
    if (!answer.failure && !read.failure && answer.reusable) keep(call.key(), std::move(wire));
    return answer;
  }

  Connected connect(const PlannedCall& call) {
    const Url& first = call.proxy ? call.proxy->address : call.url;
    Connected connected = connect_plain(first.host, first.port, call.bounds.head);
    if (connected.wire == nullptr) {
      connected.failure.why = with_proxy(call, std::move(connected.failure.why));
      return connected;
    }
    if (!call.url.tls) return connected;
    if (call.proxy) {
      if (auto failure = open_tunnel(*connected.wire, call)) {
        return {.wire = nullptr, .failure = {failure->fault, with_proxy(call, std::move(failure->why))}};
      }
    }
    const auto tls = tls_client();
    if (!tls) return {.wire = nullptr, .failure = {HttpFault::kTls, tls.error().what}};
    return (*tls)->wrap(std::move(*connected.wire->release()), call.url.host, call.bounds.head);
  }

  base::Result<std::shared_ptr<TlsClient>> tls_client() {
    const std::lock_guard lock(mutex_);
    if (tls_ == nullptr) {
      auto made = TlsClient::make(options_.authorities);
      if (!made) return made.error();
      tls_ = std::move(*made);
    }
    return tls_;
  }

  std::unique_ptr<Wire> take(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = idle_.find(key);
    if (found == idle_.end()) return nullptr;
    std::unique_ptr<Wire> wire = std::move(found->second);
    idle_.erase(found);
    return wire;
  }

  void keep(std::string key, std::unique_ptr<Wire> wire) {
    const std::lock_guard lock(mutex_);
    idle_.emplace(std::move(key), std::move(wire));
  }

  // Constant after construction.
  Options options_;

  // Shared by the calls.
  std::mutex mutex_;
  std::shared_ptr<TlsClient> tls_;
  std::multimap<std::string, std::unique_ptr<Wire>> idle_;
};

HttpClient::HttpClient(Options options) : pool_(std::make_unique<Pool>(std::move(options))) {}
HttpClient::~HttpClient() = default;

HttpOutcome HttpClient::send(const HttpRequest& request, const HttpBounds& bounds) { return pool_->send(request, bounds); }

}  // namespace sentinel::net
