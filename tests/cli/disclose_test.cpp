// The disclosure commands from the command line to files and exit status.
#include <gtest/gtest.h>

#include "cli/program.h"
#include "support/json.h"

namespace sentinel::cli {
namespace {

using nlohmann::json;

constexpr char kOrg[] = R"([organisation]
name = "Acme"
country = "FR"
[methodology]
sci_specification = "ISO/IEC 21031:2024"
conformance = "core-required"
enabled_patterns = ["n_plus_one_sql", "n_plus_one_http", "redundant_sql", "redundant_http"]
[methodology.calibration]
carbon_intensity_source = "static_tables"
specpower_table_version = "2026-04-24"
[scope_manifest]
total_applications_declared = 5
)";

constexpr char kWindow[] =
    R"({"report":{"analysis":{"duration_ms":0,"events_processed":1,"traces_analyzed":3},"findings":[],"green_summary":)"
    R"({"avoidable_io_ops":0,"io_waste_ratio":0.0,"io_waste_ratio_band":"healthy","top_offenders":[],"total_io_ops":10},)"
    R"("per_endpoint_io_ops":[{"endpoint":"/x","io_ops":10,"service":"a"}],"quality_gate":{"passed":true,"rules":[]}},)"
    R"("ts":"2026-01-10T00:00:00Z"})"
    "\n";

constexpr char kDisclose[] =
    "disclose --intent internal --confidentiality public --period-type custom --from 2026-01-01 --to 2026-01-31 "
    "--org-config org.toml --input a.ndjson --output r.json";

Program scene() {
  Program program;
  program.file("org.toml", kOrg);
  program.file("a.ndjson", kWindow);
  return program;
}

TEST(Disclose, WritesADocumentThatVerifiesAndAStatementAboutIt) {
  const Program program = scene();
  const Result written = program.run(std::string(kDisclose) + " --emit-attestation s.jsonl");
  ASSERT_EQ(written.exit, 0) << written.err;
  EXPECT_EQ(written.out, "");
  EXPECT_NE(written.err.find("1 window, 1 application\n"), std::string::npos) << written.err;
  const json document = parsed_json<json>(program.content("r.json"));
  EXPECT_EQ(document["aggregate"]["total_requests"], 3);
  EXPECT_EQ(document["report_metadata"]["generated_by"], "cli-batch");
  const json statement = parsed_json<json>(program.content("s.jsonl"));
  EXPECT_EQ(statement["predicate"]["report_uuid"], document["report_metadata"]["report_uuid"]);
  const Result verified = program.run("verify-hash --report r.json");
  EXPECT_EQ(verified.exit, 2) << verified.out;
  EXPECT_NE(verified.out.find("[OK] Content hash: "), std::string::npos);
  EXPECT_NE(verified.out.find("Overall: PARTIAL\n"), std::string::npos);
  const Result baked = program.run("hash-bake --report r.json --output r.json");
  EXPECT_EQ(baked.exit, 0);
  EXPECT_EQ(parsed_json<json>(program.content("r.json")), document);
}

TEST(Disclose, NeverWritesOverWhatItReadsOrHasJustWritten) {
  const Program program = scene();
  for (const char* output : {"--output a.ndjson", "--output ./a.ndjson", "--output org.toml",
                             "--output s.json --emit-attestation s.json", "--output r.json --emit-attestation a.ndjson"}) {
    std::string line = kDisclose;
    line.replace(line.find("--output"), std::string::npos, output);
    const Result refused = program.run(line);
    EXPECT_EQ(refused.exit, 2) << output;
    EXPECT_NE(refused.err.find("(give each output a file of its own)"), std::string::npos) << refused.err;
    EXPECT_EQ(program.content("s.json") + program.content("r.json"), "") << output;
  }
  std::string of_folder = kDisclose;
  of_folder.replace(of_folder.find("--input"), std::string::npos, "--input . --output ./a.ndjson");
  const Result refused = program.run(of_folder);
  EXPECT_EQ(refused.exit, 2);
  EXPECT_NE(refused.err.find("'--output' names ./a.ndjson, an archive that is read"), std::string::npos) << refused.err;
  EXPECT_EQ(program.content("a.ndjson"), kWindow);
  EXPECT_EQ(program.content("org.toml"), kOrg);
}

TEST(Disclose, InContinuousIntegrationItSaysSo) {
  Program program = scene();
  program.environment["CI"] = "true";
  ASSERT_EQ(program.run(kDisclose).exit, 0);
  EXPECT_EQ(parsed_json<json>(program.content("r.json"))["report_metadata"]["generated_by"], "ci");
}

TEST(Disclose, AnOfficialDocumentListsEveryReasonAgainstItAndIsNotWritten) {
  const Program program = scene();
  std::string line = kDisclose;
  line.replace(line.find("internal"), 8, "official");
  const Result refused = program.run(line);
  EXPECT_EQ(refused.exit, 2);
  EXPECT_NE(refused.err.find("\n  - aggregate.period_coverage: "), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("\n  - aggregate.canonical_waste: "), std::string::npos) << refused.err;
  EXPECT_EQ(program.content("r.json"), "");
}

TEST(Disclose, FigureThatIsNoNumberIsNotWritten) {
  const Program program = scene();
  std::string window = kWindow;
  const std::string ops = "\"total_io_ops\":10";
  window.replace(window.find(ops), ops.size(), "\"energy_kwh\":1.7e308," + ops);
  program.file("a.ndjson", window + window);
  const Result refused = program.run(kDisclose);
  EXPECT_EQ(refused.exit, 1);
  EXPECT_EQ(refused.err.substr(refused.err.find("Error")),
            "Error: aggregate.total_energy_kwh is not a finite number, so the document could not be read back; nothing was "
            "written\n");
  EXPECT_EQ(program.content("r.json"), "");
}

TEST(Disclose, ChainBreaksFailOnlyIfAskedTo) {
  const Program program = scene();
  std::string window = kWindow;
  program.file("a.ndjson", window.replace(0, 1, "{\"hash\":\"sha256:00\",\"prev\":\"perf-sentinel-archive/v1\",\"seq\":0,"));
  const Result refused = program.run(std::string(kDisclose) + " --fail-on-chain-breaks");
  EXPECT_EQ(refused.exit, 1);
  EXPECT_EQ(program.content("r.json"), "");
  EXPECT_EQ(program.run(kDisclose).exit, 0);
  EXPECT_EQ(parsed_json<json>(program.content("r.json"))["integrity"]["trace_integrity_chain"]["breaks"], 1);
}

TEST(Disclose, WarnsAboutWindowsThatComeTwice) {
  const Program program = scene();
  std::string window = kWindow;
  window.replace(0, 1, "{\"hash\":\"sha256:00\",\"prev\":\"perf-sentinel-archive/v1\",\"seq\":0,");
  program.file("a.ndjson", window + window);
  const Result written = program.run(kDisclose);
  EXPECT_EQ(written.exit, 0);
  EXPECT_NE(written.err.find("more than once count each time: 1 too many"), std::string::npos) << written.err;
}

TEST(VerifyHash, SourcesThatCannotBeReadHaveStatusesOfTheirOwn) {
  const Program program = scene();
  EXPECT_EQ(program.run("verify-hash").exit, 3);
  EXPECT_EQ(program.run("verify-hash --report none.json").exit, 3);
  EXPECT_EQ(program.run("verify-hash --report org.toml").exit, 3);
  EXPECT_EQ(program.run("verify-hash --url http://127.0.0.1:9/r.json").exit, 4);
  EXPECT_EQ(program.run("verify-hash --url https://127.0.0.1:9/r.json").exit, 4);
  EXPECT_EQ(program.run("verify-hash --url https://a/b --report r.json").exit, 2);
}

}  // namespace
}  // namespace sentinel::cli
