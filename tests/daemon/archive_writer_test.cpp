#include "daemon/archive_writer.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/archive_file.h"
#include "daemon/temp_folder.h"
#include "disclosure/archive_window.h"
#include "disclosure/chain.h"

namespace sentinel::daemon {
namespace {

using disclosure::Instant;

const Instant kTs = *disclosure::parse_instant("2026-03-02T08:20:11.123456789Z");
constexpr std::string_view kReport = R"({"b":{"y":1,"x":[]},"a":1.50,"analysis":{}})";

config::ArchiveConfig config_of(const std::string& path, std::uint64_t max_size_mb = 100, std::uint32_t max_files = 12) {
  return {.path = path, .max_size_mb = max_size_mb, .max_files = max_files};
}

struct ArchiveDesk {
  TempFolder folder;
  telemetry::Registry registry;
  DaemonMetrics metrics{registry};
  std::string path = folder.file("a.ndjson");

  std::unique_ptr<ArchiveWriter> open(const config::ArchiveConfig& config) {
    auto writer = ArchiveWriter::open(config, metrics);
    if (!writer) {
      ADD_FAILURE() << writer.error().text();
      return nullptr;
    }
    return std::move(*writer);
  }
  // Opens the archive, writes windows with these reports and closes it.
  void write(int windows, const std::string& report = std::string(kReport), std::uint64_t max_size_mb = 100,
             std::uint32_t max_files = 12) {
    const auto writer = open(config_of(path, max_size_mb, max_files));
    for (int i = 0; i < windows; ++i) EXPECT_TRUE(writer->push({kTs, report}));
  }
  std::vector<std::string> lines() const { return lines_of(read_file(path)); }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      out.push_back(entry.path().filename().string());
    std::ranges::sort(out);
    return out;
  }
};

// What a disclosure says of the lines: how many of them continue the chain, and how often it breaks.
disclosure::ChainCounts checked(const std::vector<std::string>& lines) {
  disclosure::ChainCounts counts;
  disclosure::ChainWalk walk(counts);
  disclosure::ArchiveLineReader reader;
  for (const std::string& line : lines) (void)walk.step(reader.read(line), true);
  return counts;
}

// A report whose line has exactly `bytes`, its end included, with a sequence number of one digit.
std::string report_for(std::uint64_t bytes) {
  ArchiveDesk probe;
  probe.write(1, R"({"x":""})");
  const std::uint64_t empty = std::filesystem::file_size(probe.path);
  return R"({"x":")" + std::string(bytes - empty, 'x') + R"("})";
}

TEST(ArchiveWriter, ALineHasSortedKeysAndItsHash) {
  ArchiveDesk desk;
  desk.write(1);
  const auto lines = desk.lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(
      lines[0].substr(82),
      R"("prev":"perf-sentinel-archive/v1","report":{"a":1.5,"analysis":{},"b":{"x":[],"y":1}},"seq":0,"ts":"2026-03-02T08:20:11.123456789Z"})")
      << lines[0];
  EXPECT_TRUE(lines[0].starts_with(R"({"hash":"sha256:)"));
  EXPECT_EQ(desk.metrics.archive_windows_written->value(), 1U);
  EXPECT_EQ(desk.metrics.archive_bytes_written->value(), lines[0].size() + 1);
}

TEST(ArchiveWriter, ADisclosureFindsTheChainWhole) {
  ArchiveDesk desk;
  desk.write(3);
  desk.write(2);
  EXPECT_EQ(desk.lines().size(), 5U);
  EXPECT_EQ(checked(desk.lines()).windows_verified, 5U);
  EXPECT_EQ(checked(desk.lines()).breaks, 0U);
}

TEST(ArchiveWriter, TimesHaveAsManyDigitsAsTheyNeed) {
  ArchiveDesk desk;
  {
    const auto writer = desk.open(config_of(desk.path));
    for (const char* time : {"2026-03-02T08:20:11Z", "2026-03-02T08:20:11.5Z", "2026-03-02T08:20:11.000001Z"}) {
      EXPECT_TRUE(writer->push({*disclosure::parse_instant(time), "{}"}));
    }
  }
  const std::string text = read_file(desk.path);
  for (const char* shown : {":11Z\"}", ":11.500Z\"}", ":11.000001Z\"}"})
    EXPECT_NE(text.find(shown), std::string::npos) << shown;
}

TEST(ArchiveWriter, IsMadeWithTheUsualMode) {
  ArchiveDesk desk;
  const mode_t before = ::umask(0027);
  desk.write(0);
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(desk.path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
}

TEST(ArchiveWriter, WhatIsNoPlainFileIsRefused) {
  ArchiveDesk desk;
  write_file(desk.folder.file("real"), "");
  std::filesystem::create_symlink(desk.folder.file("real"), desk.folder.file("link"));
  std::filesystem::create_directory(desk.folder.file("folder"));
  for (const std::string name : {"link", "folder", "missing/a.ndjson"}) {
    const auto writer = ArchiveWriter::open(config_of(desk.folder.file(name)), desk.metrics);
    ASSERT_FALSE(writer) << name;
    EXPECT_NE(writer.error().text().find(desk.folder.file(name)), std::string::npos) << writer.error().text();
  }
}

TEST(ArchiveWriter, HasOneOwner) {
  ArchiveDesk desk;
  const auto writer = desk.open(config_of(desk.path));
  const auto second = ArchiveWriter::open(config_of(desk.path), desk.metrics);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().text().find("another daemon"), std::string::npos);
}

// -- resuming

TEST(ArchiveResume, ACutLineIsSealedAndTheChainGoesOn) {
  ArchiveDesk desk;
  desk.write(1);
  const std::string first = read_file(desk.path);
  write_file(desk.path, first + R"({"hash":"sha256:)");
  desk.write(1);
  const auto lines = desk.lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1], R"({"hash":"sha256:)");
  EXPECT_EQ(checked(lines).windows_verified, 2U);
  EXPECT_EQ(checked(lines).breaks, 0U);
}

