// Energy of one operation under the proxy model (chapter 04 §5.1): a base figure times a coefficient of what it does.
//
// EnergyModel is immutable but for a cache of statement verbs that any thread may fill: it holds one of two values for a
// template, unknown or its verb, so the threads cannot disagree.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "model/symbols.h"
#include "score/constants.h"

namespace sentinel::score {

class EnergyModel {
 public:
  EnergyModel(const model::Symbols& symbols, bool per_operation)
      : symbols_(symbols), per_operation_(per_operation), verbs_(per_operation ? symbols.texts.size() : 0) {}

  // kWh, before calibration.
  [[nodiscard]] double of(const model::SpanRecord& span) const {
    if (!per_operation_ || span.type() == model::EventType::kMessaging) return kEnergyPerIoOpKwh;
    return span.type() == model::EventType::kSql ? of_verb(verb(span.template_id)) : of_response(span);
  }

 private:
  [[nodiscard]] static double of_verb(model::SqlVerb verb) {
    static constexpr std::array<double, 5> kByVerb = {
        kEnergyPerIoOpKwh,                       // kOther
        kEnergyPerIoOpKwh * kSelectCoefficient,  // kSelect
        kEnergyPerIoOpKwh * kWriteCoefficient,   // kInsert
        kEnergyPerIoOpKwh * kWriteCoefficient,   // kUpdate
        kEnergyPerIoOpKwh * kDeleteCoefficient,  // kDelete
    };
    return kByVerb[static_cast<std::size_t>(verb)];
  }

  [[nodiscard]] static double of_response(const model::SpanRecord& span) {
    if (!span.has(model::kHasResponseSize)) return kEnergyPerIoOpKwh;
    if (span.response_bytes < kMediumBodyBytes) return kEnergyPerIoOpKwh * kSmallBodyCoefficient;
    if (span.response_bytes <= kMediumBodyLastBytes) return kEnergyPerIoOpKwh * kMediumBodyCoefficient;
    return kEnergyPerIoOpKwh * kLargeBodyCoefficient;
  }

  // The template keeps the first word of its statement, so one look serves all spans of a template.
  [[nodiscard]] model::SqlVerb verb(model::TextId statement_template) const {
    std::atomic<std::uint8_t>& cached = verbs_[statement_template];
    if (const std::uint8_t known = cached.load(std::memory_order_relaxed); known != 0) {
      return static_cast<model::SqlVerb>(known - 1);
    }
    const model::SqlVerb verb = model::sql_verb(symbols_.text(statement_template));
    cached.store(static_cast<std::uint8_t>(static_cast<unsigned>(verb) + 1), std::memory_order_relaxed);
    return verb;
  }

  const model::Symbols& symbols_;
  bool per_operation_;
  mutable std::vector<std::atomic<std::uint8_t>> verbs_;  // by template id: 0 unknown, else verb + 1
};

}  // namespace sentinel::score
