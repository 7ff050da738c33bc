// `healthcheck`: whether a daemon answers, for images without a shell (chapter 05 §8.2).
#include <chrono>
#include <string>

#include "cli/output.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "net/http_client.h"

namespace sentinel::cli {

ExitCode run_healthcheck(const Invocation& invocation) {
  net::HttpRequest request;
  request.url = std::string(invocation.arguments.text("url").value_or(""));
  net::HttpBounds bounds;
  bounds.head = bounds.total = std::chrono::seconds(3);
  bounds.max_body = 64 * 1024;
  net::HttpClient client;
  const net::HttpOutcome outcome = client.send(request, bounds);
  if (!outcome.answered()) {
    print_error(outcome.error.text());
    return ExitCode::kVerdict;
  }
  if (outcome.answer.status == 200) return ExitCode::kDone;
  print_error(concat({request.url, " answered with status ", std::to_string(outcome.answer.status)}));
  return ExitCode::kVerdict;
}

}  // namespace sentinel::cli
