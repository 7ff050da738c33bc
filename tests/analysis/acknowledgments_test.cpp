#include "analysis/acknowledgments.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/time.h"
#include "detect/signature.h"

namespace sentinel::analysis {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEntry =
    "[[acknowledged]]\nsignature = \"a\"\nacknowledged_by = \"team\"\nacknowledged_at = \"2026-05-02\"\nreason = \"known\"\n";

std::string entry(std::string_view signature, std::string_view more = "") {
  std::string out(kEntry);
  out.replace(out.find("\"a\""), 3, "\"" + std::string(signature) + "\"");
  return out.append(more).append("\n");
}

// "ok: <number of entries>" or the error.
std::string parse(std::string_view toml) {
  const base::Result<AckFile> file = parse_acknowledgments(toml, "acks.toml");
  return file ? "ok: " + std::to_string(file->size()) : file.error().text();
}

std::uint64_t at(std::string_view iso) { return *base::parse_iso_ms(iso); }

// "yes", "no" or "error": does an entry that expires at `date` count at `now`?
std::string counts(std::string_view date, std::string_view now = "2026-06-01T12:00:00.000Z") {
  const base::Result<AckFile> file = parse_acknowledgments(entry("a", "expires_at = \"" + std::string(date) + "\""), "f");
  if (!file) return "error";
  return file.value()[0].active(at(now)) ? "yes" : "no";
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "ack_test_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string write(std::string_view name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string at(std::string_view name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::string load(const std::string& path) {
  const base::Result<AckFile> file = load_acknowledgments(path);
  return file ? "ok: " + std::to_string(file->size()) : file.error().text();
}

// -- format

TEST(AckFile, AcceptsWhatHoldsNoEntry) {
  EXPECT_EQ(parse(""), "ok: 0");
  EXPECT_EQ(parse("# nothing\n[other]\nx = 1\n"), "ok: 0");
  EXPECT_EQ(parse("acknowledged = []"), "ok: 0");
}

TEST(AckFile, AcceptsInlineTablesAByteOrderMarkAndUnknownKeys) {
  EXPECT_EQ(parse(R"(acknowledged = [{signature="a", acknowledged_by="b", acknowledged_at="c", reason="d"}])"), "ok: 1");
  EXPECT_EQ(parse("\xEF\xBB\xBF" + entry("a")), "ok: 1");
  EXPECT_EQ(parse(entry("a", "ticket = 7\n") + entry("b")), "ok: 2");
}

TEST(AckFile, ReadsEveryField) {
  const base::Result<AckFile> file =
      parse_acknowledgments(entry("s", "expires_at = \"2026-12-31\"\nservice = \"o\"\nsource_endpoint = \"POST /\""), "f");
  ASSERT_TRUE(file.ok());
  const model::Acknowledgment& ack = file.value()[0].acknowledgment;
  EXPECT_EQ(ack.signature, "s");
  EXPECT_EQ(ack.acknowledged_by, "team");
  EXPECT_EQ(ack.acknowledged_at, "2026-05-02");
  EXPECT_EQ(ack.reason, "known");
  EXPECT_EQ(ack.expires_at, "2026-12-31");
  EXPECT_EQ(ack.service, "o");
  EXPECT_EQ(ack.source_endpoint, "POST /");
}

TEST(AckFile, ErrorsNameTheFileTheEntryAndTheField) {
  EXPECT_EQ(parse(entry("a") + "[[acknowledged]]\nsignature = \"b\"\n"),
            "acks.toml: entry 1, field `acknowledged_by`: this required key is missing");
  EXPECT_EQ(parse(entry("a", "service = 5")),
            "acks.toml: entry 0, field `service`: must be a string, found an integer (put it between quotes)");
  EXPECT_EQ(parse(entry("a", "expires_at = \"2026-13-01\"")),
            "acks.toml: entry 0, field `expires_at`: \"2026-13-01\": there is no such day in the calendar");
  EXPECT_EQ(
      parse(entry("a", "expires_at = \"soon\\u001b\"")),
      "acks.toml: entry 0, field `expires_at`: \"soon?\": not a date of the form YYYY-MM-DD (write it like \"2026-12-31\")");
}

TEST(AckFile, RefusesOtherShapes) {
  EXPECT_EQ(parse("[acknowledged]\nsignature = \"x\""),
            "acknowledgments file acks.toml: `acknowledged` must be a list of tables, found a table (write each entry as "
            "[[acknowledged]])");
  EXPECT_TRUE(parse("acknowledged = [1]").starts_with("acks.toml: entry 0: an entry must be a table, found an integer"));
  EXPECT_TRUE(
      parse(entry("a", "expires_at = 2026-12-31")).starts_with("acks.toml: entry 0, field `expires_at`: must be a string"));
  EXPECT_TRUE(parse("[[acknowledged]\nx = 1").starts_with("acknowledgments file acks.toml: line 1"));
  EXPECT_EQ(parse("# \xFF\n"), "acknowledgments file acks.toml: is not UTF-8 text");
}

// -- dates

TEST(AckExpiry, FollowsTheGrammarExactly) {
  for (const char* future :
       {"2099-1-1", " 2099-01-01", "2099- 1- 1", "+12099-01-01", "+262142-12-31", "2096-02-29", "\t2099-01-01"}) {
    EXPECT_EQ(counts(future), "yes") << future;
  }
  for (const char* past : {"99-01-01", "0000-01-01", "-2099-01-01", "-262143-01-01", "2000-02-29", "0-1-1"}) {
    EXPECT_EQ(counts(past), "no") << past;
  }
  for (const char* wrong : {"12099-01-01",
                            "2099-001-01",
                            "2099 -01-01",
                            "2099-01-01 ",
                            "2099-+1-01",
                            "2099/01/01",
                            "20990101",
                            "2099-02-29",
                            "",
                            "2099-00-01",
                            "2099-01-00",
                            "2099-04-31",
                            "2100-02-29",
                            "+262143-01-01",
                            "-262144-01-01",
                            "+99999999999999999999-01-01",
                            "2099-01",
                            "2099-01-",
                            "-",
                            "+-01-01",
                            "2099-13-01",
                            "2099-01-32",
                            "2099-01-01T00:00:00Z"}) {
    EXPECT_EQ(counts(wrong), "error") << wrong;
  }
}

TEST(AckExpiry, AnEntryCountsUntilTheLastSecondOfItsDayBegins) {
  EXPECT_EQ(counts("2026-06-01", "2026-06-01T23:59:59.000Z"), "yes");
  EXPECT_EQ(counts("2026-06-01", "2026-06-01T23:59:59.001Z"), "no");
  EXPECT_EQ(counts("2026-05-31", "2026-06-01T00:00:00.000Z"), "no");
}

// -- the file

TEST(AckFile, AMissingFileIsEmptyButAMissingFolderInItsPathIsNot) {
  const TemporaryFolder folder;
  EXPECT_EQ(load(folder.at("none.toml")), "ok: 0");
  const std::string file = folder.write("file", "");
  EXPECT_NE(load(file + "/acks.toml").find("cannot be opened: "), std::string::npos);
}

TEST(AckFile, LoadsARegularFileAndRefusesALinkToIt) {
  const TemporaryFolder folder;
  const std::string file = folder.write("acks.toml", entry("a") + entry("b"));
  EXPECT_EQ(load(file), "ok: 2");
  fs::create_symlink(file, folder.at("link.toml"));
  EXPECT_EQ(load(folder.at("link.toml")),
            "acknowledgments file " + folder.at("link.toml") + ": is a symbolic link, which is refused (name the file itself)");
  fs::create_symlink(folder.at("nowhere"), folder.at("dangling.toml"));
  EXPECT_NE(load(folder.at("dangling.toml")).find("symbolic link"), std::string::npos);
}

TEST(AckFile, RefusesADirectory) {
  const TemporaryFolder folder;
  fs::create_directory(folder.at("sub"));
  EXPECT_NE(load(folder.at("sub")).find("is a directory"), std::string::npos);
}

TEST(AckFile, SixteenMebibytesAreReadAndNotAByteMore) {
  const TemporaryFolder folder;
  const std::string whole = folder.write("whole.toml", std::string(kMaxAckFileBytes, '#'));
  const std::string larger = folder.write("larger.toml", std::string(kMaxAckFileBytes + 1, '#'));
  EXPECT_EQ(load(whole), "ok: 0");
  EXPECT_EQ(load(larger), "acknowledgments file " + larger + ": larger than 16777216 bytes, the most that is read");
}

// -- application

model::Finding finding(std::string_view signature, std::string_view trace = "t") {
  model::Finding f;
  f.type = model::FindingType::kNPlusOneSql;
  f.severity = model::Severity::kCritical;
  f.trace_id = trace;
  f.service = "svc";
  f.source_endpoint = "GET /";
  f.pattern.template_text = "SELECT 1";
  f.signature = signature;
  return f;
}

model::Report report(std::initializer_list<model::Finding> findings) {
  model::Report r;
  r.findings = findings;
  r.per_endpoint_io_ops = {{"svc", "GET /", 5}};
  return r;
}

model::Report applied(model::Report r, const std::string& toml, ReportOrigin origin = ReportOrigin::kFresh) {
  const base::Result<AckFile> file = parse_acknowledgments(toml, "f");
  EXPECT_TRUE(file.ok());
  apply_acknowledgments(r, file.value(), at("2026-06-01T12:00:00.000Z"), origin, {});
  return r;
}

std::string open_traces(const model::Report& r) {
  std::string out;
  for (const model::Finding& f : r.findings) out += f.trace_id;
  out += '|';
  for (const model::AcknowledgedFinding& f : r.acknowledged_findings) out += f.finding.trace_id;
  return out;
}

TEST(ApplyAcks, MovesEveryInstanceAndKeepsTheOrderOfBoth) {
  const model::Report r =
      applied(report({finding("a", "1"), finding("b", "2"), finding("a", "3"), finding("b", "4")}), entry("a"));
  EXPECT_EQ(open_traces(r), "24|13");
}

TEST(ApplyAcks, SignaturesAreComparedWholeAndVerbatim) {
  EXPECT_EQ(open_traces(applied(report({finding("ab", "1")}), entry("a") + entry("AB") + entry("*") + entry(" ab"))), "1|");
}

TEST(ApplyAcks, AnEmptySignatureIsComputed) {
  const std::string signature = detect::signature(model::FindingType::kNPlusOneSql, "svc", "GET /", "SELECT 1");
  EXPECT_EQ(open_traces(applied(report({finding("", "1")}), entry(signature))), "|1");
}

TEST(ApplyAcks, OfTwoActiveEntriesTheLastWins) {
  const std::string expired = "expires_at = \"2020-01-01\"";
  EXPECT_EQ(applied(report({finding("a")}), entry("a") + entry("a", "service = \"2\""))
                .acknowledged_findings[0]
                .acknowledgment.service,
            "2");
  EXPECT_EQ(applied(report({finding("a")}), entry("a", "service = \"1\"") + entry("a", expired))
                .acknowledged_findings[0]
                .acknowledgment.service,
            "1");
}

TEST(ApplyAcks, AnExpiredEntryIsSilent) {
  const model::Report r = applied(report({finding("a", "1")}), entry("a", "expires_at = \"2020-01-01\""));
  EXPECT_EQ(open_traces(r), "1|");
  EXPECT_TRUE(r.warning_details.empty());
}

TEST(ApplyAcks, TheGateIsJudgedAnewEvenWithoutEntries) {
  EXPECT_FALSE(applied(report({finding("a")}), "").quality_gate.passed);
  EXPECT_EQ(applied(report({finding("a")}), "").quality_gate.rules.size(), 4U);
  EXPECT_TRUE(applied(report({finding("a")}), entry("a")).quality_gate.passed);
}

TEST(ApplyAcks, UnmatchedEntriesWarnInSignatureOrderAndSayWhatItMeans) {
  const model::Report r =
      applied(report({finding("a")}), entry("z", "service = \"svc\"\nsource_endpoint = \"GET /\"") + entry("a") +
                                          entry("m", "service = \"svc\"\nsource_endpoint = \"GET\"") +
                                          entry("b\\u200B", "service = \"svc\""));
  ASSERT_EQ(r.warning_details.size(), 3U);
  for (const model::Warning& w : r.warning_details) EXPECT_EQ(w.kind, "unmatched_acknowledgment");
  EXPECT_EQ(r.warning_details[0].message,
            "acknowledgment `b` matched no finding: the problem is fixed, or its endpoint was not exercised; add `service` and "
            "`source_endpoint` to the entry to tell which");
  EXPECT_EQ(
      r.warning_details[1].message,
      "acknowledgment `m` matched no finding: its endpoint emitted no I/O in this run, which proves nothing; keep the entry");
  EXPECT_EQ(
      r.warning_details[2].message,
      "acknowledgment `z` matched no finding: its endpoint was exercised, so the problem looks fixed and the entry can be "
      "removed");
}

TEST(ApplyAcks, WhatAnEarlierRunLeftIsDropped) {
  model::Report r = report({finding("a", "1")});
  r.warning_details = {{"unmatched_acknowledgment", "old"}, {"tuning", "keep"}};
  r.acknowledged_findings.push_back({finding("b", "9"), {}});
  const model::Report out = applied(r, entry("c"), ReportOrigin::kLoaded);
  EXPECT_EQ(open_traces(out), "1|");
  ASSERT_EQ(out.warning_details.size(), 1U);
  EXPECT_EQ(out.warning_details[0].message, "keep");
}

}  // namespace
}  // namespace sentinel::analysis
