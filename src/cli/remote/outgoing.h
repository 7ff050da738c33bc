// What every command that asks a server shares: the client with this process's proxies, the header of --auth-header, the rules
// for endpoints (chapter 02 §2).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/arguments.h"
#include "config/rules.h"
#include "net/http_client.h"

namespace sentinel::cli {

inline constexpr std::string_view kUserAgent = "perf-sentinel";

// A client with the proxies of this process's environment.
[[nodiscard]] std::unique_ptr<net::HttpClient> make_client();

// The text of --auth-header or of the variable that --auth-header-env names; nullopt without either. Warns about a secret on
// the command line. The error names the variable.
[[nodiscard]] base::Result<std::optional<std::string>> auth_header_text(const Arguments& arguments);

// The header to send; warns when it goes over plain http to `endpoint`. The error never holds the value.
[[nodiscard]] base::Result<std::optional<config::Header>> auth_header(const std::optional<std::string>& text,
                                                                      std::string_view endpoint);

// What is wrong with the endpoint of a trace backend; empty when nothing is.
[[nodiscard]] std::string endpoint_problem(std::string_view endpoint);

// Without slashes at the end, so that a path can follow.
[[nodiscard]] std::string_view without_trailing_slashes(std::string_view endpoint);

// An answer that came with a status that is not the expected one.
[[nodiscard]] base::Error status_error(int status, const std::string& url, std::string_view hint);

}  // namespace sentinel::cli
