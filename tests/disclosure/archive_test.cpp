// Archive files, their lines, and the hash chain through them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "disclosure/archive_files.h"
#include "disclosure/chain.h"
#include "disclosure/support/scene.h"

namespace sentinel::disclosure::test {
namespace {

using nlohmann::json;

json chain_json(const ChainCounts& c) {
  return {{"breaks", c.breaks},
          {"breaks_outside_period", c.breaks_outside_period},
          {"windows_unchained", c.windows_unchained},
          {"windows_verified", c.windows_verified}};
}

TEST(Chain, RecordedFilesCountAsRecorded) {
  for (const json& row : vectors("chain")) {
    const Directory directory;
    const std::string path = directory.file("a.ndjson", lines(row["lines"].get<std::vector<std::string>>()));
    const PeriodResult result = report_period(january({path}), acme());
    ASSERT_EQ(result.fault, PeriodFault::kNone) << row["name"] << result.error.text();
    EXPECT_EQ(chain_json(result.report.document.chain), row["chain"]) << row["name"];
    EXPECT_EQ(result.report.document.aggregate.total_requests, row["requests"]) << row["name"];
  }
}

TEST(Chain, NumbersMaySaturate) {
  ChainCounts counts;
  ChainWalk walk(counts);
  ArchiveLine line;
  line.is_json = line.has_hash = true;
  line.stated_hash = "h";
  line.computed_hash = "h";
  line.prev = "elsewhere";
  line.seq = ~0ULL;
  EXPECT_NE(walk.step(line, true), nullptr);
  line.prev = "h";
  EXPECT_EQ(walk.step(line, true), nullptr);  // the number after the last is the last
  EXPECT_EQ(counts.windows_verified, 1U);
  EXPECT_EQ(counts.breaks, 1U);
}

TEST(Archive, TimesCountAsRecorded) {
  for (const json& row : vectors("timestamps")) {
    ArchiveLineReader reader;
    const std::string line = window_line(row["ts"].get<std::string>(), report_with());
    const ArchiveLine& read = reader.read(line);
    const Days to = *parse_date("2026-01-31");
    EXPECT_EQ(!read.ts || read.ts->seconds < (to + 1) * kSecondsADay, row["in_scope_of_january"].get<bool>()) << row;
    Window window;
    EXPECT_EQ(static_cast<bool>(reader.window(window)), row["decodes"].get<bool>()) << row;
  }
}

TEST(Archive, PeriodIsHalfOpenInUtc) {
  const auto counted = [](const char* ts) {
    const Directory directory;
    const PeriodResult result = report_period(january({directory.file("a.ndjson", window_line(ts, report_with()))}), acme());
    return result.fault == PeriodFault::kNone;
  };
  EXPECT_FALSE(counted("2025-12-31T23:59:59.999999999Z"));
  EXPECT_TRUE(counted("2026-01-01T00:00:00Z"));
  EXPECT_TRUE(counted("2026-01-31T23:59:59.999999999Z"));
  EXPECT_TRUE(counted("2026-01-31T23:59:60Z"));
  EXPECT_FALSE(counted("2026-02-01T00:00:00Z"));
  EXPECT_TRUE(counted("2026-02-01T00:30:00+01:00"));
}

std::vector<std::string> read_lines(const std::string& path, std::string* error) {
  LineReader reader(path);
  if (const base::Status opened = reader.open(); !opened) *error = opened.error().text();
  std::vector<std::string> out;
  for (std::string_view line; reader.next(&line);) out.emplace_back(line);
  if (reader.failed()) *error = reader.error().text();
  return out;
}

TEST(LineReader, TrimsLinesAndKeepsTheLastWithoutALineEnd) {
  const Directory directory;
  std::string error;
  EXPECT_EQ(read_lines(directory.file("a", "one\r\n \xC2\xA0two \n\n\tthree"), &error),
            (std::vector<std::string>{"one", "two", "", "three"}));
  EXPECT_EQ(read_lines(directory.file("b", ""), &error), std::vector<std::string>{});
  EXPECT_EQ(read_lines(directory.file("c", "\n"), &error), std::vector<std::string>{""});
  EXPECT_EQ(error, "");
}

TEST(LineReader, LinesOfAnyLengthComeOutWhole) {
  const Directory directory;
  std::vector<std::string> texts;
  for (const std::size_t length : {1UL, 262143UL, 262144UL, 262145UL, 1'000'000UL, 3UL}) texts.emplace_back(length, 'x');
  std::string error;
  EXPECT_EQ(read_lines(directory.file("a", lines(texts)), &error), texts);
  EXPECT_EQ(error, "");
}

TEST(LineReader, BytesThatAreNotUtf8EndTheRun) {
  const Directory directory;
  std::string error;
  EXPECT_EQ(read_lines(directory.file("a", "one\n\xFF\nthree\n"), &error), std::vector<std::string>{"one"});
  EXPECT_EQ(error, directory.path("a") + ", line 2: not UTF-8");
}

std::vector<std::string> names(const base::Result<std::vector<std::string>>& files) {
  std::vector<std::string> out;
  if (!files) return {"error: " + files.error().text()};
  for (const std::string& file : *files) out.push_back(std::filesystem::path(file).filename());
  return out;
}

TEST(ArchiveFiles, DirectoriesGiveTheirNdjsonFilesOnceAndSorted) {
  const Directory directory;
  for (const char* name : {"b.ndjson", "a.ndjson", "c.NDJSON", "d.json", ".ndjson"}) directory.file(name, "");
  std::filesystem::create_directory(directory.path("sub"));
  directory.file("sub/z.ndjson", "");
  const std::string d = directory.path();
  EXPECT_EQ(names(archive_files({d + "/b.ndjson", d, d + "/sub/", d + "/./a.ndjson", d + "/d.json"})),
            (std::vector<std::string>{"a.ndjson", "b.ndjson", "d.json", "z.ndjson"}));
}

TEST(ArchiveFiles, PathsSortByComponent) {
  const Directory directory;
  for (const char* name : {"x", "x-y"}) std::filesystem::create_directory(directory.path(name));
  const std::string inner = directory.file("x/1.ndjson", "");
  const std::string beside = directory.file("x-y/1.ndjson", "");
  EXPECT_LT(beside, inner);  // byte order would have it the other way
  EXPECT_EQ(*archive_files({beside, inner}), (std::vector<std::string>{inner, beside}));
}

TEST(ArchiveFiles, LinksDirectoriesOfTheNameAndMissingFilesAreRefused) {
  const Directory directory;
  const std::string file = directory.file("a.ndjson", "");
  ASSERT_EQ(::symlink(file.c_str(), directory.path("l.ndjson").c_str()), 0);
  ASSERT_EQ(::symlink(directory.path().c_str(), directory.path("link").c_str()), 0);
  EXPECT_EQ(archive_files({directory.path("l.ndjson")}).error().what, "is a symbolic link");
  EXPECT_EQ(archive_files({directory.path("link")}).error().what, "is a symbolic link");
  EXPECT_EQ(archive_files({directory.path("link") + "/"}).error().what, "is a symbolic link");
  EXPECT_EQ(archive_files({directory.path()}).error().where, directory.path("l.ndjson"));
  EXPECT_EQ(archive_files({directory.path("none")}).error().where, directory.path("none"));
  std::filesystem::remove(directory.path("l.ndjson"));
  std::filesystem::create_directory(directory.path("d.ndjson"));
  EXPECT_EQ(archive_files({directory.path()}).error().what, "is no regular file");
}

TEST(Archive, LinesThatAreNoWindowAreCountedAndLeftOut) {
  const Directory directory;
  json negative = report_with();
  negative["analysis"]["traces_analyzed"] = -1;
  json nameless = report_with();
  nameless["findings"] = json::array({{{"type", "n_plus_one_sql"}}});
  const std::string path = directory.file(
      "a.ndjson", lines({"{", "[]", "5", window_line("2026-01-02T00:00:00Z", report_with(json::object(), 7)),
                         window_line("2026-05-02T00:00:00Z", negative), window_line("2026-01-02T00:00:00Z", nameless),
                         R"({"ts":"2026-01-02T00:00:00Z"})", window_line("yesterday", report_with())}));
  const PeriodResult result = report_period(january({path}), acme());
  ASSERT_EQ(result.fault, PeriodFault::kNone);
  EXPECT_EQ(result.report.archives.windows, 1U);
  EXPECT_EQ(result.report.archives.malformed_lines, 7U);
  EXPECT_EQ(result.report.document.aggregate.total_requests, 7U);
}

TEST(Archive, RangeIsThatOfAllReadableTimes) {
  const Directory directory;
  const std::string a = directory.file("a.ndjson", lines({"x", window_line("2026-03-02T00:00:00Z", 1), "{}", "[1]"}));
  const std::string b = directory.file("b.ndjson", lines({window_line("2026-01-02T00:00:00Z", 1), window_line("no", 1)}));
  const auto range = scan_archives({a, b});
  ASSERT_TRUE(range);
  EXPECT_EQ(instant_text(*range->first), "2026-01-02T00:00:00Z");
  EXPECT_EQ(instant_text(*range->last), "2026-03-02T00:00:00Z");
  EXPECT_FALSE(scan_archives({directory.file("c.ndjson", "{}\n")})->first);
}

}  // namespace
}  // namespace sentinel::disclosure::test
