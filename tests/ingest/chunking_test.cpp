// The size of the blocks that are read and the number of threads change nothing: not an event, not a counter, not an error.
#include <gtest/gtest.h>

#include "ingest/support/events.h"

namespace sentinel::ingest::test {
namespace {

// Formats are recognised from the first block, which is meant to be larger than these: so here they are named.
const Format& format_of(std::string_view input) {
  if (input.starts_with("\xEF\xBB\xBF")) input.remove_prefix(3);
  return recognise(input);
}

void expect_same_in_pieces(const std::string& input) {
  const json whole = outcome_of(input, default_options());
  for (const std::size_t block_size : {std::size_t{1}, std::size_t{64}, Cutter::kBlockSize}) {
    for (const unsigned threads : {1U, 7U}) {
      SCOPED_TRACE("blocks of " + std::to_string(block_size) + ", " + std::to_string(threads) + " threads");
      IngestOptions options = default_options();
      options.block_size = block_size;
      options.threads = threads;
      options.format = &format_of(input);
      EXPECT_EQ(outcome_of(input, options), whole);
    }
  }
}

TEST(Chunking, EventVectorsComeOutTheSame) {
  const json vectors = read_vectors("01_event_vectors.json");
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    SCOPED_TRACE("vector " + std::to_string(i));
    expect_same_in_pieces(vectors[i]["input"].dump());
    expect_same_in_pieces(vectors[i]["input"].dump(2));
  }
}

TEST(Chunking, DecodeVectorsComeOutTheSame) {
  for (const json& vector : read_vectors("01_decode_vectors.json")) {
    if (!vector.contains("input")) continue;
    const auto input = vector["input"].get<std::string>();
    SCOPED_TRACE(vector["name"].get<std::string>() + ": " + input);
    expect_same_in_pieces(input);
  }
}

}  // namespace
}  // namespace sentinel::ingest::test