TEST(ArchiveResume, TheLastUsableLineGivesHashAndNumber) {
  ArchiveDesk desk;
  write_file(desk.path, R"({"hash":"sha256:aa","seq":41}
{"hash":5,"seq":50}
{"hash":"sha256:bb","seq":-1}
)");
  desk.write(1);
  const std::string line = desk.lines().back();
  EXPECT_NE(line.find(R"("prev":"sha256:aa")"), std::string::npos) << line;
  EXPECT_NE(line.find(R"("seq":42,)"), std::string::npos) << line;
}

TEST(ArchiveResume, WithoutAUsableLineTheChainBegins) {
  for (const std::string before : {"hello", "\n\n", "{}\n"}) {
    ArchiveDesk desk;
    write_file(desk.path, before);
    desk.write(1);
    EXPECT_NE(desk.lines().back().find(R"("prev":"perf-sentinel-archive/v1")"), std::string::npos) << before;
    EXPECT_NE(desk.lines().back().find(R"("seq":0,)"), std::string::npos) << before;
  }
}

TEST(ArchiveResume, TheLastUsableLineMayBeFarFromTheEnd) {
  ArchiveDesk desk;
  desk.write(2);
  write_file(desk.path, read_file(desk.path) + std::string(700'000, 'x') + "\n" + std::string(700'000, 'y'));
  desk.write(1);
  EXPECT_NE(desk.lines().back().find(R"("seq":2,)"), std::string::npos);

  ArchiveDesk long_line;
  long_line.write(1, R"({"x":")" + std::string(900'000, 'x') + R"("})");
  long_line.write(1);
  EXPECT_EQ(checked(long_line.lines()).windows_verified, 2U);
}

// -- rotation

