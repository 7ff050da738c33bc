#include "ingest/decoded.h"

#include <cstdlib>

namespace sentinel::ingest {

std::uint64_t& counter(model::IngestTally& tally, DropReason reason) {
  switch (reason) {
    case DropReason::kNone:
      break;
    case DropReason::kNotIo:
      return tally.not_io;
    case DropReason::kMissingDbStatement:
      return tally.missing_db_statement;
    case DropReason::kMissingHttpUrl:
      return tally.missing_http_url;
    case DropReason::kNonSqlDatastore:
      return tally.non_sql_datastore;
    case DropReason::kMergedDbSpan:
      return tally.merged_db_span;
  }
  std::abort();  // bug: kNone is never counted
}

void uncount(const SpanNode& node, const Decoded& batch, model::IngestTally& tally) {
  --tally.received;
  if (node.drop != DropReason::kNone) {
    --counter(tally, node.drop);
  } else if (batch.records[node.record].type() == model::EventType::kSql) {
    --tally.retained_sql;
  } else if (node.has(kNodeHttpUrl)) {
    --tally.retained_http;
  }
}

}  // namespace sentinel::ingest
