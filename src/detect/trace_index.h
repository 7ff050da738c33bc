// What the detectors share about one trace: its spans grouped by template and by parent, and found by id.
//
// build() makes one pass over the spans; the rest is made when first asked for, so that an ordinary trace pays for little more
// than its template groups. Groups come in order of first appearance, members in span order (chapter 03 §1.3). Memory is kept
// from trace to trace. Spans are named by their place in the trace. One thread at a time; the trace and its Symbols must
// outlive the use of the index.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "detect/groups.h"
#include "model/span_record.h"
#include "model/symbols.h"

namespace sentinel::detect {

// What N+1 and slow findings group by: type, template and grouping identity in one word.
class TemplateKey {
 public:
  TemplateKey() = default;
  TemplateKey(const model::Symbols& symbols, const model::SpanRecord& s)
      : bits_(s.template_id | std::uint64_t{s.grouping == 0 ? 0 : model::grouping_identity(symbols, s)} << 32 |
              static_cast<std::uint64_t>(s.type()) << kTypeShift) {}

  [[nodiscard]] model::TextId template_id() const { return static_cast<model::TextId>(bits_); }
  [[nodiscard]] std::uint32_t identity() const { return static_cast<std::uint32_t>(bits_ >> 32) & kIdentityMask; }
  [[nodiscard]] model::EventType type() const { return static_cast<model::EventType>(bits_ >> kTypeShift); }

  friend bool operator==(const TemplateKey&, const TemplateKey&) = default;
  friend std::uint64_t hash_of(const TemplateKey& key) { return spread(key.bits_); }

 private:
  static constexpr unsigned kTypeShift = 62;  // a run holds far fewer than 2^30 grouping lists
  static constexpr std::uint32_t kIdentityMask = (1U << 30) - 1;
  std::uint64_t bits_ = 0;
};

struct Claim {
  bool taken = false;  // an N+1 finding stands for the group, so redundant passes it over
};
using TemplateGroups = Groups<TemplateKey, Claim>;
using TemplateGroup = TemplateGroups::Group;

// A span or parent id: the value of 16 hex digits, or 64 bits of hash of another text, which tell ids of one trace apart.
struct SpanKey {
  std::uint64_t value = 0;
  bool is_text = false;
  friend bool operator==(const SpanKey&, const SpanKey&) = default;

  static SpanKey of(const model::Symbols& symbols, const model::SpanRecord& s) {
    return of_id(symbols, s.span_id, s.has(model::kSpanIdIsText));
  }
  static SpanKey of_parent(const model::Symbols& symbols, const model::SpanRecord& s) {
    return of_id(symbols, s.parent_id, s.has(model::kParentIdIsText));
  }
  static SpanKey of_id(const model::Symbols& symbols, std::uint64_t id, bool is_text) {
    return is_text ? of_text(symbols.id_text(id)) : SpanKey{id, false};
  }
  static SpanKey of_text(std::string_view text) { return {base::hash64(text), true}; }
};
[[nodiscard]] inline std::uint64_t hash_of(const SpanKey& key) { return spread(key.value) + (key.is_text ? 1 : 0); }

// Spans that name one parent; the parent itself may be missing from the trace.
using ParentGroups = Groups<SpanKey>;
using ParentGroup = ParentGroups::Group;

class TraceIndex {
 public:
  // Spans longer than `slow_limit_us` count as slow.
  void build(const model::TraceView& trace, const model::Symbols& symbols, std::uint64_t slow_limit_us);

  [[nodiscard]] std::span<TemplateGroup> templates() { return templates_.all(); }
  [[nodiscard]] Members members(const TemplateGroup& group) const { return templates_.members(group); }

  [[nodiscard]] std::size_t count(model::EventType type) const { return type_counts_[static_cast<std::size_t>(type)]; }
  [[nodiscard]] std::size_t slow_count() const { return slow_count_; }

  // In order of the first child.
  [[nodiscard]] std::span<const ParentGroup> parents() {
    if (!parents_built_) build_parents();
    return parents_.all();
  }
  [[nodiscard]] Members children(const ParentGroup& parent) const { return parents_.members(parent); }

  // The last span with this id, else kNone.
  [[nodiscard]] std::uint32_t find_span(SpanKey id);

 private:
  void build_parents();
  void build_ids();

  std::span<const model::SpanRecord* const> spans_;
  const model::Symbols* symbols_ = nullptr;

  TemplateGroups templates_;
  std::array<std::size_t, 4> type_counts_{};
  std::size_t slow_count_ = 0;
  bool any_parent_ = false;

  bool parents_built_ = false;
  ParentGroups parents_;

  bool ids_built_ = false;
  std::vector<SpanKey> span_keys_;  // by span
  IndexTable ids_;
};

}  // namespace sentinel::detect