TEST(ArchiveRotation, ComesWithTheByteThatFillsTheFile) {
  const std::uint64_t mebibyte = 1 << 20;
  ArchiveDesk under;
  under.write(1, report_for(mebibyte - 1), 1);
  EXPECT_EQ(std::filesystem::file_size(under.path), mebibyte - 1);
  EXPECT_EQ(under.names(), (std::vector<std::string>{"a.ndjson"}));

  ArchiveDesk at;
  at.write(1, report_for(mebibyte), 1);
  EXPECT_EQ(std::filesystem::file_size(at.path), 0U);
  EXPECT_EQ(at.names(), (std::vector<std::string>{"a-20260302T082011123456789Z.ndjson", "a.ndjson"}));
  EXPECT_EQ(std::filesystem::file_size(at.folder.file(at.names()[0])), mebibyte);
}

TEST(ArchiveRotation, BeginsTheChainAnewAndCountsWhatWasThere) {
  ArchiveDesk desk;
  write_file(desk.path, std::string(1 << 20, 'x') + "\n");
  desk.write(1, std::string(kReport), 1);
  EXPECT_TRUE(desk.lines().empty());
  desk.write(1, std::string(kReport), 1);
  EXPECT_EQ(checked(desk.lines()).windows_verified, 1U);
}

TEST(ArchiveRotation, TwoInOneNanosecondKeepBothFiles) {
  ArchiveDesk desk;
  desk.write(2, report_for(1 << 20), 1);
  EXPECT_EQ(desk.names(),
            (std::vector<std::string>{"a-20260302T082011123456789Z.ndjson", "a-20260302T082011123456790Z.ndjson", "a.ndjson"}));
}

TEST(ArchiveRotation, TheNewFileIsHeldAsWell) {
  ArchiveDesk desk;
  const auto writer = desk.open(config_of(desk.path, 1));
  EXPECT_TRUE(writer->push({kTs, report_for(1 << 20)}));
  writer->close();
  EXPECT_FALSE(ArchiveWriter::open(config_of(desk.path, 1), desk.metrics));
}

TEST(ArchiveRotation, PruneKeepsTheNewestAndSparesForeignNames) {
  ArchiveDesk desk;
  const std::vector<std::string> foreign = {"a-20200101T00000Z.ndjson", "b-20200101T000000000000000Z.ndjson",
                                            "a-20200101T000000000000000Z.json", "a-notes.ndjson",
                                            "a-20200101T0000001234567890Z.ndjson"};
  for (const std::string& name : foreign) write_file(desk.folder.file(name), "x\n");
  const auto now = std::filesystem::file_time_type::clock::now();
  for (int day = 1; day <= 5; ++day) {
    const std::string path = desk.folder.file("a-2020010" + std::to_string(day) + "T000000Z.ndjson");
    write_file(path, "x\n");
    std::filesystem::last_write_time(path, now - std::chrono::hours(day));  // the first day's file is the newest
  }
  write_file(desk.path, std::string(1 << 20, 'x'));
  desk.write(1, std::string(kReport), 1, 2);
  std::vector<std::string> expected = foreign;
  expected.insert(expected.end(), {"a-20200101T000000Z.ndjson", "a-20260302T082011123456789Z.ndjson", "a.ndjson"});
  std::ranges::sort(expected);
  EXPECT_EQ(desk.names(), expected);
}

TEST(ArchiveRotation, NamesOfFilesPutAside) {
  for (const char* name : {"a-20200101T000000Z.ndjson", "a-20200101T000000123456789Z.ndjson"})
    EXPECT_TRUE(is_rotated_archive(name, "a")) << name;
  for (const char* name :
       {"a-20200101T00000Z.ndjson", "a-20200101T0000001234567890Z.ndjson", "a-2020010T0000000Z.ndjson",
        "a-20200101T00000xZ.ndjson", "a20200101T000000Z.ndjson", "aa-20200101T000000Z.ndjson", "a.ndjson", "aZ.ndjson", ""}) {
    EXPECT_FALSE(is_rotated_archive(name, "a")) << name;
  }
  EXPECT_EQ(archive_stamp({0, 0}), "19700101T000000000000000Z");
  EXPECT_EQ(archive_stamp(kTs), "20260302T082011123456789Z");
}

