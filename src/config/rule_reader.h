// Reading [[rules]] (scoped_rule.h): the table of a rule's keys, and the rules of the merged documents.
//
// Unknown keys are errors: a misspelt one would change what a rule does. Every error names the rule and its line. Pure
// functions, any thread.
#pragma once

#include <cstdint>
#include <string>

#include "config/config.h"
#include "config/documents.h"
#include "config/problems.h"

namespace sentinel::config {

// Call it after [detection] was read. Expired rules are marked as of `now_ms` and give a warning.
void read_rules(const Documents& documents, std::uint64_t now_ms, Config& config, Problems& problems);

// For `validate --explain`: empty without rules.
[[nodiscard]] std::string rules_text(const Config& config);

// For docs/configuration.md.
[[nodiscard]] std::string rules_markdown();

}  // namespace sentinel::config
