// The merged documents into Config fields, by the rows of the key table: types and widths only, no rules (chapter 06 §2.1).
// A pure function, any thread.
#pragma once

#include <optional>
#include <string>

#include "config/documents.h"
#include "config/problems.h"

namespace sentinel::config {

// Texts that become something else once their spelling was checked.
struct Spellings {
  std::optional<std::string> environment;
  std::optional<std::string> metric_kind;
  std::optional<std::string> sanitizer;
};

void read_config(const Documents& documents, Config& config, Spellings& spellings, Problems& problems);

}  // namespace sentinel::config
