#include "telemetry/process_metrics.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

namespace sentinel::telemetry {
namespace {

std::map<std::string, double> read(const std::string& proc = "/proc") {
  Snapshot snapshot;
  append_process_metrics(snapshot, proc);
  std::map<std::string, double> out;
  for (const FamilySnapshot& family : snapshot) out[std::string(family.name)] = std::get<double>(family.samples.at(0).value);
  return out;
}

TEST(ProcessMetrics, AreThoseOfThisProcess) {
  auto now = read();
  ASSERT_EQ(now.size(), 7U);
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(now["process_max_fds"], static_cast<double>(limit.rlim_cur));
  EXPECT_GT(now["process_virtual_memory_bytes"], now["process_resident_memory_bytes"]);
  EXPECT_GT(now["process_resident_memory_bytes"], 100'000);
  EXPECT_LE(now["process_start_time_seconds"], static_cast<double>(std::time(nullptr)) + 1);
  EXPECT_GT(now["process_start_time_seconds"], static_cast<double>(std::time(nullptr)) - 3600);

  const int file = ::open("/dev/null", O_RDONLY);
  EXPECT_EQ(read()["process_open_fds"], now["process_open_fds"] + 1);
  ::close(file);
  EXPECT_EQ(read()["process_open_fds"], now["process_open_fds"]);
}

TEST(ProcessMetrics, CountThreads) {
  const double before = read()["process_threads"];
  std::jthread other([](const std::stop_token& stop) {
    while (!stop.stop_requested()) std::this_thread::yield();
  });
  EXPECT_EQ(read()["process_threads"], before + 1);
}

TEST(ProcessMetrics, ReadANameWithBlanksAndBrackets) {
  const std::filesystem::path proc = std::filesystem::path(testing::TempDir()) / "process_metrics";
  std::filesystem::create_directories(proc / "self/fd");
  std::ofstream(proc / "self/fd/0");
  std::ofstream(proc / "self/stat") << "7 (a) b (c) S 1 1 1 0 -1 0 0 0 0 0 250 50 0 0 20 0 9 0 12345 4096 3 0\n";
  std::ofstream(proc / "self/limits")
      << "Limit   Soft Limit  Hard Limit  Units\nMax open files            77      88     files\n";
  std::ofstream(proc / "stat") << "cpu 1 2\nbtime 1000\nprocesses 3\n";
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  EXPECT_EQ(read(proc), (std::map<std::string, double>{
                            {"process_cpu_seconds_total", 300 / ticks},
                            {"process_max_fds", 77},
                            {"process_open_fds", 0},  // one entry stands for the reader's own
                            {"process_resident_memory_bytes", 3.0 * static_cast<double>(sysconf(_SC_PAGESIZE))},
                            {"process_start_time_seconds", 1000.0 + static_cast<double>(static_cast<int>(12345 / ticks))},
                            {"process_threads", 9},
                            {"process_virtual_memory_bytes", 4096},
                        }));
}

TEST(ProcessMetrics, WhatCannotBeReadIsLeftOut) { EXPECT_TRUE(read("/nowhere").empty()); }

}  // namespace
}  // namespace sentinel::telemetry
