// Several OTLP protobuf messages as one input: what a trace backend hands out trace by trace (chapter 02 §3).
//
// Each message is a document of its own, resolved by itself; events come in the order of the messages. A message that is
// malformed is left out whole and says why, the others count.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ingest/ingest.h"

namespace sentinel::ingest {

// Collects messages; one thread. Texts are copied, so that a message may go once it was added.
class RequestCollector {
 public:
  explicit RequestCollector(const IngestSettings& settings);
  ~RequestCollector();
  RequestCollector(const RequestCollector&) = delete;
  RequestCollector& operator=(const RequestCollector&) = delete;

  // The number of spans in the message, I/O or not; the error says what is malformed and where.
  [[nodiscard]] base::Result<std::uint64_t> add(std::string_view message);

  // Resolves what was added. To be called once, last.
  [[nodiscard]] Ingested finish(unsigned threads);

 private:
  const IngestSettings& settings_;
  std::unique_ptr<Worker> worker_;
  std::vector<Decoded> results_;
};

}  // namespace sentinel::ingest
