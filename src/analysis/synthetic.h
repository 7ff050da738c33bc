// Synthetic I/O events for `bench`: a deterministic stream of traces with a fixed mix of patterns (chapter 01 §13).
//
// The same count, services, seed and pattern give the same events on every machine. The object owns all texts; events() are
// views into it, valid for its lifetime, moves included. Not for several threads while it is made; read-only afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "ingest/raw_event.h"

namespace sentinel::analysis {

// What the SQL statements look like; timing, ids and HTTP events are those of kMixed in every pattern.
enum class SyntheticPattern : std::uint8_t {
  kMixed,     // as specified: a few templates, many parameter values
  kRepeated,  // all statements are one and the same text
  kDistinct,  // every statement has a text and a template of its own
};
[[nodiscard]] std::optional<SyntheticPattern> parse_synthetic_pattern(std::string_view name);  // mixed, repeated, distinct

struct SyntheticOptions {
  std::uint64_t events = 0;
  std::uint64_t services = 16;  // 0 counts as 1
  std::uint64_t seed = 42;
  SyntheticPattern pattern = SyntheticPattern::kMixed;
};

// xorshift64*: the generator's only source of chance.
class SyntheticRandom {
 public:
  explicit SyntheticRandom(std::uint64_t seed);
  std::uint64_t next();
  std::uint64_t pick(std::uint64_t n) { return next() % n; }  // n > 0

 private:
  std::uint64_t state_;
};

class SyntheticDataset {
 public:
  explicit SyntheticDataset(const SyntheticOptions& options);
  SyntheticDataset(SyntheticDataset&&) noexcept = default;
  SyntheticDataset& operator=(SyntheticDataset&&) noexcept = default;

  // Exactly `options.events` events.
  [[nodiscard]] std::span<const ingest::RawEvent> events() const { return events_; }

 private:
  base::Arena texts_;
  std::vector<ingest::RawEvent> events_;
};

}  // namespace sentinel::analysis
