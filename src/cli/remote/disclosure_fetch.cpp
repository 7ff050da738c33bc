#include "cli/remote/disclosure_fetch.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "base/text.h"
#include "cli/output.h"
#include "cli/remote/outgoing.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

using base::Result;

constexpr net::HttpBounds kDisclosureBounds = {
    .head = std::chrono::seconds(5), .total = std::chrono::seconds(5), .max_body = std::size_t{10} << 20};

// A new file that only this user can read, with that content.
Result<std::string> store(std::string_view content) {
  const char* folder = std::getenv("TMPDIR");
  std::string path = concat({folder != nullptr && *folder != '\0' ? folder : "/tmp", "/perf-sentinel-XXXXXX"});
  const int fd = ::mkstemp(path.data());
  if (fd < 0) return base::Error{"no file can be made for it", path, {}};
  ::close(fd);
  if (const base::Status written = write_file(path, content); !written) {
    ::unlink(path.c_str());
    return written.error();
  }
  return path;
}

}  // namespace

Result<std::string> fetch_disclosure(net::HttpClient& client, const std::string& url) {
  net::HttpRequest request;
  request.url = url;
  request.headers = {{"User-Agent", concat({kUserAgent, "/verify-hash"})}};
  net::HttpOutcome outcome = client.send(request, kDisclosureBounds);
  if (!outcome.answered()) return outcome.error;
  if (outcome.answer.status / 100 != 2) {
    const bool redirect = outcome.answer.status / 100 == 3;
    return status_error(outcome.answer.status, url, redirect ? "redirects are not followed: give the final address" : "");
  }
  return std::move(outcome.answer.body);
}

std::string beside(std::string_view report_url, std::string_view name) {
  const std::string_view path = report_url.substr(0, report_url.find_first_of("?#"));
  const std::size_t authority = path.find("://") + 3;
  const std::size_t slash = path.rfind('/');
  if (slash < authority) return concat({path, "/", name});
  return concat({path.substr(0, slash + 1), name});
}

FetchedSidecars::~FetchedSidecars() {
  if (attestation_) ::unlink(attestation_->c_str());
  if (bundle_) ::unlink(bundle_->c_str());
}

void FetchedSidecars::fetch(net::HttpClient& client, std::string_view report_url) {
  const auto one = [&](std::string_view name, std::optional<std::string>& to) {
    const auto body = fetch_disclosure(client, beside(report_url, name));
    const Result<std::string> path = body ? store(*body) : Result<std::string>(body.error());
    if (path) {
      to = *path;
    } else {
      write_stderr(concat({"Note: ", name, " was not fetched: ", base::for_terminal(path.error().text()), "\n"}));
    }
  };
  one("attestation.intoto.jsonl", attestation_);
  one("bundle.sig", bundle_);
}

}  // namespace sentinel::cli
