// What `verify-hash` found, for people and for programs (chapter 08 §12). Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "disclosure/verify.h"

namespace sentinel::report {

// `source` is the path or URL that the document came from.
[[nodiscard]] std::string verify_text(const disclosure::Verification& checks, const disclosure::JsonNode& document,
                                      std::string_view source);
[[nodiscard]] std::string verify_json(const disclosure::Verification& checks, const disclosure::JsonNode& document,
                                      std::string_view source);

}  // namespace sentinel::report
