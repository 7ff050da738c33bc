// Every recorded document gives exactly the recorded events, in every format, and OTLP also as protobuf.
#include <gtest/gtest.h>

#include "ingest/support/events.h"
#include "ingest/support/otlp_encode.h"

namespace sentinel::ingest::test {
namespace {

json expected_outcome(const json& vector) {
  json out = {{"events", json::array()}};
  for (const json& event : vector["events"]) out["events"].push_back(expected_event(event));
  if (vector.contains("tally")) out["tally"] = vector["tally"];
  return out;
}

TEST(EventVectors, EveryDocumentGivesTheRecordedEvents) {
  const json vectors = read_vectors("01_event_vectors.json");
  ASSERT_EQ(vectors.size(), 220U);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    SCOPED_TRACE("vector " + std::to_string(i) + ", " + vectors[i]["format"].get<std::string>());
    EXPECT_EQ(outcome_of(vectors[i]["input"].dump(), default_options()), expected_outcome(vectors[i]));
  }
}

TEST(EventVectors, OtlpDocumentsGiveTheSameEventsAsProtobuf) {
  IngestOptions options = default_options();
  options.format = &kOtlpProtobuf;
  const json vectors = read_vectors("01_event_vectors.json");
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (vectors[i]["format"] != "otlp") continue;
    const std::string request = otlp_protobuf(vectors[i]["input"]);
    if (request.empty()) continue;  // a file without bytes is refused as one without data
    SCOPED_TRACE("vector " + std::to_string(i));
    EXPECT_EQ(outcome_of(request, options), expected_outcome(vectors[i]));
  }
}

}  // namespace
}  // namespace sentinel::ingest::test