TEST(ArchiveRotation, AFileWithoutExtensionKeepsItsName) {
  ArchiveDesk desk;
  desk.path = desk.folder.file("audit");
  desk.write(1, report_for(1 << 20), 1);
  EXPECT_EQ(desk.names(), (std::vector<std::string>{"audit", "audit-20260302T082011123456789Z.ndjson"}));
}

// -- losses

TEST(ArchiveWriter, PastTheQueueWindowsAreDroppedAndCounted) {
  ArchiveDesk desk;
  std::uint64_t taken = 0;
  {
    const auto writer = desk.open(config_of(desk.path));
    std::string slow = "[0";  // sorting and hashing it takes longer than pushing all that follow
    for (int i = 0; i < 2'000'000; ++i) slow += ",1.25";
    taken += writer->push({kTs, "{\"x\":" + slow + "]}"}) ? 1U : 0U;
    for (int i = 0; i < 1000; ++i) taken += writer->push({kTs, "{}"}) ? 1U : 0U;
  }
  EXPECT_GE(taken, kArchiveQueue);
  EXPECT_LE(taken, kArchiveQueue + 1) << "one window may be in the writer's hands";
  EXPECT_EQ(desk.metrics.archive_windows_written->value(), taken);
  EXPECT_EQ(desk.metrics.archive_windows_dropped[ArchiveDrop::kQueueFull].value(), 1001 - taken);
  EXPECT_EQ(checked(desk.lines()).windows_verified, taken);
}

TEST(ArchiveWriter, AfterCloseNothingIsTaken) {
  ArchiveDesk desk;
  const auto writer = desk.open(config_of(desk.path));
  EXPECT_TRUE(writer->push({kTs, "{}"}));
  writer->close();
  writer->close();
  EXPECT_FALSE(writer->push({kTs, "{}"}));
  EXPECT_EQ(desk.lines().size(), 1U);
  EXPECT_EQ(desk.metrics.archive_windows_dropped.total(), 1U);
}

TEST(ArchiveWriter, ManyThreadsMayPush) {
  ArchiveDesk desk;
  {
    const auto writer = desk.open(config_of(desk.path));
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 60; ++i) EXPECT_TRUE(writer->push({kTs, "{}"}));
      });
    }
  }
  EXPECT_EQ(checked(desk.lines()).windows_verified, 180U);
}

TEST(ArchiveFile, AFullDiskCostsTheWindowAndNotTheChain) {
  ArchiveDesk desk;
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto file = ArchiveFile::open(config_of(desk.path));
    if (!file || !(*file)->append(kTs, kReport)) ::_exit(1);
    const rlimit full{std::filesystem::file_size(desk.path) + 50, RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &full) != 0) ::_exit(2);
    if ((*file)->append(kTs, kReport)) ::_exit(3);
    const rlimit free{RLIM_INFINITY, RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &free) != 0) ::_exit(4);
    ::_exit((*file)->append(kTs, kReport) ? 0 : 5);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(desk.lines().size(), 2U);
  EXPECT_EQ(checked(desk.lines()).windows_verified, 2U);
}

TEST(ArchiveFile, AReportThatIsNoJsonLeavesTheChainAlone) {
  ArchiveDesk desk;
  auto file = ArchiveFile::open(config_of(desk.path));
  ASSERT_TRUE(file);
  EXPECT_FALSE((*file)->append(kTs, "{"));
  EXPECT_TRUE((*file)->append(kTs, "{}"));
  EXPECT_EQ(checked(desk.lines()).windows_verified, 1U);
}

}  // namespace
}  // namespace sentinel::daemon
