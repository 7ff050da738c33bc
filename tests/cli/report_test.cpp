// `report` and `demo --html` from the command line.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "program.h"
#include "support/json.h"

namespace sentinel::cli {
namespace {

using Document = nlohmann::json;

constexpr std::string_view kEvent =
    R"({"timestamp":"2026-07-10T14:32:01.%00Z","trace_id":"t1","span_id":"s%","service":"svc","type":"sql","operation":"SELECT",)"
    R"("target":"SELECT * FROM t WHERE id = %","duration_us":800,"source":{"endpoint":"GET /","method":"m"}})";

// Six statements of one shape in one trace.
std::string events() {
  std::string out = "[";
  for (char digit = '0'; digit < '6'; ++digit) {
    if (digit > '0') out += ',';
    for (const char c : kEvent) out += c == '%' ? digit : c;
  }
  return out + "]";
}

class Report : public ::testing::Test, public Program {
 protected:
  [[nodiscard]] Document data(const std::string& name) const {
    const std::string page = content(name);
    constexpr std::string_view kMark = "type=\"application/json\">";
    const std::size_t from = page.find(kMark) + kMark.size();
    return parsed_json<Document>(page.substr(from, page.find("</script>", from) - from));
  }
};

TEST_F(Report, WritesAPageWithFindingsTracesAndTheirSpans) {
  file("in.json", events());
  const Result run_ = run("report -i in.json -o out.html");
  EXPECT_EQ(run_.exit, 0) << run_.err;
  EXPECT_EQ(run_.out, "");
  const Document out = data("out.html");
  EXPECT_EQ(out["input_label"], "in.json");
  ASSERT_EQ(out["report"]["findings"].size(), 1U);
  EXPECT_EQ(out["embedded_traces"][0]["spans"].size(), 6U);
  EXPECT_EQ(out["culprit_spans"].begin().value(), (Document{"s0", "s1", "s2", "s3", "s4", "s5"}));
  EXPECT_EQ(content("out.html").find("SELECT * FROM t WHERE id = 0"), std::string::npos)
      << "values of statements do not travel";
}

// Their bounds are the same, and so are the spans that they name.
TEST_F(Report, ASlowStatementAndItsTwinAcrossTracesShareTheirSpans) {
  const auto span = [](const char* trace, const char* id, const char* ms, const char* us) {
    return std::string(R"({"timestamp":"2026-07-10T14:32:01.)") + ms + R"(Z","trace_id":")" + trace + R"(","span_id":")" + id +
           R"(","service":"svc","type":"sql","operation":"SELECT","target":"SELECT 'x'","duration_us":)" + us +
           R"(,"source":{"endpoint":"GET /","method":"m"}})";
  };
  file("in.json", "[" + span("t1", "a", "000", "900000") + "," + span("t1", "b", "010", "600000") + "," +
                      span("t2", "c", "015", "600000") + "," + span("t1", "d", "020", "600000") + "]");
  EXPECT_EQ(run("report -i in.json -o out.html").exit, 0);
  const Document out = data("out.html");
  std::size_t slow = 0;
  for (const Document& f : out["report"]["findings"]) slow += f["type"] == "slow_sql" ? 1 : 0;
  EXPECT_EQ(slow, 2U) << out["report"]["findings"];
  std::size_t entries = 0;
  for (const auto& [key, ids] : out["culprit_spans"].items()) {
    if (!key.starts_with("t1|slow_sql:")) continue;
    ++entries;
    EXPECT_EQ(ids, (Document{"a", "b", "d"}));
  }
  EXPECT_EQ(entries, 1U) << out["culprit_spans"];
}

TEST_F(Report, ReadsASavedReportFromStandardInput) {
  file("in.json", events());
  const std::string saved = run("analyze -i in.json --format json").out;
  input = "\xEF\xBB\xBF" + saved;
  EXPECT_EQ(run("report -o out.html").exit, 0);
  const Document out = data("out.html");
  EXPECT_EQ(out["input_label"], "-");
  EXPECT_EQ(out["report"]["analysis"], parsed_json<Document>(saved)["analysis"]);
  Document findings = parsed_json<Document>(saved)["findings"];
  for (Document& finding : findings) finding.erase("evidence");  // the page has the trees
  EXPECT_EQ(out["report"]["findings"], findings);
  EXPECT_FALSE(out.contains("culprit_spans"));
}

TEST_F(Report, ComparesWithASavedReportAndTakesStatistics) {
  file("in.json", events());
  file("empty.json", "[]");
  file("before.json", run("analyze -i empty.json --format json").out);
  file("pg.csv", "query,calls,total_exec_time,mean_exec_time\nSELECT 1,5,10,2\nSELECT 2,9,1,0.1\n");
  EXPECT_EQ(run("report -i in.json -o out.html --before before.json --pg-stat pg.csv --pg-stat-top 1").exit, 0);
  const Document out = data("out.html");
  EXPECT_EQ(out["diff"]["new_findings"].size(), 1U);
  EXPECT_EQ(out["pg_stat"]["rankings"][1]["entries"].size(), 1U);
  EXPECT_EQ(out["pg_stat"]["rankings"][1]["entries"][0]["calls"], 9);
}

TEST_F(Report, APageMayTalkToOneDaemonAndToNobodyElse) {
  environment["RUST_LOG"] = "warn";
  file("in.json", events());
  EXPECT_EQ(run("report -i in.json -o still.html").exit, 0);
  EXPECT_FALSE(data("still.html").contains("daemon"));
  EXPECT_EQ(content("still.html").find("connect-src"), std::string::npos);
  const Result live = run("report -i in.json -o live.html --daemon-url http://localhost:4318//");
  EXPECT_EQ(live.exit, 0) << live.err;
  EXPECT_EQ(live.err.find("plain http"), std::string::npos);
  EXPECT_EQ(data("live.html")["daemon"], (Document{{"url", "http://localhost:4318"}}));
  EXPECT_NE(content("live.html").find("; connect-src 'self' http://localhost:4318\">"), std::string::npos);
  const Result remote = run("report -i in.json -o live.html --daemon-url http://ps.example:4318");
  EXPECT_EQ(remote.exit, 0);
  EXPECT_NE(remote.err.find("plain http"), std::string::npos) << remote.err;
}

TEST_F(Report, AnAddressThatIsNoneIsRefusedBeforeAnythingIsRead) {
  for (const char* url : {"x", "ftp://x", "http://", "http://u@x", "http://x/y", "http://x?a", "http://x#f", "http://x:99999",
                          "http://x;script-src", "http://x'y", "http://*"}) {
    const Result r = run(std::string("report -i none.json -o x.html --daemon-url ") + url);
    EXPECT_EQ(r.exit, 75) << url;
    EXPECT_NE(r.err.find("Invalid daemon URL"), std::string::npos) << url << ": " << r.err;
  }
}

TEST_F(Report, SaysWhatIsWrongWithItsInput) {
  const auto refusal = [&](const std::string& text) {
    file("in.json", text);
    const Result out = run("report -i in.json -o out.html");
    EXPECT_EQ(out.exit, 75) << text;
    return out.err;
  };
  EXPECT_NE(refusal(" \n").find("the input is empty"), std::string::npos);
  EXPECT_NE(refusal("42").find("scalar"), std::string::npos);
  EXPECT_NE(refusal("{\"x\": 1}").find("no saved report"), std::string::npos);
  EXPECT_NE(refusal(std::string(33, '{') + std::string(33, '}')).find("32 brackets"), std::string::npos);
  EXPECT_EQ(content("out.html"), "") << "nothing is written";
}

TEST_F(Report, RefusesFlagsThatLackTheirCompanionAndLinksAsTarget) {
  file("in.json", events());
  EXPECT_EQ(run("report -i in.json -o out.html --pg-stat-top 5").exit, 2);
  const Result missing = run("report -i in.json -o out.html --pg-stat missing.csv");
  EXPECT_EQ(missing.exit, 75);
  EXPECT_NE(missing.err.find("Error: --pg-stat missing.csv: cannot read input"), std::string::npos) << missing.err;
  file("bad.csv", "query,calls,total_exec_time\nSELECT 1,x,1\n");
  const Result bad = run("report -i in.json -o out.html --pg-stat bad.csv");
  EXPECT_EQ(bad.exit, 75);
  EXPECT_NE(bad.err.find("Error: --pg-stat bad.csv, line 2: column calls holds 'x'"), std::string::npos) << bad.err;
  const Result baseline = run("report -i in.json -o out.html --before in.json");
  EXPECT_EQ(baseline.exit, 75);
  EXPECT_NE(baseline.err.find("--before in.json"), std::string::npos);
  EXPECT_EQ(content("out.html"), "");
}

TEST_F(Report, NeverWritesOverWhatItReads) {
  file("in.json", events());
  file("saved.json", run("analyze -i in.json --format json").out);
  for (const char* output : {"in.json", "saved.json"}) {
    const std::string before = content(output);
    EXPECT_EQ(run(std::string("report -i in.json --before saved.json -o ") + output).exit, 2);
    EXPECT_EQ(content(output), before);
  }
}

TEST_F(Report, TheSamePageAtAnyNumberOfThreads) {
  file("in.json", events());
  EXPECT_EQ(run("report -i in.json -o one.html --threads 1").exit, 0);
  EXPECT_EQ(run("report -i in.json -o many.html --threads 7").exit, 0);
  Document one = data("one.html");
  Document many = data("many.html");
  one["report"]["analysis"].erase("duration_ms");
  many["report"]["analysis"].erase("duration_ms");
  EXPECT_EQ(one.dump(), many.dump());
}

TEST_F(Report, TheDemoFillsEverySection) {
  EXPECT_EQ(run("demo --html demo.html").exit, 0);
  const Document out = data("demo.html");
  EXPECT_EQ(out["input_label"], "demo dataset");
  EXPECT_EQ(out["pg_stat"]["total_entries"], 10);
  EXPECT_EQ(out["mysql_stat"]["total_entries"], 7);
  EXPECT_EQ(out["report"]["correlations"].size(), 3U);
  EXPECT_EQ(out["diff"]["new_findings"].size(), 2U);
  EXPECT_EQ(out["diff"]["resolved_findings"].size(), 1U);
  EXPECT_EQ(out["diff"]["severity_changes"].size(), 1U);
}

}  // namespace
}  // namespace sentinel::cli
