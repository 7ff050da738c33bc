// [[rules]]: thresholds and suppressions for a part of the findings, with a reason and, if wanted, a last day.
//
// A rule has a scope (all that is given must match) and one effect: it suppresses findings, or sets thresholds for the
// detectors they belong to. Plain data; analysis/scoped_rules.h says how rules are applied.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/finding.h"

namespace sentinel::config {

struct KeyRow;

inline constexpr std::size_t kMaxRules = 256;

struct ScopedThreshold {
  const KeyRow* key = nullptr;  // a whole number of [detection]
  std::uint64_t value = 0;
};

struct ScopedRule {
  std::string name;  // as given, else "#3"
  std::string reason;
  std::optional<std::string> expires_at;        // as written
  std::optional<std::int64_t> active_until_ms;  // ms since 1970
  bool expired = false;                         // when the configuration was loaded; then it applies no longer

  // Scope: patterns of base/glob.h; absent ones match everything.
  std::optional<std::string> endpoint;
  std::optional<std::string> service;
  std::optional<std::string> template_text;
  std::map<std::string, std::string> attributes;  // captured grouping attribute -> pattern of its value
  std::vector<model::FindingType> types;          // of a suppression; empty: all

  // Effect: one of them.
  bool suppress = false;
  std::vector<ScopedThreshold> thresholds;

  std::string origin;  // "FILE:LINE"
};

}  // namespace sentinel::config
