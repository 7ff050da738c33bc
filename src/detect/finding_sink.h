// Where detectors put what they found: fills the parts that findings have in common and keeps their texts.
//
// Texts are composed in one reused buffer and copied into the arena, which must outlive the findings. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "detect/group_facts.h"
#include "model/finding.h"
#include "model/symbols.h"

namespace sentinel::detect {

// What replaces one "{}" of a wording: a text, a whole number, or microseconds shown as milliseconds with one decimal.
class TextPart {
 public:
  struct Milliseconds {
    std::uint64_t us;
  };

  TextPart(std::string_view text) : text_(text) {}                               // NOLINT(google-explicit-constructor)
  TextPart(std::uint64_t number) : kind_(Kind::kNumber), number_(number) {}      // NOLINT(google-explicit-constructor)
  TextPart(Milliseconds time) : kind_(Kind::kMilliseconds), number_(time.us) {}  // NOLINT(google-explicit-constructor)

  void append_to(std::string& out) const;

  // The same number, or the same text at the same place.
  [[nodiscard]] bool same_as(const TextPart& other) const {
    return number_ == other.number_ && text_.data() == other.text_.data() && text_.size() == other.text_.size() &&
           kind_ == other.kind_;
  }
  [[nodiscard]] std::uint64_t place_hash() const { return number_ * 31 + reinterpret_cast<std::uintptr_t>(text_.data()); }
  TextPart() = default;

 private:
  enum class Kind : std::uint8_t { kText, kNumber, kMilliseconds };

  Kind kind_ = Kind::kText;
  std::string_view text_;
  std::uint64_t number_ = 0;
};

// Appends `wording`, its "{}" replaced by the parts in order.
void append_wording(std::string& out, std::string_view wording, std::initializer_list<TextPart> parts);

// Whether findings get to know their spans: where impact or trees are to be shown.
enum class Evidence : std::uint8_t { kLeftOut, kSpans };

class FindingSink {
 public:
  FindingSink(const model::Symbols& symbols, base::Arena& texts, std::vector<model::Finding>& findings, Evidence evidence)
      : symbols_(symbols), texts_(texts), findings_(findings), evidence_(evidence) {}

  // A new finding at the end of the list, valid until the next one is added. Service, grouping and endpoint come from `place`.
  model::Finding& add(model::FindingType type, model::Severity severity, model::TextId trace, const model::SpanRecord& place);

  // The spans that a finding is about: `count` places in its trace, or what `place_of` makes places. Left alone where nobody
  // asks for them.
  template <class Places, class PlaceOf = std::identity>
  void set_spans(model::Finding& finding, const Places& places, std::size_t count, PlaceOf place_of = {}) {
    if (!keeps_spans()) return;
    const std::span<std::uint32_t> spans = texts_.array<std::uint32_t>(count);
    std::size_t filled = 0;
    for (const auto& place : places) spans[filled++] = std::invoke(place_of, place);
    finding.spans = spans;
  }

  // Code location and instrumentation scopes of a span.
  void set_origin(model::Finding& finding, const model::SpanRecord& span);

  void set_bounds(model::Finding& finding, const Bounds& bounds);
  static void set_timing(model::Finding& finding, const Timing& timing);

  [[nodiscard]] bool keeps_spans() const { return evidence_ == Evidence::kSpans; }

  // Texts that live as long as the findings.
  std::string_view keep(std::string_view text) { return texts_.copy(text); }
  std::string_view keep(std::string_view wording, std::initializer_list<TextPart> parts);
  // The same where all texts among the parts last as long as the sink: what was composed of them lately is given again.
  std::string_view keep_same(std::string_view wording, std::initializer_list<TextPart> parts);

  [[nodiscard]] const model::Symbols& symbols() const { return symbols_; }
  [[nodiscard]] std::vector<model::Finding>& findings() { return findings_; }

 private:
  const model::Symbols& symbols_;
  base::Arena& texts_;
  std::vector<model::Finding>& findings_;
  Evidence evidence_;
  std::string draft_;
  base::IsoWriter iso_;

  struct Composed {
    const char* wording = nullptr;
    std::array<TextPart, 6> parts;
    std::string_view text;
  };
  static constexpr std::size_t kComposed = 64;
  std::vector<Composed> composed_ = std::vector<Composed>(kComposed);
};

}  // namespace sentinel::detect
