// `query` and `ack` as a person runs them, against a small server that plays the daemon (chapter 06 §6, §7, §8).
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <mutex>

#include "cli/program.h"
#include "cli/remote/daemon_api.h"
#include "cli/remote/disclosure_fetch.h"
#include "cli/remote/expires.h"
#include "net/support/raw_server.h"

namespace sentinel::cli {
namespace {

// Answers everything with one status and body, and keeps the requests.
class Daemon {
 public:
  explicit Daemon(std::string body, std::string status = "200 OK")
      : server_([this, body = std::move(body), status = std::move(status)](net::Peer& peer) {
          for (std::string request; !(request = peer.read_request()).empty();) {
            {
              const std::lock_guard lock(mutex_);
              requests_.push_back(request);
            }
            peer.send("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
          }
        }) {}

  [[nodiscard]] std::string url() const { return server_.url(""); }
  [[nodiscard]] std::string request() {
    const std::lock_guard lock(mutex_);
    return requests_.empty() ? "" : requests_.back();
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> requests_;
  net::RawServer server_;
};

std::string row(std::string_view type, std::string_view severity, int extra, int seen) {
  return R"({"finding":{"type":")" + std::string(type) + R"(","severity":")" + std::string(severity) +
         R"(","trace_id":"t","service":"cart","source_endpoint":"GET /c","pattern":{"template":"SELECT 1","occurrences":6,)"
         R"("window_ms":50,"distinct_params":6},"suggestion":"batch","first_timestamp":"a","last_timestamp":"b",)"
         R"("green_impact":{"estimated_extra_io_ops":)" +
         std::to_string(extra) +
         R"(,"io_intensity_score":6.0,"io_intensity_band":"high"},"confidence":"daemon_staging","signature":"s"},"seen_count":)" +
         std::to_string(seen) + "}";
}

TEST(DaemonUrl, FollowsItsRules) {
  const auto problem = [](std::string_view text) {
    const auto url = daemon_url(text);
    return url ? "fine: " + *url : url.error().what;
  };
  EXPECT_EQ(problem("http://h:4318///"), "fine: http://h:4318");
  EXPECT_EQ(problem("HTTPS://[::1]"), "fine: HTTPS://[::1]");
  EXPECT_EQ(problem(""), "Invalid daemon URL ``: it is empty");
  EXPECT_EQ(problem("ftp://a"), "Invalid daemon URL `ftp://a`: it must start with http:// or https://");
  EXPECT_EQ(problem("http://a/x"), "Invalid daemon URL `http://a/x`: it has a path");
  EXPECT_EQ(problem("http://a?x"), "Invalid daemon URL `http://a?x`: it has a query");
  EXPECT_EQ(problem("http://a#x"), "Invalid daemon URL `http://a#x`: it has a fragment");
  EXPECT_EQ(problem("http://u@a"), "Invalid daemon URL `http://u@a`: credentials in the address are not accepted");
  EXPECT_EQ(problem("http://a:65536"), "Invalid daemon URL `http://a:65536`: the port must be a number from 0 to 65535");
}

TEST(QueryFindings, AsksWithItsFiltersAndShowsWhatRecurs) {
  Daemon daemon("[" + row("n_plus_one_sql", "warning", 5, 3) + "," + row("slow_sql", "critical", 1, 1) + ",{\"x\":1}]");
  Program program;
  const Result r = program.run("query --daemon " + daemon.url() + "/ findings --service a_b/c:d --limit 7 --severity warning");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_TRUE(daemon.request().starts_with("GET /api/findings?limit=7&service=a%20b%2Fc:d&severity=warning HTTP/1.1\r\n"))
      << daemon.request();
  EXPECT_TRUE(has(daemon.request(), "\r\nUser-Agent: perf-sentinel-query\r\n"));
  EXPECT_TRUE(r.out.starts_with("\n=== perf-sentinel daemon findings (2 results) ===\nSource: " + daemon.url() +
                                "\n1 of them recurs: 3 detections across traces are shown as one each\n\n"
                                "Found 2 finding(s):\n  1 critical, 1 warning, 0 info\n\n  [WARNING] #1 N+1 SQL\n"))
      << r.out;
  EXPECT_TRUE(has(r.out, "    Recurrence: detected in 3 traces · ~15 avoidable ops in total\n"));
  EXPECT_TRUE(has(r.err, "Warning: 1 rows are not what this version knows as findings"));
}

TEST(QueryFindings, SortsByWhatIsAsked) {
  Daemon daemon("[" + row("slow_sql", "critical", 1, 2) + "," + row("redundant_sql", "info", 9, 9) + "," +
                row("n_plus_one_sql", "warning", 5, 1) + "]");
  Program program;
  const auto order = [&](const std::string& flags) {
    const std::string out = program.run("query --daemon " + daemon.url() + " findings " + flags).out;
    std::string numbers;
    for (std::size_t at = 0; (at = out.find("  [", at)) != std::string::npos; ++at) numbers += out[at + 3];
    return numbers;
  };
  EXPECT_EQ(order(""), "CIW");
  EXPECT_EQ(order("--sort severity"), "CWI");
  EXPECT_EQ(order("--sort impact"), "IWC");
}

TEST(Query, JsonIsPrettyWithSortedKeys) {
  Daemon daemon(R"({"b":1.50,"a":[{"d":null,"c":"x"}],"n":18446744073709551615})");
  Program program;
  const Result r = program.run("query --daemon " + daemon.url() + " status --format json");
  EXPECT_EQ(r.out,
            "{\n  \"a\": [\n    {\n      \"c\": \"x\",\n      \"d\": null\n    }\n  ],\n  \"b\": 1.5,\n"
            "  \"n\": 18446744073709551615\n}\n");
}

TEST(QueryStatus, LeavesOutWhatAnOlderDaemonDoesNotSay) {
  Daemon daemon(R"({"version":"0.5.0","uptime_seconds":90061})");
  Program program;
  EXPECT_EQ(program.run("query --daemon " + daemon.url() + " status").out,
            "\n=== perf-sentinel daemon status ===\n\n  Version:          0.5.0\n  Uptime:           25h 1m 1s\n\n");
}

TEST(QueryExplain, ShowsTheTreeAndEncodesTheId) {
  Daemon daemon(R"({"roots":[{"children":[{"children":[],"duration_us":800,"findings":[{"type":"slow_sql","severity":"info",)"
                R"("occurrences":3,"suggestion":"index it"}],"template":"SELECT 1"}],"duration_us":1500,"template":"GET /"}],)"
                R"("trace_id":"t/1"})");
  Program program;
  const Result r = program.run("query --daemon " + daemon.url() + " explain --trace-id b:t/1?c%");
  EXPECT_EQ(r.out,
            "Trace t/1\n└─ GET / (1.5ms)\n   └─ SELECT 1 (800µs) ← slow sql info (×3)\n        └─ suggestion: index it\n\n");
  EXPECT_TRUE(daemon.request().starts_with("GET /api/explain/b:t%2F1%3Fc%25 HTTP/1.1\r\n")) << daemon.request();
}

TEST(QueryExplain, AnErrorOfTheDaemonIsAFailure) {
  Daemon daemon(R"({"error":"trace not found in daemon memory"})");
  Program program;
  const Result r = program.run("query --daemon " + daemon.url() + " explain --trace-id t");
  EXPECT_EQ(r.exit, 1);
  EXPECT_EQ(r.out, "");
  EXPECT_EQ(r.err, "Error: trace not found in daemon memory (the daemon explains traces that are still in its window)\n");
}

TEST(QueryCorrelations, ShowsPairsWithTheirConfidence) {
  Daemon daemon(R"([{"source":{"finding_type":"slow_sql","service":"a"},"target":{"finding_type":"slow_http","service":"b"},)"
                R"("co_occurrence_count":7,"confidence":0.777,"median_lag_ms":420.25,"first_seen":"x","last_seen":"y"}])");
  Program program;
  EXPECT_EQ(program.run("query --daemon " + daemon.url() + " correlations").out,
            "\n=== Findings that occur together (1 active) ===\n\n  #1 slow_sql in a\n    -> slow_http in b\n"
            "    Observed: 7 times, median lag: 420.2ms, confidence: 78%\n    Period: x .. y\n\n");
  Daemon empty("[]");
  EXPECT_EQ(program.run("query --daemon " + empty.url() + " correlations").out, "No active cross-trace correlations.\n");
}

TEST(Query, SaysWhatWentWrongAndWhatToDo) {
  Program program;
  const Result refused = program.run("query --daemon http://127.0.0.1:9 status");
  EXPECT_EQ(refused.exit, 1);
  EXPECT_TRUE(refused.err.starts_with("Error: cannot reach the daemon: http://127.0.0.1:9/api/status: cannot connect: "))
      << refused.err;
  EXPECT_TRUE(has(refused.err, "\nhint: is the daemon running? Start it with `perf-sentinel watch`"));
  Daemon broken("{}", "503 No");
  EXPECT_EQ(program.run("query --daemon " + broken.url() + " status").exit, 1);
  Daemon page("<html>");
  const Result html = program.run("query --daemon " + page.url() + " findings");
  EXPECT_EQ(html.exit, 1);
  EXPECT_TRUE(has(html.err, "is no JSON")) << html.err;
  program.environment["PERF_SENTINEL_DAEMON_URL"] = "nonsense";
  EXPECT_TRUE(has(program.run("query status").err, "Invalid daemon URL `nonsense`"));
}

TEST(AckCreate, SendsWhatWasSaidAndShowsIt) {
  Daemon daemon("", "201 Created");
  Program program;
  program.environment["USER"] = "mira";
  program.environment["PERF_SENTINEL_DAEMON_API_KEY"] = " key-1 ";
  const Result r =
      program.run("ack --daemon " + daemon.url() + " create -s _a:b/c{d}:x_ -r why_not --expires 2999-01-01T00:00:00+02:00");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_TRUE(
      r.out.starts_with("Acknowledgment created\n  Signature:  a:b/c{d}:x\n  By:         mira\n  Reason:     why not\n"
                        "  Expires:    2998-12-31T22:00:00Z (in "))
      << r.out;
  const std::string request = daemon.request();
  EXPECT_TRUE(request.starts_with("POST /api/findings/a:b%2Fc%7Bd%7D:x/ack HTTP/1.1\r\n")) << request;
  EXPECT_TRUE(has(request, "\r\nContent-Type: application/json\r\nX-API-Key: key-1\r\n"));
  EXPECT_TRUE(request.ends_with("\r\n\r\n{\"by\":\"mira\",\"reason\":\"why not\",\"expires_at\":\"2998-12-31T22:00:00Z\"}"));
}

TEST(AckCreate, MapsEachRefusalToItsExitStatusAndHint) {
  const auto run = [](std::string status) {
    Daemon daemon("", std::move(status));
    Program program;
    const Result r = program.run("ack --daemon " + daemon.url() + " create -s x -r y");
    return std::to_string(r.exit) + " " + r.err;
  };
  EXPECT_EQ(run("401 No").substr(0, 2), "2 ");
  EXPECT_TRUE(
      has(run("401 No"), "hint: set PERF_SENTINEL_DAEMON_API_KEY\nhint: or name a file that holds it with --api-key-file\n"));
  EXPECT_TRUE(has(run("409 No"),
                  "2 Error: this finding is acknowledged already\nhint: to replace it, first: perf-sentinel ack "
                  "revoke --signature 'x'\n"));
  EXPECT_EQ(run("503 No").substr(0, 2), "3 ");
  EXPECT_EQ(run("507 No").substr(0, 2), "3 ");
  EXPECT_EQ(run("302 Found").substr(0, 27), "1 Error: HTTP 302 on create");
  EXPECT_EQ(run("200 OK").substr(0, 2), "1 ");
}

TEST(AckList, AlignsItsColumnsAndMakesThemSafe) {
  Daemon daemon(R"([{"signature":"s:1","by":"é","at":"2026-03-02T08:20:11.482915Z","expires_at":"2026-04-01T00:00:00Z",)"
                R"("reason":"why"},{"signature":"longer:2","by":"b\u001b[31m","at":"2026-03-02T08:20:11Z"}])");
  Program program;
  const Result r = program.run("ack --daemon " + daemon.url() + " list");
  EXPECT_TRUE(
      r.out.starts_with("SIGNATURE  BY      AT                 EXPIRES_AT         REASON\n"
                        "s:1        é       2026-03-02T08:20Z  2026-04-01T00:00Z  why\n"
                        "longer:2   b?[31m  2026-03-02T08:20Z  never              \n\n2 shown, at most 1000\n"))
      << r.out;
  EXPECT_EQ(program.run("ack --daemon " + daemon.url() + " list --output json").out.substr(0, 14), "[\n  {\n    \"at\"");
}

TEST(AckRevoke, TakesTheSignatureFromStandardInput) {
  Daemon daemon("", "204 No Content");
  Program program;
  program.input = "  a:b \n";
  const Result r = program.run("ack --daemon " + daemon.url() + " revoke");
  EXPECT_EQ(r.out, "Acknowledgment revoked\n  Signature:  a:b\n") << r.err;
  EXPECT_TRUE(daemon.request().starts_with("DELETE /api/findings/a:b/ack HTTP/1.1\r\n"));
  program.input = std::string(1024, 'a');
  EXPECT_EQ(program.run("ack --daemon " + daemon.url() + " revoke").exit, 0);
  program.input = std::string(1025, 'a');
  EXPECT_EQ(program.run("ack --daemon " + daemon.url() + " revoke").exit, 1);
  program.input = " \n";
  EXPECT_EQ(program.run("ack --daemon " + daemon.url() + " revoke").exit, 1);
}

TEST(AckKey, ComesFromTheVariableElseFromAPlainFile) {
  Daemon daemon("[]");
  Program program;
  const auto run = [&] {
    const int code = program.run("ack --daemon " + daemon.url() + " list --api-key-file key").exit;
    return std::to_string(code) + (has(daemon.request(), "X-API-Key: from-file\r\n") ? " file" : "");
  };
  EXPECT_EQ(run(), "1");  // there is none
  program.file("key", "from-file\r\n");
  EXPECT_EQ(run(), "0 file");
  program.file("key", "two\nlines\n");
  EXPECT_EQ(program.run("ack --daemon " + daemon.url() + " list --api-key-file key").exit, 1);
  program.file("key", "\n");
  EXPECT_EQ(program.run("ack --daemon " + daemon.url() + " list --api-key-file key").exit, 1);
  program.environment["PERF_SENTINEL_DAEMON_API_KEY"] = "from-variable";
  EXPECT_EQ(program.run("ack --daemon " + daemon.url() + " list --api-key-file none").exit, 0);
  EXPECT_TRUE(has(daemon.request(), "X-API-Key: from-variable\r\n"));
}

TEST(Expires, ReadsTimesAndDurations) {
  const disclosure::Instant now = {1'000'000, 500'000'000};
  const auto in = [&](std::string_view text) -> std::string {
    const auto until = parse_expires(text, now);
    if (!until) return "no";
    return std::to_string(until->seconds - now.seconds) + "." + std::to_string(until->nanoseconds / 1'000'000);
  };
  EXPECT_EQ(in("7d"), "604800.500");
  EXPECT_EQ(in(" 1h 30m "), "5400.500");
  EXPECT_EQ(in("1.5h"), "5400.500");
  EXPECT_EQ(in("1500ms"), "2.0");
  EXPECT_EQ(in("2weeks3days"), "1468800.500");
  EXPECT_EQ(in("1M"), "2630016.500");
  EXPECT_EQ(in("1y"), "31557600.500");
  EXPECT_EQ(in("0s"), "0.500");
  EXPECT_EQ(in("1970-01-12T13:46:41Z"), "1.0");
  for (const char* bad : {"", " ", "7", "-1d", "7q", "soon", "2999-01-01", "1..5h", ".5h", "99999y", "1h-2m"})
    EXPECT_EQ(in(bad), "no") << bad;
}

TEST(Expires, SaysHowLongIsLeftRoundedDown) {
  const auto left = [](std::int64_t seconds) { return time_left({1000 + seconds, 0}, {1000, 1}); };
  EXPECT_EQ(left(7 * 86'400), "in 6 days");
  EXPECT_EQ(left(2 * 86'400 + 1), "in 2 days");
  EXPECT_EQ(left(2 * 86'400), "in 1 day");
  EXPECT_EQ(left(86'400), "in 23h");
  EXPECT_EQ(left(3601), "in 1h");
  EXPECT_EQ(left(3600), "in 59min");
  EXPECT_EQ(left(60), "in less than a minute");
  EXPECT_EQ(left(1), "in less than a minute");
  EXPECT_EQ(left(0), "expired");
}

TEST(Disclosure, FilesBesideAReportAreFoundByItsPath) {
  EXPECT_EQ(beside("https://h/a/report.json", "x"), "https://h/a/x");
  EXPECT_EQ(beside("https://h/a/?q=/b#c/d", "x"), "https://h/a/x");
  EXPECT_EQ(beside("https://h", "x"), "https://h/x");
}

TEST(VerifyHash, FetchesOverHttpsOnly) {
  Program program;
  const Result r = program.run("verify-hash --url http://user:pw@127.0.0.1:9/r.json");
  EXPECT_EQ(r.exit, 4);
  EXPECT_EQ(r.err, "Error: http://127.0.0.1:9/r.json: only addresses that begin with https:// are fetched\n");
  EXPECT_EQ(program.run("verify-hash --url https://127.0.0.1:9/r.json").exit, 4);
}

constexpr std::string_view kPrometheus =
    R"({"status":"success","data":{"resultType":"vector","result":[)"
    R"({"metric":{"query":"SELECT * FROM t WHERE id = $1","calls":"20"},"value":[1,"12.5"]},{"metric":{"queryid":"8"},"value":[1,"NaN"]}]}})";

TEST(PgStat, ReadsFromPrometheusAndWinsOverAnExport) {
  Daemon prometheus{std::string(kPrometheus)};
  Program program;
  program.environment["PERF_SENTINEL_PGSTAT_AUTH_HEADER"] = "Authorization: secret";
  const Result r = program.run("pg-stat --prometheus " + prometheus.url() + "/p/ --input none.csv --top-n 3 --auth-header A:b");
  EXPECT_EQ(r.exit, 0) << r.err;
  EXPECT_TRUE(has(r.out,
                  "Total entries: 2\n\n--- top by total_exec_time ---\n\n  #1 SELECT * FROM t WHERE id = $?\n"
                  "    calls: 20  total: 12500.00ms  mean: 625.00ms  rows: 0\n"));
  EXPECT_TRUE(
      prometheus.request().starts_with("GET /p/api/v1/query?query=topk(3%2C%20pg_stat_statements_seconds_total) HTTP/1.1\r\n"))
      << prometheus.request();
  EXPECT_TRUE(has(prometheus.request(), "\r\nUser-Agent: perf-sentinel/pg-stat\r\nAuthorization: secret\r\n"));
  EXPECT_FALSE(has(r.err, "secret"));
}

TEST(PgStat, SaysWhyPrometheusGaveNothing) {
  Program program;
  const auto said = [&](std::string body, std::string status = "200 OK") {
    Daemon prometheus(std::move(body), std::move(status));
    const Result r = program.run("pg-stat --prometheus " + prometheus.url());
    EXPECT_EQ(r.exit, 75);
    return r.err;
  };
  EXPECT_TRUE(has(said(R"({"status":"error","error":"bad query"})"), "Prometheus reports an error: bad query"));
  EXPECT_TRUE(has(said("{}"), "missing data.result"));
  EXPECT_TRUE(has(said("<html>"), "the answer is no JSON"));
  EXPECT_TRUE(has(said("", "500 No"), "answered with HTTP status 500"));
}

}  // namespace
}  // namespace sentinel::cli
