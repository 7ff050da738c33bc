// The newest findings of a daemon, each kept as the JSON that clients are given (chapter 05 §5.1).
//
// One entry is one block of text; what is asked for by value (service, trace, signature …) is kept beside the JSON in the same
// block. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace sentinel::daemon {

class StoredFinding {
 public:
  // `json` is the finding as one compact object.
  StoredFinding(const model::Finding& finding, std::string_view json, std::uint64_t now_ms);

  [[nodiscard]] std::string_view json() const { return part(kJson); }
  [[nodiscard]] std::string_view trace_id() const { return part(kTrace); }
  [[nodiscard]] std::string_view service() const { return part(kService); }
  [[nodiscard]] std::string_view endpoint() const { return part(kEndpoint); }
  [[nodiscard]] std::string_view signature() const { return part(kSignature); }
  // Deployment identity: first grouping pair as "key\0value"; empty = none.
  [[nodiscard]] std::string_view identity() const { return part(kIdentity); }

  model::FindingType type;
  model::Severity severity;
  std::uint64_t occurrences;
  std::uint64_t extra_io_ops;
  std::uint64_t stored_at_ms;

 private:
  enum Part : std::uint8_t { kJson, kTrace, kService, kEndpoint, kSignature, kIdentity, kParts };
  [[nodiscard]] std::string_view part(Part which) const {
    const std::uint32_t first = which == 0 ? 0 : ends_[which - 1U];
    return std::string_view(text_).substr(first, ends_[which] - first);
  }

  std::string text_;
  std::array<std::uint32_t, kParts> ends_{};
};

using FindingRef = std::shared_ptr<const StoredFinding>;

// One problem: what repeats of a finding fold into.
struct FindingRow {
  FindingRef finding;  // the worst instance; of equals the newest
  std::uint64_t stored_at_ms = 0;
  std::uint64_t first_seen_ms = 0;
  std::uint64_t seen_count = 0;
};

// Texts as the client wrote them; null data() = any. A value that no finding can have matches nothing.
struct FindingFilter {
  std::string_view service = {};
  std::string_view type = {};
  std::string_view severity = {};
  std::size_t limit = 100;
};

class FindingsRing {
 public:
  explicit FindingsRing(std::size_t capacity) : capacity_(capacity) {}

  void append(FindingRef finding);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  // Rows by their newest entry, newest first.
  [[nodiscard]] std::vector<FindingRow> fold(const FindingFilter& filter) const;

  // Entries newest first, at most `limit`; of one trace, or of any when `trace_id` has no data().
  [[nodiscard]] std::vector<FindingRef> newest(std::size_t limit, std::string_view trace_id = {}) const;

 private:
  std::size_t capacity_;
  std::deque<FindingRef> entries_;  // oldest first
};

}  // namespace sentinel::daemon
