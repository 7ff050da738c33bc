// Finding signatures: "<type>:<service>:<endpoint>:<32 hex digits>" (chapter 03 §7). A breaking change here breaks users'
// acknowledgment files.
#pragma once

#include <string>

#include "model/finding.h"

namespace sentinel::detect {

[[nodiscard]] std::string signature(model::FindingType type, std::string_view service, std::string_view source_endpoint,
                                    std::string_view template_text);

// The 32 hex digits for a template, and a signature from them: for many findings with few templates.
[[nodiscard]] std::string template_hash(std::string_view template_text);
[[nodiscard]] std::string signature_with_hash(model::FindingType type, std::string_view service,
                                              std::string_view source_endpoint, std::string_view hash);

}  // namespace sentinel::detect
