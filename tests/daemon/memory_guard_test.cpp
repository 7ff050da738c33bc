#include "daemon/memory_guard.h"

#include <gtest/gtest.h>

#include <chrono>

#include "daemon/daemon_metrics.h"
#include "daemon/temp_folder.h"

namespace sentinel::daemon {
namespace {

// A cgroup tree in a folder: memory.* files by group.
struct Groups {
  TempFolder folder;
  void set(const std::string& group, const std::string& current, const std::string& max, const std::string& stat = "") {
    std::filesystem::create_directories(folder.path() + group);
    write_file(folder.path() + group + "/memory.current", current);
    write_file(folder.path() + group + "/memory.max", max);
    if (!stat.empty()) write_file(folder.path() + group + "/memory.stat", stat);
  }
  // A guard at 80 % for a process of that group.
  MemoryGuard guard(const std::string& group) {
    write_file(folder.file("self"), "0::" + group + "\n");
    return MemoryGuard(80, folder.path(), folder.file("self"));
  }
};

TEST(MemoryRatio, LeavesOutWhatTheKernelCanGiveBack) {
  EXPECT_DOUBLE_EQ(*memory_ratio("600\n", "1000\n", "anon 1\ninactive_file 100\nactive_file 5\n"), 0.5);
  EXPECT_DOUBLE_EQ(*memory_ratio("600", "1000", ""), 0.6);
  EXPECT_DOUBLE_EQ(*memory_ratio("600", "1000", "inactive_file x\n"), 0.6);
  EXPECT_DOUBLE_EQ(*memory_ratio("600", "1000", "total_inactive_file 100\n"), 0.6);
  EXPECT_DOUBLE_EQ(*memory_ratio("600", "1000", "inactive_file 601\n"), 0.0);
}

TEST(MemoryRatio, NeedsALimit) {
  for (const char* max : {"max\n", "0", "-1", "", "x"}) EXPECT_FALSE(memory_ratio("600", max, "")) << max;
  EXPECT_FALSE(memory_ratio("", "1000", ""));
  EXPECT_FALSE(memory_ratio("x", "1000", ""));
}

TEST(MemoryFolders, GoFromTheOwnGroupUpToTheMount) {
  using List = std::vector<std::string>;
  EXPECT_EQ(memory_folders("0::/a/b\n", "/m"), (List{"/m/a/b", "/m/a", "/m"}));
  EXPECT_EQ(memory_folders("0::/\n", "/m"), (List{"/m"}));
  EXPECT_EQ(memory_folders("12:memory:/v1\n0::/a\n", "/m"), (List{"/m/a", "/m"}));
  EXPECT_EQ(memory_folders("0::/../a\n", "/m"), (List{"/m"}));
  EXPECT_EQ(memory_folders("", "/m"), (List{"/m"}));
}

TEST(MemoryGuard, TheFullestGroupDecides) {
  Groups groups;
  groups.set("/a/b", "10", "max");
  groups.set("/a", "850", "1000", "inactive_file 50\n");
  groups.set("", "100", "1000");
  EXPECT_TRUE(groups.guard("/a/b").poll());
  groups.set("/a", "849", "1000", "inactive_file 50\n");
  EXPECT_FALSE(groups.guard("/a/b").poll());
}

TEST(MemoryGuard, InAContainerTheMountIsTheGroup) {
  Groups groups;
  groups.set("", "800", "1000");
  EXPECT_TRUE(groups.guard("/").poll());
}

TEST(MemoryGuard, GoesOnAtTheMarkAndOffFivePointsBelow) {
  MemoryGuard guard(80, "/nowhere", "/nowhere");
  EXPECT_FALSE(guard.decide(0.799));
  EXPECT_TRUE(guard.decide(0.80));
  EXPECT_TRUE(guard.decide(0.76));
  EXPECT_TRUE(guard.decide(0.75)) << "not yet below";
  EXPECT_FALSE(guard.decide(0.749));
  EXPECT_FALSE(guard.decide(0.799)) << "in between nothing changes";
}

TEST(MemoryGuard, WithoutARatioItIsOff) {
  MemoryGuard guard(80, "/nowhere", "/nowhere");
  EXPECT_TRUE(guard.decide(0.9));
  EXPECT_FALSE(guard.decide(std::nullopt));
  EXPECT_FALSE(guard.poll());
  EXPECT_FALSE(guard.on());
}

TEST(MemoryGuard, TheLowestMarkStillGoesOff) {
  MemoryGuard guard(6, "/nowhere", "/nowhere");
  EXPECT_TRUE(guard.decide(0.06));
  EXPECT_TRUE(guard.decide(0.01));
  EXPECT_FALSE(guard.decide(0.0099));
}

TEST(MemoryGuard, ItsThreadReadsAtOnceAndEverySecond) {
  Groups groups;
  groups.set("", "900", "1000");
  telemetry::Registry registry;
  DaemonMetrics metrics(registry);
  MemoryGuard guard(80, groups.folder.path(), "/nowhere");
  guard.start({}, metrics.ingest_memory_pressure);
  EXPECT_TRUE(guard.on());
  EXPECT_EQ(metrics.ingest_memory_pressure->value(), 1.0);
  groups.set("", "100", "1000");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (guard.on() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(guard.on());
  EXPECT_EQ(metrics.ingest_memory_pressure->value(), 0.0);
}

}  // namespace
}  // namespace sentinel::daemon
