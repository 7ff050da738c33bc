// Which sources a configuration asks for, and how each is run: one row a backend (chapter 04 §13.1). Pure function.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "energy/fetch.h"
#include "energy/source.h"

namespace sentinel::energy {

struct Plan {
  Backend backend = Backend::kAlumet;
  FetchRules rules;
  std::chrono::seconds period{5};
  bool at_once = false;     // the first tick is at start, not a period later
  bool quiet = false;       // single failures are only for debugging: what counts is that something came
  std::string about;        // for the log at start
  std::string without;      // what holds while it cannot be read, for the warning about an outage
  std::string warning;      // about the configuration, for the log at start; empty: none
  std::string authorities;  // PEM file to trust instead of the system's
  std::vector<std::pair<std::string, std::string>> headers;
  std::unique_ptr<Source> source;
};

// Of the sections that are active and have something to ask.
[[nodiscard]] std::vector<Plan> plans_of(const config::GreenConfig& config);

}  // namespace sentinel::energy
