// The texts of the spans that are alive: an interner and the decoder that fills it, given up for a fresh one before they grow
// without bound.
//
// Ids of a daemon's records mean something within one generation only. When a generation is full, the texts that live spans
// refer to move into the next one and the rest is freed at once, so that memory follows what is alive, whatever was received.
// One thread.
#pragma once

#include <cstddef>
#include <vector>

#include "ingest/decoder.h"
#include "ingest/resolve.h"

namespace sentinel::daemon {

// What a generation may hold before the next one begins; more where what was alive at its beginning asks for it.
struct GenerationLimits {
  std::size_t ids = 128 * 1024;               // of texts, origins, groupings and extras together
  std::size_t bytes = std::size_t{16} << 20;  // of texts
  static constexpr std::size_t kGrowth = 4;   // times what was alive
};

class Generation {
 public:
  explicit Generation(const ingest::IngestSettings& settings, GenerationLimits limits = {})
      : worker_(settings), limits_(limits) {}

  [[nodiscard]] ingest::Worker& worker() { return worker_; }
  [[nodiscard]] ingest::ResolveMemory& resolving() { return resolving_; }
  [[nodiscard]] model::Symbols& symbols() { return worker_.symbols; }
  [[nodiscard]] const model::Symbols& symbols() const { return worker_.symbols; }

  [[nodiscard]] bool full() const { return ids() >= limits_.ids || bytes() >= limits_.bytes; }

  // What is here now is alive: the limits stand well above it.
  void settle();

  [[nodiscard]] std::size_t ids() const;
  [[nodiscard]] std::size_t bytes() const { return symbols().texts.bytes() + symbols().span_ids.bytes(); }

 private:
  ingest::Worker worker_;
  ingest::ResolveMemory resolving_;
  GenerationLimits limits_;
};

// Gives records that speak of one Symbols the ids of another.
class Migration {
 public:
  Migration(const model::Symbols& from, model::Symbols& to) : from_(from), to_(to), texts_(from.texts.size(), 0) {}

  [[nodiscard]] base::TextId text(base::TextId id);
  void move(model::SpanRecord& record);

 private:
  [[nodiscard]] model::GroupingId grouping(model::GroupingId id);
  [[nodiscard]] model::OriginId origin(model::OriginId id);
  [[nodiscard]] model::ExtraId extra(model::ExtraId id);
  [[nodiscard]] base::TextId span_id(std::uint64_t id);

  const model::Symbols& from_;
  model::Symbols& to_;
  std::vector<base::TextId> texts_;  // by old id; 0 = not moved yet
  std::vector<model::GroupingId> groupings_;
  std::vector<model::OriginId> origins_;
  std::vector<base::TextId> scopes_;
};

}  // namespace sentinel::daemon
