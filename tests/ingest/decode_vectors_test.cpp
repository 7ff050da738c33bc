// Which malformed and unusual documents are accepted, and how many events they give.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "ingest/support/events.h"

namespace sentinel::ingest::test {
namespace {

std::string from_base64(const std::string& text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(kAlphabet.find(c));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xFF);
  }
  return out;
}

// Accepted by the recordings as an accident of their reader (01 §1.2: not to be copied); refused here.
constexpr std::array<std::string_view, 4> kRefusedHere = {"type as object", "source as array", "event as array",
                                                          "grouping pair array"};

// Refused by the recordings, read here: what `capture` and other writers put for a number that JSON has no form for.
constexpr std::string_view kReadHere = R"(o value {"doubleValue":"NaN"})";

TEST(DecodeVectors, EveryDocumentGetsItsVerdictAndItsNumberOfEvents) {
  const json vectors = read_vectors("01_decode_vectors.json");
  ASSERT_EQ(vectors.size(), 334U);
  for (const json& vector : vectors) {
    const std::string input =
        vector.contains("input") ? vector["input"].get<std::string>() : from_base64(vector["input_base64"].get<std::string>());
    SCOPED_TRACE(vector["name"].get<std::string>() + ": " + input);
    const std::unique_ptr<ByteSource> source = memory_source(input, "input");
    const base::Result<Ingested> result = ingest(*source, default_options());
    ASSERT_TRUE(result.ok() || !result.error().what.empty());
    const bool refused_here = std::ranges::find(kRefusedHere, vector["name"].get<std::string>()) != kRefusedHere.end();
    const bool read_here = vector["name"].get<std::string>() == kReadHere;
    EXPECT_EQ(result.ok() ? "ok" : "error", refused_here ? "error" : read_here ? "ok" : vector["verdict"].get<std::string>());
    if (!result.ok()) continue;
    if (vector.contains("events")) {
      EXPECT_EQ(result.value().events(), vector["events"].get<std::size_t>());
    }
    if (!vector.contains("spans_received")) continue;
    ASSERT_TRUE(result.value().tally.has_value());
    EXPECT_EQ(result.value().tally->received, vector["spans_received"].get<std::uint64_t>());
  }
}

}  // namespace
}  // namespace sentinel::ingest::test
