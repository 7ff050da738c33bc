#include "cli/remote/daemon_api.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "base/text.h"
#include "cli/output.h"
#include "cli/remote/outgoing.h"
#include "cli/texts/concat.h"
#include "net/url.h"

namespace sentinel::cli {
namespace {

using base::Error;
using base::Result;

constexpr net::HttpBounds kDaemonBounds = {
    .head = std::chrono::seconds(10), .total = std::chrono::seconds(30), .max_body = std::size_t{8} << 20};
constexpr const char* kKeyVariable = "PERF_SENTINEL_DAEMON_API_KEY";
constexpr std::size_t kMaxKeyBytes = 8192;
constexpr mode_t kOthers = 077;

Error key_error(std::string_view path, std::string_view why) {
  return {concat({"the API key file ", path, " ", why}), {}, "it holds one line: the key"};
}

// Everything that is in a small file; a symbolic link is refused.
Result<std::string> read_key_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return key_error(path, errno == ELOOP ? "is a symbolic link" : concat({"cannot be read: ", std::strerror(errno)}));
  struct stat facts {};
  if (::fstat(fd, &facts) == 0 && (facts.st_mode & kOthers) != 0 && ::isatty(STDERR_FILENO) == 1) {
    write_stderr(concat({"Warning: others on this machine may read the API key file ", base::for_terminal(path), "\n"}));
  }
  std::string content(kMaxKeyBytes + 1, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < content.size() && (got = ::read(fd, content.data() + size, content.size() - size)) > 0) {
    size += static_cast<std::size_t>(got);
  }
  const int error = got < 0 ? errno : 0;
  ::close(fd);
  if (error != 0) return key_error(path, concat({"cannot be read: ", std::strerror(error)}));
  content.resize(size);
  if (size > kMaxKeyBytes) return key_error(path, "is larger than a key");
  return content;
}

}  // namespace

Result<std::string> daemon_url(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return Error{concat({"Invalid daemon URL `", text, "`: ", why}), {}, "write http://host:port"};
  };
  if (text.empty()) return wrong("it is empty");
  const auto url = net::parse_url(text);
  if (!url) return wrong(url.error().what);
  if (text.find('#') != std::string_view::npos) return wrong("it has a fragment");
  if (url->target.find('?') != std::string::npos) return wrong("it has a query");
  if (url->target.find_first_not_of('/') != std::string::npos) return wrong("it has a path");
  return std::string(without_trailing_slashes(text));
}

Result<std::optional<std::string>> daemon_api_key(const Arguments& arguments) {
  if (const char* value = std::getenv(kKeyVariable); value != nullptr && !base::is_blank(value)) {
    const std::string_view key = base::trim(value);
    if (base::has_control(key)) return Error{concat({"the variable ", kKeyVariable, " holds control characters"}), {}, {}};
    return std::optional(std::string(key));
  }
  const auto path = arguments.text("api-key-file");
  if (!path) return std::optional<std::string>();
  auto content = read_key_file(std::string(*path));
  if (!content) return content.error();
  while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
  if (content->empty()) return key_error(*path, "is empty");
  if (base::has_control(*content)) return key_error(*path, "holds control characters");
  return std::optional(std::move(*content));
}

DaemonApi::DaemonApi(std::string url, std::string_view agent) : url_(std::move(url)), agent_(agent), client_(make_client()) {}

net::HttpOutcome DaemonApi::call(std::string_view method, std::string_view path, std::string body, int cancel) {
  net::HttpRequest request;
  request.method = method;
  request.url = concat({url_, path});
  request.headers = {{"User-Agent", agent_}};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  if (key_) request.headers.emplace_back("X-API-Key", *key_);
  request.body = std::move(body);
  net::HttpBounds bounds = kDaemonBounds;
  bounds.cancel = cancel;
  return client_->send(request, bounds);
}

}  // namespace sentinel::cli
