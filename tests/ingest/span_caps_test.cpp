// What a resource block and a service with more than 100 000 spans lose, and no more than that (chapter 01 §8.8).
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ingest/support/events.h"

namespace sentinel::ingest::test {
namespace {

constexpr std::size_t kSpanCap = 100'000;

std::string numbered_id(std::size_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016zx", number + 1);
  return text;
}

// A call by URL; where it is an entry point, its children take its route as their endpoint.
std::string http_span(std::size_t id, std::optional<std::size_t> parent = {}, bool entry = false) {
  std::string out = R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":")" + numbered_id(id) + "\"";
  if (parent) out += R"(,"parentSpanId":")" + numbered_id(*parent) + "\"";
  out += R"(,"kind":3,"attributes":[{"key":"http.url","value":{"stringValue":"http://a/b"}})";
  if (entry) out += R"(,{"key":"http.route","value":{"stringValue":"/entry"}})";
  return out + "]}";
}

// One resource block of service "s"; each list of spans in a scope of its own.
std::string resource_block(const std::vector<std::vector<std::string>>& scopes) {
  std::string out = R"({"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},"scopeSpans":[)";
  for (std::size_t s = 0; s < scopes.size(); ++s) {
    out += s > 0 ? R"(,{"spans":[)" : R"({"spans":[)";
    for (std::size_t i = 0; i < scopes[s].size(); ++i) out += (i > 0 ? "," : "") + scopes[s][i];
    out += "]}";
  }
  return out + "]}";
}

std::vector<std::string> http_spans(std::size_t first, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = first; i < first + count; ++i) out.push_back(http_span(i));
  return out;
}

Ingested ingested(const std::vector<std::string>& blocks, unsigned threads) {
  std::string text = R"({"resourceSpans":[)";
  for (std::size_t b = 0; b < blocks.size(); ++b) text += (b > 0 ? "," : "") + blocks[b];
  text += "]}";
  IngestOptions options = default_options();
  options.threads = threads;
  const std::unique_ptr<ByteSource> source = memory_source(text, "input");
  auto result = ingest(*source, options);
  EXPECT_TRUE(result.ok());
  return std::move(*result);
}

TEST(SpanCaps, UrlsPastTheCapOfABlockDoNotCountInTheUsableRatio) {
  struct Case {
    std::vector<std::size_t> scopes;  // spans of each, in one block
    std::size_t counted;
  };
  const Case cases[] = {{{kSpanCap}, kSpanCap}, {{kSpanCap + 1}, kSpanCap}, {{60'000, 60'000, 5}, kSpanCap}};
  for (const Case& c : cases) {
    std::vector<std::vector<std::string>> scopes;
    std::size_t spans = 0;
    for (const std::size_t count : c.scopes) {
      scopes.push_back(http_spans(spans, count));
      spans += count;
    }
    const std::string block = resource_block(scopes);
    const std::string small = resource_block({http_spans(spans, 3)});
    for (const unsigned threads : {1U, 3U}) {
      const Ingested all = ingested({small, block, small}, threads);
      EXPECT_EQ(all.tally->received, spans + 6);
      EXPECT_EQ(all.tally->retained_http, c.counted + 6) << "a block's spans, " << threads << " threads";
    }
  }
}

// The endpoint of a child whose parent is the `entry`th span of its service, counted over both of its blocks.
std::string endpoint_below(std::size_t entry, unsigned threads) {
  constexpr std::size_t kSpans = kSpanCap + 3;
  std::vector<std::vector<std::string>> scopes(3);
  for (std::size_t i = 0; i < kSpans; ++i) scopes[i * 3 / kSpans].push_back(http_span(i, {}, i == entry));
  const Ingested all = ingested(
      {resource_block({scopes[0]}), resource_block({scopes[1], scopes[2]}), resource_block({{http_span(kSpans, entry)}})},
      threads);
  const auto last = std::ranges::find_if(all.batches.rbegin(), all.batches.rend(), [](const auto& b) { return !b.empty(); });
  return std::string(all.symbols.text(last->back().endpoint));
}

TEST(SpanCaps, SpansPastTheCapOfAServiceAreNotFoundAsParents) {
  for (const unsigned threads : {1U, 2U, 3U}) {
    EXPECT_EQ(endpoint_below(0, threads), "/entry");
    EXPECT_EQ(endpoint_below(kSpanCap - 1, threads), "/entry");
    EXPECT_EQ(endpoint_below(kSpanCap, threads), "unknown");
  }
}

}  // namespace
}  // namespace sentinel::ingest::test
