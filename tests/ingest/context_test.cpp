// Spans that are not I/O, kept for the span graph where that is asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <vector>

#include "ingest/ingest.h"

namespace sentinel::ingest::test {
namespace {

// "<trace>/<id><<parent> service start+duration[!]" of each context span, parted by "; ".
std::string context_of(const std::string& text, bool keep = true) {
  const auto source = memory_source(text, "test");
  IngestOptions options;
  options.settings.keep_context = keep;
  auto ingested = ingest(*source, options);
  EXPECT_TRUE(ingested.ok()) << (ingested.ok() ? "" : ingested.error().text());
  if (!ingested) return "error";
  const auto id_text = [&](std::uint64_t id, bool is_text) {
    if (is_text) return std::string(ingested->symbols.text(static_cast<model::TextId>(id)));
    std::ostringstream hex;
    hex << std::hex << id;
    return hex.str();
  };
  using Span = model::ContextSpan;
  std::ostringstream out;
  const std::vector<char> all(ingested->symbols.texts.size(), 1);
  for (const std::vector<Span>& piece : ingested->context.of(all, 1)) {
    for (const Span& s : piece) {
      if (out.tellp() > 0) out << "; ";
      out << ingested->symbols.text(s.trace) << "/" << id_text(s.span_id, s.has(Span::kTextId));
      if (s.has(Span::kWithParent)) out << "<" << id_text(s.parent_id, s.has(Span::kTextParentId));
      out << " " << ingested->symbols.text(s.service) << " " << s.start_us << "+" << s.duration_us
          << (s.has(Span::kConsumer) ? "!" : "");
    }
  }
  return out.str();
}

std::string otlp_span(const std::string& id, const std::string& rest) {
  return R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"000000000000000)" + id + R"(","name":"x",)" + rest + "}";
}

TEST(Context, OfOtlpItIsWhatIsNoIo) {
  const std::string text =
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[)" +
      otlp_span("1", R"("kind":2,"startTimeUnixNano":"1700000000000001999","endTimeUnixNano":"1700000000000500999")") + "," +
      otlp_span("2", R"("kind":3,"parentSpanId":"0000000000000001","startTimeUnixNano":"1700000000000002000",)"
                     R"("endTimeUnixNano":"1700000000000003000","attributes":[{"key":"db.system","value":{"stringValue":)"
                     R"("mysql"}},{"key":"db.statement","value":{"stringValue":"SELECT 1"}}])") +
      "," +
      otlp_span("3", R"("kind":5,"parentSpanId":"0000000000000001","startTimeUnixNano":"1700000000000900000",)"
                     R"("endTimeUnixNano":"1700000000000800000")") +
      "]}]}]}";
  const std::string trace = "0af7651916cd43dd8448eb211c80319c";
  EXPECT_EQ(context_of(text), trace + "/1 shop 1700000000000001+499; " + trace + "/3<1 shop 1700000000000900+0!");
  EXPECT_EQ(context_of(text, false), "");
}

TEST(Context, OfZipkinItIsWhatHasNoStatementAndNoUrl) {
  EXPECT_EQ(
      context_of(R"([{"traceId":"t","id":"a","timestamp":1700000000000001,"duration":500,)"
                 R"("localEndpoint":{"serviceName":"shop"}},)"
                 R"({"traceId":"t","id":"00000000000000ff","parentId":"a","kind":"CLIENT","timestamp":5,"duration":7,)"
                 R"("tags":{"sql.query":"x"}},)"
                 R"({"traceId":"t","id":"c","parentId":"a","timestamp":5,"duration":7,"tags":{"http.url":"http://x/y"}}])"),
      "t/a shop 1700000000000001+500; t/ff<a  5+7");
}

TEST(Context, OfJaegerItIsWhatHasNoStatementAndNoUrl) {
  EXPECT_EQ(context_of(R"({"data":[{"traceID":"t","processes":{"p":{"serviceName":"shop"}},"spans":[)"
                       R"({"traceID":"t","spanID":"a","operationName":"x","startTime":1700000000000001,"duration":500,)"
                       R"("processID":"p","references":[],"tags":[]},)"
                       R"({"traceID":"t","spanID":"b","operationName":"x","startTime":1700000000000002,"duration":50,)"
                       R"("processID":"p","references":[],"tags":[{"key":"db.statement","value":"SELECT 1"}]}]}]})"),
            "t/a shop 1700000000000001+500");
}

TEST(Context, OfNativeEventsThereIsNone) {
  EXPECT_EQ(context_of(R"([{"timestamp":"2025-07-10T14:32:01.000Z","trace_id":"t","span_id":"s","service":"a","type":"sql",)"
                       R"("operation":"SELECT","target":"SELECT 1","duration_us":1,"source":{"endpoint":"e","method":"m"}}])"),
            "");
}

TEST(Context, RecordsKeepTheirMicroseconds) {
  const auto source = memory_source(R"([{"traceId":"t","id":"c","timestamp":1700000000000005,"duration":7,)"
                                    R"("localEndpoint":{"serviceName":"shop"},)"
                                    R"("tags":{"http.url":"http://x/y"}}])",
                                    "test");
  auto ingested = ingest(*source, {});
  ASSERT_TRUE(ingested.ok());
  const model::SpanRecord& record = ingested->batches[0][0];
  EXPECT_EQ(record.start_us, 1'700'000'000'000'005U);
  std::array<char, 24> buffer;
  EXPECT_EQ(model::timestamp_text(ingested->symbols, record, buffer), "2023-11-14T22:13:20.000Z");
}

}  // namespace
}  // namespace sentinel::ingest::test
