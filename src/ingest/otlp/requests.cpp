#include "ingest/otlp/requests.h"

#include "ingest/decoder.h"
#include "ingest/otlp/protobuf.h"
#include "ingest/resolve.h"

namespace sentinel::ingest {

RequestCollector::RequestCollector(const IngestSettings& settings)
    : settings_(settings), worker_(std::make_unique<Worker>(settings)) {}
RequestCollector::~RequestCollector() = default;

base::Result<std::uint64_t> RequestCollector::add(std::string_view message) {
  Decoded decoded;
  if (const base::Status done = decode_otlp_protobuf(message, *worker_, decoded); !done) return done.error();
  decoded.sequence = results_.size();
  results_.push_back(std::move(decoded));
  return std::uint64_t{results_.back().nodes.size()};
}

Ingested RequestCollector::finish(unsigned threads) {
  Ingested out;
  out.format = &kOtlpProtobuf;
  out.symbols = std::move(worker_->symbols);
  model::IngestTally tally;
  for (const Decoded& message : results_) tally.add(message.tally);
  if (!results_.empty()) resolve(results_, kOtlpProtobuf, out.symbols, settings_, threads, tally, nullptr, &out.context);
  out.tally = tally;
  for (Decoded& message : results_) out.batches.push_back(std::move(message.records));
  return out;
}

}  // namespace sentinel::ingest
