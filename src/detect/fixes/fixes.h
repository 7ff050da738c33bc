// The suggested fix of a finding: framework-specific advice from a fixed table (chapter 03 §8).
//
// Pure; the texts are literals of the program. The rows are in rows_*.cpp, one file a group of languages. Any thread.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "detect/fixes/framework.h"
#include "model/finding.h"

namespace sentinel::detect {

struct FixRow {
  model::FindingType type;
  Framework framework;
  std::string_view recommendation;
  std::string_view reference_url;  // empty = none
};

// The fix for a finding, nullopt when its framework is unknown or has no row for the type.
[[nodiscard]] std::optional<model::SuggestedFix> suggested_fix(const model::Finding& finding);

// The same for many findings: the framework that a service's name alone tells is looked up once. Names must stay in their place
// meanwhile. One thread.
class FixFinder {
 public:
  [[nodiscard]] std::optional<model::SuggestedFix> fix_for(const model::Finding& finding);

 private:
  struct Known {
    std::string_view service;
    Framework framework = Framework::kUnknown;
  };
  static constexpr std::size_t kKnown = 64;
  std::array<Known, kKnown> by_service_;
};

// All rows, language by language; for the look-up, tests and documentation.
[[nodiscard]] std::span<const std::span<const FixRow>> fix_tables();

// The tables themselves.
extern const std::span<const FixRow> kJavaFixes;
extern const std::span<const FixRow> kCsharpFixes;
extern const std::span<const FixRow> kPythonFixes;
extern const std::span<const FixRow> kRustFixes;
extern const std::span<const FixRow> kGoFixes;
extern const std::span<const FixRow> kNodeFixes;
extern const std::span<const FixRow> kRubyFixes;
extern const std::span<const FixRow> kPhpFixes;
extern const std::span<const FixRow> kBrokerFixes;

}  // namespace sentinel::detect
