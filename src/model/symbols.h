// What the ids of span records stand for: texts, templates, grouping lists, origins and rare extras of one run.
//
// Filled by the ingest and the normaliser, read-only for every later stage; then safe for any number of readers. Views and
// spans it gives stay valid for its lifetime, moves included.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/string_pool.h"
#include "base/text_log.h"
#include "model/span_record.h"

namespace sentinel::model {

// One captured deployment dimension, e.g. {"k8s.namespace.name", "shop"}.
struct GroupPair {
  std::string_view key;
  std::string_view value;
  friend bool operator==(const GroupPair&, const GroupPair&) = default;
};

// A captured list; its first pair is the identity that grouping keys compare (03 §1.2).
struct Grouping {
  std::span<const GroupPair> pairs;
  std::uint32_t identity = 0;  // equal for lists whose first pair is equal; 0 only for the empty list
};

// Where a span comes from in the code: kNoText marks an absent field (an empty text may be present).
struct Origin {
  TextId function = 0;
  TextId filepath = 0;
  TextId code_namespace = 0;
  std::optional<std::uint32_t> lineno;
  std::span<const TextId> scopes;  // instrumentation scopes, leaf first
  // Ingest only: the endpoint that this code gives where it differs from what function and namespace say (01 §8.9, control
  // characters at their ends); kEmptyText = gives none.
  TextId frame = 0;

  [[nodiscard]] bool has_code() const { return function != 0 || filepath != 0 || code_namespace != 0 || lineno.has_value(); }
};

// Facts that few spans have.
struct SpanExtra {
  TextId timestamp_text = 0;              // the raw text when it is not in canonical form, else kNoText
  std::optional<std::uint64_t> start_ms;  // its value, nullopt when unparseable; only with timestamp_text
  TextId link_trace = 0;                  // trace id of the producer that triggered this work
  TextId peer_region = 0;                 // region that [green.service_regions] maps the called host to
  TextId target = 0;                      // statement or URL as sanitised; only where the ingest was asked to keep it
};

// The verb of a statement template: decides its energy coefficient (04 §5.1).
enum class SqlVerb : std::uint8_t { kOther, kSelect, kInsert, kUpdate, kDelete };

class Symbols {
 public:
  Symbols();
  Symbols(Symbols&&) noexcept = default;
  Symbols& operator=(Symbols&&) noexcept = default;

  base::StringPool texts;

  // Span ids that are no hex digits and that nothing compares before the detectors do: kept without a look-up.
  base::TextLog span_ids;
  static constexpr std::uint64_t kLoggedId = std::uint64_t{1} << 32;  // the id of a record: a number of span_ids, else a TextId

  // The text that a record's id with kSpanIdIsText or kParentIdIsText names.
  [[nodiscard]] std::string_view id_text(std::uint64_t id) const {
    return (id & kLoggedId) != 0 ? span_ids.text(static_cast<std::uint32_t>(id)) : texts.text(static_cast<TextId>(id));
  }

  [[nodiscard]] std::string_view text(TextId id) const { return texts.text(id); }

  // Ids of composite values; equal values get equal ids.
  GroupingId intern_grouping(std::span<const GroupPair> pairs);
  OriginId intern_origin(const Origin& origin);
  ExtraId add_extra(const SpanExtra& extra);

  [[nodiscard]] const Grouping& grouping(GroupingId id) const { return groupings_[id]; }
  [[nodiscard]] const Origin& origin(OriginId id) const { return origins_[id]; }
  [[nodiscard]] const SpanExtra& extra(ExtraId id) const { return extras_[id]; }
  // Numbers of ids, 0 included.
  [[nodiscard]] std::size_t groupings() const { return groupings_.size(); }
  [[nodiscard]] std::size_t origins() const { return origins_.size(); }
  [[nodiscard]] std::size_t extras() const { return extras_.size(); }
  SpanExtra& mutable_extra(ExtraId id) { return extras_[id]; }

  // Old id -> new id of everything in an absorbed Symbols.
  struct Remap {
    std::vector<TextId> texts;
    std::vector<GroupingId> groupings;
    std::vector<OriginId> origins;
    ExtraId extra_offset = 0;  // added to ids other than 0
    std::uint32_t span_id_offset = 0;

    void apply(SpanRecord& record) const;

   private:
    [[nodiscard]] std::uint64_t of_id_text(std::uint64_t id) const {
      return (id & kLoggedId) != 0 ? id + span_id_offset : texts[id];
    }
  };
  Remap absorb(Symbols&& other);

 private:
  base::Arena arena_;
  std::vector<base::Arena> absorbed_;
  std::vector<Grouping> groupings_;
  std::vector<std::uint64_t> grouping_hashes_;
  std::vector<std::uint32_t> grouping_slots_;
  std::vector<Origin> origins_;
  std::vector<std::uint64_t> origin_hashes_;
  std::vector<std::uint32_t> origin_slots_;
  std::vector<SpanExtra> extras_;
};

// -- reading records

// The timestamp of a span as its text: canonical ones are formatted, odd ones kept. `buffer` holds at least 24 bytes.
[[nodiscard]] std::string_view timestamp_text(const Symbols& symbols, const SpanRecord& span, std::span<char> buffer);

// Start in milliseconds since 1970, nullopt when the timestamp does not parse.
[[nodiscard]] std::optional<std::uint64_t> start_ms(const Symbols& symbols, const SpanRecord& span);

// True when the timestamp is kept as text (such spans order by bytes, not by value).
[[nodiscard]] bool has_odd_timestamp(const Symbols& symbols, const SpanRecord& span);

// Span and parent ids as text; `buffer` holds at least 16 bytes.
[[nodiscard]] std::string_view span_id_text(const Symbols& symbols, const SpanRecord& span, std::span<char> buffer);
[[nodiscard]] std::string_view parent_id_text(const Symbols& symbols, const SpanRecord& span, std::span<char> buffer);

// Grouping identity of a span: 0 = none, equal numbers mean equal first pairs.
[[nodiscard]] inline std::uint32_t grouping_identity(const Symbols& symbols, const SpanRecord& span) {
  return symbols.grouping(span.grouping).identity;
}

// First token of a statement template, ASCII case ignored.
[[nodiscard]] SqlVerb sql_verb(std::string_view statement_template);

}  // namespace sentinel::model
