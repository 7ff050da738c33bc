// What the acknowledgment file survives: the process killed in the middle, a disk that is full. Each in a child process.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "daemon/ack_store.h"
#include "daemon/temp_folder.h"

namespace sentinel::daemon {
namespace {

const std::string kFaultHash(32, '0');
const Instant kFaultNow = *disclosure::parse_instant("2026-03-02T08:20:11Z");

std::string signature(int number) { return std::to_string(number) + ":" + kFaultHash; }
Ack ack_of(int number) {
  return {.signature = signature(number), .by = "m", .reason = std::string(700, 'r'), .at = kFaultNow, .expires_at = {}};
}

// Runs `work` in a child that leaves with its result.
pid_t in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  return child;
}

int exit_code_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(AckFaults, AKillLosesNothingThatWasConfirmed) {
  const TempFolder folder;
  const std::string path = folder.file("a.jsonl");
  int next = 0;
  for (int round = 0; round < 12; ++round) {
    int confirmed[2];
    ASSERT_EQ(::pipe(confirmed), 0);
    const pid_t child = in_child([&] {
      auto store = AckStore::open(path, kFaultNow, {.entries = 100'000, .file_bytes = 64 << 20, .compact_bytes = 20'000});
      if (!store) return 1;
      for (int i = next;; ++i) {
        if ((*store)->add(ack_of(i), kFaultNow) != AckOutcome::kDone) return 2;
        if (::write(confirmed[1], &i, sizeof i) != sizeof i) return 3;
      }
    });
    ::close(confirmed[1]);
    int last = -1;
    const int enough = next + 3 + 7 * round;  // the kill falls at another place in each round
    while (last < enough && ::read(confirmed[0], &last, sizeof last) == sizeof last) {
    }
    ::kill(child, SIGKILL);
    while (::read(confirmed[0], &last, sizeof last) == sizeof last) {
    }
    ::close(confirmed[0]);
    ASSERT_EQ(exit_code_of(child), -1) << "the child was to be killed";

    const auto store = AckStore::open(path, kFaultNow, {.entries = 100'000, .file_bytes = 64 << 20, .compact_bytes = 20'000});
    ASSERT_TRUE(store) << store.error().text();
    const auto table = (*store)->table();
    for (int i = 0; i <= last; ++i) ASSERT_NE(table->find(signature(i), kFaultNow), nullptr) << i << " was confirmed";
    next = static_cast<int>(table->size());
    EXPECT_LE(next, last + 2) << "at most one more was on its way";
  }
}

TEST(AckFaults, AFullDiskIsAnErrorAndTheNextWriteSucceedsAgain) {
  const TempFolder folder;
  const std::string path = folder.file("a.jsonl");
  const int code = exit_code_of(in_child([&] {
    auto opened = AckStore::open(path, kFaultNow);
    if (!opened) return 1;
    AckStore& store = **opened;
    ::signal(SIGXFSZ, SIG_IGN);
    if (store.add(ack_of(0), kFaultNow) != AckOutcome::kDone) return 2;
    const std::uint64_t before = store.file_bytes();
    const rlimit full{before + 100, RLIM_INFINITY};  // room for a part of a line
    if (::setrlimit(RLIMIT_FSIZE, &full) != 0) return 3;
    if (store.add(ack_of(1), kFaultNow) != AckOutcome::kInternalError) return 4;
    if (store.table()->find(signature(1), kFaultNow) != nullptr) return 5;
    if (std::filesystem::file_size(path) != before) return 6;
    if (store.revoke(signature(0), "m", kFaultNow) != AckOutcome::kInternalError) return 7;
    if (store.table()->find(signature(0), kFaultNow) == nullptr) return 8;
    const rlimit free{RLIM_INFINITY, RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &free) != 0) return 9;
    return store.add(ack_of(2), kFaultNow) == AckOutcome::kDone ? 0 : 10;
  }));
  ASSERT_EQ(code, 0);
  EXPECT_EQ(lines_of(read_file(path)).size(), 2U);
  const auto store = AckStore::open(path, kFaultNow);
  ASSERT_TRUE(store) << store.error().text();
  EXPECT_EQ((*store)->table()->size(), 2U);
}

TEST(AckFaults, AnotherProcessCannotTakeTheFileUntilItsOwnerIsGone) {
  const TempFolder folder;
  const std::string path = folder.file("a.jsonl");
  auto store = AckStore::open(path, kFaultNow);
  ASSERT_TRUE(store);
  const auto try_open = [&] { return AckStore::open(path, kFaultNow) ? 0 : 7; };
  // The child inherits the owner's descriptor and with it the lock; it must still be refused.
  EXPECT_EQ(exit_code_of(in_child(try_open)), 7);
  store->reset();
  EXPECT_EQ(exit_code_of(in_child(try_open)), 0);
}

}  // namespace
}  // namespace sentinel::daemon
