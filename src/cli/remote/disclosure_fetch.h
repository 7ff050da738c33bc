// A published disclosure and the two files that stand beside it (chapter 08 §12).
//
// https only, no redirects, 5 s and 10 MiB a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http_client.h"

namespace sentinel::cli {

[[nodiscard]] base::Result<std::string> fetch_disclosure(net::HttpClient& client, const std::string& url);

// Attestation and bundle in files of their own in the system's folder for such, removed with this object.
class FetchedSidecars {
 public:
  FetchedSidecars() = default;
  ~FetchedSidecars();
  FetchedSidecars(const FetchedSidecars&) = delete;
  FetchedSidecars& operator=(const FetchedSidecars&) = delete;

  // Says on standard error what did not come; that is no failure.
  void fetch(net::HttpClient& client, std::string_view report_url);

  [[nodiscard]] const std::optional<std::string>& attestation() const { return attestation_; }
  [[nodiscard]] const std::optional<std::string>& bundle() const { return bundle_; }

 private:
  std::optional<std::string> attestation_;
  std::optional<std::string> bundle_;
};

// The address of a file beside the report: its path up to the last slash, query and fragment left out.
[[nodiscard]] std::string beside(std::string_view report_url, std::string_view name);

}  // namespace sentinel::cli
