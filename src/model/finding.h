// A finding as reports show it (chapter 03 §6). Plain data; texts are views into the run's Symbols, its arenas or the
// document a report was read from, whichever made the finding, and live as long as that owner.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/symbols.h"

namespace sentinel::model {

// Canonical order of chapter 03 §3.4: sorting and SARIF use it.
enum class FindingType : std::uint8_t {
  kNPlusOneSql,
  kNPlusOneHttp,
  kNPlusOneMessaging,
  kRedundantSql,
  kRedundantHttp,
  kSlowSql,
  kSlowHttp,
  kSlowMessaging,
  kExcessiveFanout,
  kChattyService,
  kPoolSaturation,
  kSerializedCalls,
};
inline constexpr std::size_t kFindingTypes = 12;

enum class Severity : std::uint8_t { kCritical, kWarning, kInfo };  // worst first
enum class Confidence : std::uint8_t { kLocalBatch, kCiBatch, kDaemonStaging, kDaemonProduction };
enum class Classification : std::uint8_t { kAbsent, kDirect, kSanitizerHeuristic };
enum class Band : std::uint8_t { kHealthy, kModerate, kHigh, kCritical };

// Name in JSON, name for people, and whether the repeated operations could be avoided (03 §3.4).
struct FindingTypeInfo {
  std::string_view slug;
  std::string_view label;
  bool avoidable;
};
[[nodiscard]] const FindingTypeInfo& info(FindingType type);
[[nodiscard]] std::string_view slug(FindingType type);
[[nodiscard]] std::string_view slug(Severity severity);
[[nodiscard]] std::string_view slug(Confidence confidence);
[[nodiscard]] std::string_view slug(Band band);
[[nodiscard]] std::string_view slug(EventType type);  // sql, http_out, messaging

// Bands of 03 §14: value >= bound, NaN is healthy.
[[nodiscard]] Band io_intensity_band(double io_intensity_score);
[[nodiscard]] Band io_waste_ratio_band(double io_waste_ratio);

struct TimingStats {
  std::uint64_t p50_us = 0;
  std::uint64_t p99_us = 0;
  std::uint32_t cv_x1000 = 0;
};

struct Pattern {
  std::string_view template_text;
  std::uint64_t occurrences = 0;
  std::uint64_t window_ms = 0;
  std::uint64_t distinct_params = 0;
  std::optional<std::uint64_t> p50_us;
  std::optional<std::uint64_t> p99_us;
  std::optional<std::uint32_t> cv_x1000;
};

struct GreenImpact {
  std::uint64_t extra_io_ops = 0;
  double io_intensity_score = 0.0;
  Band band = Band::kHealthy;
};

// Absent texts have a null data(); an empty text may be present.
struct CodeLocation {
  std::string_view function;
  std::string_view filepath;
  std::string_view code_namespace;
  std::optional<std::uint32_t> lineno;

  [[nodiscard]] bool present() const {
    return function.data() != nullptr || filepath.data() != nullptr || code_namespace.data() != nullptr || lineno.has_value();
  }
};

struct SuggestedFix {
  std::string_view pattern;  // the finding's type slug
  std::string_view framework;
  std::string_view recommendation;
  std::string_view reference_url;  // empty = none
};

struct FindingImpact;  // model/impact.h

struct Finding {
  FindingType type = FindingType::kNPlusOneSql;
  Severity severity = Severity::kInfo;
  Confidence confidence = Confidence::kCiBatch;
  Classification classification = Classification::kAbsent;
  std::string_view trace_id;
  std::string_view service;
  std::span<const GroupPair> grouping;
  std::string_view source_endpoint;
  Pattern pattern;
  std::string_view suggestion;
  std::string_view first_timestamp;
  std::string_view last_timestamp;
  std::optional<GreenImpact> green_impact;
  CodeLocation code_location;
  std::span<const std::string_view> scopes;
  std::optional<SuggestedFix> suggested_fix;
  std::string_view signature;
  // The spans it is about, as places in the trace `trace`: ascending, of serialised calls in order of time. Of a slow finding
  // across traces those of the trace it names. None when read from a report.
  std::span<const std::uint32_t> spans;
  TextId trace = 0;
  const FindingImpact* impact = nullptr;  // null: not assessed
};

}  // namespace sentinel::model
