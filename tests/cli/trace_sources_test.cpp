// `tempo` and `jaeger-query` as a person runs them, against a small server (chapter 02 §0.2, §2, §3, §4).
#include <gtest/gtest.h>

#include <mutex>

#include "base/vectors.h"
#include "cli/program.h"
#include "cli/remote/lookback.h"
#include "config/rules.h"
#include "net/support/raw_server.h"

namespace sentinel::cli {
namespace {

using net::Peer;
using net::RawServer;

// -- a language for OTLP in protobuf

std::string varint(std::uint64_t n) {
  std::string out;
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  return out + static_cast<char>(n);
}
std::string field(unsigned number, std::string_view bytes) {
  return varint(number << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}
std::string field(unsigned number, std::uint64_t fixed) {
  std::string out = varint(number << 3 | 1);
  for (int i = 0; i < 8; ++i) out += static_cast<char>(fixed >> (8 * i));
  return out;
}
std::string attribute(std::string_view key, std::string_view value) {
  return field(9, field(1, key) + field(2, field(1, value)));
}

// A trace of one service with `calls` statements; each is six bytes of id, so that traces differ by their first byte.
std::string trace(char id, int calls) {
  std::string spans;
  for (int i = 0; i < calls; ++i) {
    const std::uint64_t start = 1'752'157'921'000'000'000ULL + static_cast<std::uint64_t>(i) * 2'000'000;
    spans += field(2, field(1, std::string(15, '\0') + id) + field(2, std::string(7, '\0') + static_cast<char>(i + 1)) +
                          field(5, "op") + varint(6 << 3) + varint(3) + field(7, start) + field(8, start + 800'000) +
                          attribute("db.system", "postgresql") +
                          attribute("db.statement", "SELECT * FROM t WHERE id = " + std::to_string(i)));
  }
  return field(1, field(1, field(1, field(1, "service.name") + field(2, field(1, "cart")))) + field(2, spans));
}

// Answers by path; "" is answered with 404, "500" with that status. Keeps the requests.
class Backend {
 public:
  explicit Backend(std::vector<std::pair<std::string, std::string>> answers)
      : answers_(std::move(answers)), server_([this](Peer& peer) { serve(peer); }) {}

  [[nodiscard]] std::string url() const { return server_.url(""); }
  [[nodiscard]] std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void serve(Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();) {
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const std::string path = request.substr(4, request.find(' ', 4) - 4);
      std::string answer;
      for (const auto& [prefix, body] : answers_) {
        if (path.starts_with(prefix)) answer = body;
      }
      if (answer.empty() || answer == "500") {
        peer.send("HTTP/1.1 " + std::string(answer.empty() ? "404" : answer) + " No\r\nContent-Length: 0\r\n\r\n");
      } else {
        peer.answer(answer);
      }
    }
  }

  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<std::pair<std::string, std::string>> answers_;
  RawServer server_;
};

const std::string kTwoIds = R"({"traces":[{"traceID":"1"},{"traceID":"2"}]})";

TEST(Lookback, FollowsItsVectors) {
  const auto vectors = testing_vectors("02_client_vectors.json");
  for (const auto& v : vectors["lookback"]) {
    const std::string input = v["input"];
    const auto seconds = parse_lookback(input);
    if (v.contains("seconds")) {
      ASSERT_TRUE(seconds.ok()) << input;
      EXPECT_EQ(*seconds, v["seconds"].get<std::uint64_t>()) << input;
      continue;
    }
    ASSERT_FALSE(seconds.ok()) << input;
    std::string kind = v["error"];  // "unknown_unit": the message begins with its words, or holds them
    for (char& c : kind) c = c == '_' ? ' ' : c;
    if (kind == "number without unit") kind = "has no unit";
    EXPECT_TRUE(has(seconds.error().what, kind)) << input << ": " << seconds.error().what;
  }
}

TEST(AuthHeader, FollowsItsVectors) {
  const auto vectors = testing_vectors("02_client_vectors.json");
  for (const auto& v : vectors["auth_header"]) {
    std::string input = v.value("input", "");
    for (const auto& piece :
         v.contains("input_rle") ? v["input_rle"] : nlohmann::json::array()) {  // a text and how often it stands there
      for (std::size_t i = 0; i < piece[1].get<std::size_t>(); ++i) input += piece[0].get<std::string>();
    }
    EXPECT_EQ(config::parse_auth_header(input).ok(), v["error"].is_null()) << input.substr(0, 100);
  }
}

TEST(Tempo, FetchesWhatTheSearchFindsInItsOrder) {
  Backend tempo({{"/api/search", kTwoIds}, {"/api/traces/1", trace(1, 7)}, {"/api/traces/2", trace(2, 6)}});
  Program program;
  const Result r =
      program.run("tempo --endpoint " + tempo.url() + " --service a&b --lookback 2h30m --max-traces 5 --format json");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_TRUE(has(r.out, "\"events_processed\": 13,\n    \"traces_analyzed\": 2")) << r.out.substr(0, 300);
  EXPECT_LT(r.out.find("00000001"), r.out.find("00000002"));
  const std::vector<std::string> requests = tempo.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_TRUE(requests[0].starts_with("GET /api/search?tags=service.name%3Da%26b&start=")) << requests[0];
  EXPECT_TRUE(has(requests[0], "&limit=5 HTTP/1.1\r\n"));
  EXPECT_TRUE(has(requests[0], "\r\nUser-Agent: perf-sentinel\r\nAccept: application/json\r\n"));
  EXPECT_TRUE(has(requests[1], "\r\nAccept: application/protobuf\r\n"));
}

TEST(Tempo, AsksForOneTraceByItsIdAndSendsTheHeaderOfTheVariable) {
  Backend tempo({{"/p/api/traces/AB", trace(1, 6)}});
  Program program;
  program.environment["TEMPOAUTH"] = "Authorization: Bearer secret-7";
  program.environment["PERF_SENTINEL_LOG"] = "info";
  const Result r = program.run("tempo --endpoint " + tempo.url() + "/p/ --trace-id AB --auth-header-env TEMPOAUTH");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_TRUE(has(r.out, "=== perf-sentinel tempo ===\nAnalyzed 6 events across 1 traces in "));
  ASSERT_EQ(tempo.requests().size(), 1U);
  EXPECT_TRUE(has(tempo.requests()[0], "\r\nAuthorization: Bearer secret-7\r\n"));
  EXPECT_TRUE(has(r.err, "sending the header authorization"));
  EXPECT_TRUE(has(r.err, "clear text"));
  EXPECT_FALSE(has(r.err, "secret-7"));
}

TEST(Tempo, SaysInTheReportWhichTracesAreMissing) {
  Backend tempo({{"/api/search", kTwoIds}, {"/api/traces/1", trace(1, 6)}, {"/api/traces/2", "500"}});
  Program program;
  const Result r = program.run("tempo --endpoint " + tempo.url() + " --service cart --format json");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_TRUE(has(r.out,
                  "\"kind\": \"partial_fetch\",\n      \"message\": \"1 of 2 traces that the search found are in this report; "
                  "missing: http_status 1\""))
      << r.out;
  EXPECT_TRUE(
      has(r.err, "ERROR tempo: some traces could not be fetched: total_failures=1 total_attempted=2 counts=[http_status 1]"));
}

TEST(Tempo, AGateThatPassesOnPartOfTheTracesIsNoVerdict) {
  const auto run = [](const std::string& second) {
    Backend tempo({{"/api/search", kTwoIds}, {"/api/traces/1", trace(1, 1)}, {"/api/traces/2", second}});
    Program program;
    return program.run("tempo --endpoint " + tempo.url() + " --service cart --ci").exit;
  };
  EXPECT_EQ(run(trace(2, 1)), 0);
  EXPECT_EQ(run(""), 0);  // not there: nothing that another attempt could bring
  EXPECT_EQ(run("500"), 75);
  EXPECT_EQ(run("no protobuf"), 75);
}

TEST(Tempo, SaysWhyThereIsNothingToAnalyse) {
  const auto said = [](std::vector<std::pair<std::string, std::string>> answers) {
    Backend tempo(std::move(answers));
    Program program;
    const Result r = program.run("tempo --endpoint " + tempo.url() + " --service cart");
    EXPECT_EQ(r.exit, 75);
    EXPECT_EQ(r.out, "");
    return r.err.substr(r.err.find("Error: "));
  };
  EXPECT_TRUE(has(said({{"/api/search", "{}"}}), "no traces found for the service 'cart'"));
  EXPECT_TRUE(has(said({{"/api/search", kTwoIds}}), "no trace could be fetched (not_found 2); the first: "));
  EXPECT_TRUE(has(said({{"/api/search", kTwoIds}, {"/api/traces/", field(1, "")}}),
                  "no traces found: those that the search names hold no spans"));
  const std::string idle = field(1, field(2, field(2, field(1, std::string(16, 'a')) + field(2, "12345678"))));
  EXPECT_TRUE(has(said({{"/api/search", kTwoIds}, {"/api/traces/", idle}}),
                  "no span of the 2 traces fetched is outbound I/O (only calls to databases (db.system"));
  EXPECT_TRUE(has(said({{"/api/search", "500"}}), "answered with HTTP status 500"));
  EXPECT_TRUE(has(said({{"/api/search", "<html>"}}), "the search answer is not the JSON that Tempo gives: "));
}

TEST(Tempo, ChecksItsFlagsInTheDocumentedOrderAndSendsNothingBefore) {
  Program program;
  const auto said = [&](const std::string& line) {
    const Result r = program.run("tempo --endpoint http://u:p@127.0.0.1:9 " + line);
    EXPECT_EQ(r.exit, 75);
    return r.err;
  };
  EXPECT_EQ(said("--auth-header-env NONE --lookback x"),
            "Error: --auth-header-env: the variable NONE is not set (set it to 'Name: Value')\n");
  EXPECT_EQ(said("--lookback x"), "Error: nothing to fetch: give --trace-id or --service\n");
  EXPECT_EQ(said("--lookback x --trace-id a --service b"),
            "Error: --trace-id and --service exclude each other (give one of them)\n");
  EXPECT_TRUE(said("--lookback x --trace-id a --config none.toml")
                  .starts_with("Error: cannot parse --lookback 'x': unexpected character 'x'"));
  EXPECT_TRUE(has(said("--trace-id a --config none.toml"), "none.toml"));
  EXPECT_EQ(said("--trace-id a"),
            "Error: invalid endpoint http://127.0.0.1:9/: credentials in it are not accepted; use --auth-header-env\n");
}

const std::string kJaeger =
    R"({"data":[{"traceID":"a1","spans":[{"spanID":"b","operationName":"op","startTime":1752157921000000,"duration":800,)"
    R"("processID":"p","tags":[{"key":"db.system","value":"postgresql"},{"key":"db.statement","value":"SELECT 1"}]}],)"
    R"("processes":{"p":{"serviceName":"cart"}}}]})";

TEST(JaegerQuery, SearchesWithTheLookbackInSeconds) {
  Backend jaeger({{"/select/jaeger/api/traces?", kJaeger}});
  Program program;
  const Result r = program.run("jaeger-query --endpoint " + jaeger.url() + "/select/jaeger --service a_b --lookback 90m");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_TRUE(has(r.out, "=== perf-sentinel jaeger-query ===\nAnalyzed 1 events across 1 traces in "));
  EXPECT_TRUE(
      jaeger.requests()[0].starts_with("GET /select/jaeger/api/traces?service=a%20b&lookback=5400s&limit=100 HTTP/1.1\r\n"))
      << jaeger.requests()[0];
}

TEST(JaegerQuery, SaysWhatIsWrongWithAnIdBeforeItAsks) {
  Backend jaeger({});
  Program program;
  const auto said = [&](const std::string& id) {
    const Result r = program.run("jaeger-query --endpoint " + jaeger.url() + " --trace-id " + id);
    EXPECT_EQ(r.exit, 75);
    return r.err;
  };
  EXPECT_EQ(said("''"), "Error: Jaeger query API: invalid trace id: it is empty\n");
  EXPECT_EQ(said(std::string(129, 'a')),
            "Error: Jaeger query API: invalid trace id: it has 129 characters, the limit is 128\n");
  EXPECT_EQ(said("xyz"), "Error: Jaeger query API: invalid trace id: it has characters that are no hex digits\n");
  EXPECT_EQ(jaeger.requests().size(), 0U);
  EXPECT_TRUE(has(said(std::string(128, 'a')), "trace not found"));
}

TEST(JaegerQuery, AnEmptySearchIsAFailureAndAnEmptyTraceIsNone) {
  Backend jaeger(std::vector<std::pair<std::string, std::string>>{{"/api/traces", R"({"data":[]})"}});
  Program program;
  const Result search = program.run("jaeger-query --endpoint " + jaeger.url() + " --service cart");
  EXPECT_EQ(search.exit, 75);
  EXPECT_TRUE(has(search.err, "no traces found for the service 'cart'"));
  EXPECT_EQ(program.run("jaeger-query --endpoint " + jaeger.url() + " --trace-id ab").exit, 0);
}

}  // namespace
}  // namespace sentinel::cli
