// Energy of one operation under the proxy model (chapter 04 §5.1): a base figure times a coefficient of what it does.
//
// EnergyModel is immutable but for a cache of statement verbs that any thread may fill: it holds one of two values for a
// template, unknown or its verb, so the threads cannot disagree. cover_texts() is for one thread while no other reads.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "config/config.h"
#include "model/symbols.h"
#include "score/constants.h"

namespace sentinel::score {

// Whether a configuration has operations weighed by what they do.
[[nodiscard]] inline bool uses_coefficients(const config::GreenConfig& config) {
  return config.enabled && config.per_operation_coefficients;
}

class EnergyModel {
 public:
  EnergyModel(const model::Symbols& symbols, bool per_operation) : symbols_(symbols), per_operation_(per_operation) {
    cover_texts();
  }

  // Makes room for the texts that have joined since: a model that outlives a window calls it before the next one.
  void cover_texts() {
    const std::size_t texts = symbols_.texts.size();
    if (!per_operation_ || texts <= covered_) return;
    const std::size_t covered = std::max(texts, covered_ * 2);
    auto verbs = std::make_unique<Verb[]>(covered);
    for (std::size_t i = 0; i < covered_; ++i)
      verbs[i].store(verbs_[i].load(std::memory_order_relaxed), std::memory_order_relaxed);
    verbs_ = std::move(verbs);
    covered_ = covered;
  }

  // kWh, before calibration.
  [[nodiscard]] double of(const model::SpanRecord& span) const {
    if (!per_operation_ || span.type() == model::EventType::kMessaging) return kEnergyPerIoOpKwh;
    return span.type() == model::EventType::kSql ? of_verb(verb(span.template_id)) : of_response(span);
  }

 private:
  using Verb = std::atomic<std::uint8_t>;  // 0 unknown, else verb + 1

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
    Verb& cached = verbs_[statement_template];
    if (const std::uint8_t known = cached.load(std::memory_order_relaxed); known != 0) {
      return static_cast<model::SqlVerb>(known - 1);
    }
    const model::SqlVerb verb = model::sql_verb(symbols_.text(statement_template));
    cached.store(static_cast<std::uint8_t>(static_cast<unsigned>(verb) + 1), std::memory_order_relaxed);
    return verb;
  }

  const model::Symbols& symbols_;
  bool per_operation_;
  std::unique_ptr<Verb[]> verbs_;  // by template id
  std::size_t covered_ = 0;        // how many
};

}  // namespace sentinel::score
