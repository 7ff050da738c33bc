#include "daemon/ack_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "daemon/ack_log.h"
#include "daemon/temp_folder.h"

namespace sentinel::daemon {
namespace {

const std::string kStoreHash(32, '0');
const Instant kStoreNow = *disclosure::parse_instant("2026-03-02T08:20:11.5Z");
const Instant kLater = *disclosure::parse_instant("2026-03-03T00:00:00Z");
const std::string kAckLine =
    R"({"action":"ack","signature":"a:)" + kStoreHash + R"(","by":"m","reason":"r","at":"2026-01-01T00:00:00Z"})";
const std::string kOtherLine = R"({"action":"ack","signature":"b:)" + kStoreHash + R"(","by":"m","at":"2026-01-02T00:00:00Z"})";

std::string signature(std::string_view name) { return std::string(name) + ":" + kStoreHash; }

Ack ack_of(std::string_view name, std::optional<Instant> expires_at = std::nullopt) {
  return {.signature = signature(name), .by = "mira", .reason = "planned", .at = kStoreNow, .expires_at = expires_at};
}

Ack ack_of_signature(std::string signature) {
  Ack ack = ack_of("");
  ack.signature = std::move(signature);
  return ack;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

// The store, or a test failure with why there is none.
std::unique_ptr<AckStore> open(const std::string& path, Instant now = kStoreNow, const AckLimits& limits = {}) {
  auto store = AckStore::open(path, now, limits);
  if (!store) {
    ADD_FAILURE() << store.error().text();
    return nullptr;
  }
  return std::move(*store);
}

std::string error_of(const std::string& path, const AckLimits& limits = {}) {
  const auto store = AckStore::open(path, kStoreNow, limits);
  return store ? "opened" : store.error().text();
}

std::string names(const AckStore& store, Instant now = kStoreNow) {
  std::string out;
  const auto table = store.table();
  for (const Ack* ack : table->list(now)) out += ack->signature.substr(0, ack->signature.find(':')) + " ";
  return out;
}

// -- signatures and texts

TEST(AckSignature, EndsInAColonAndThirtyTwoDigits) {
  for (const std::string& good :
       {signature("a"), signature("a:b:c"), signature("a b"), signature("é"), std::string(991, 'x') + ":" + kStoreHash}) {
    EXPECT_TRUE(is_ack_signature(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), ":" + kStoreHash, std::string(40, 'x'), "a:" + std::string(31, 'a'), "a:" + std::string(33, 'a'),
        "a:" + std::string(32, 'A'), std::string(992, 'x') + ":" + kStoreHash, "\xFF:" + kStoreHash}) {
    EXPECT_FALSE(is_ack_signature(bad)) << bad;
  }
}

TEST(AckText, ControlAndInvisibleCharactersAreDropped) {
  EXPECT_EQ(clean_ack_text("a\u202Eb\u200Bc\uFEFF", 256), "abc");
  EXPECT_EQ(clean_ack_text("x\u2066y\x01\u00AD\n\x7F", 256), "xy");
  EXPECT_EQ(clean_ack_text("\u0080\u009F\u00A0\u00E9", 256), "\u00A0\u00E9");
}

TEST(AckText, IsCutOnACharacterBoundary) {
  EXPECT_EQ(clean_ack_text(std::string(256, 'b') + "b", 256), std::string(256, 'b'));
  EXPECT_EQ(clean_ack_text(std::string(255, 'b') + "é", 256), std::string(255, 'b'));
  EXPECT_EQ(clean_ack_text(std::string(254, 'b') + "é", 256), std::string(254, 'b') + "é");
}

// -- opening

TEST(AckStore, MakesFoldersAndAFileForTheirOwnerOnly) {
  const TempFolder folder;
  const auto store = open(folder.file("x/y/a.jsonl"));
  EXPECT_EQ(mode_of(folder.file("x/y")), 0700U);
  EXPECT_EQ(mode_of(folder.file("x/y/a.jsonl")), 0600U);
  EXPECT_NE(mode_of(folder.file("x")), 0700U) << "only the file's own folder is tightened";
}

TEST(AckStore, TightensAFolderButNotOneThatIsEverybodys) {
  const TempFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  { const auto store = open(folder.file("a.jsonl")); }
  EXPECT_EQ(mode_of(folder.path()), 0700U);
  ::chmod(folder.path().c_str(), 01777);
  { const auto store = open(folder.file("a.jsonl")); }
  EXPECT_EQ(mode_of(folder.path()), 01777U);
}

TEST(AckStore, AWeakFileIsReplaced) {
  const TempFolder folder;
  write_file(folder.file("a.jsonl"), kAckLine + "\n");
  ::chmod(folder.file("a.jsonl").c_str(), 0644);
  const auto store = open(folder.file("a.jsonl"));
  EXPECT_EQ(names(*store), "a ");
  EXPECT_EQ(mode_of(folder.file("a.jsonl")), 0600U);
}

TEST(AckStore, WhatIsNoPlainFileIsRefused) {
  const TempFolder folder;
  write_file(folder.file("real"), "");
  std::filesystem::create_symlink(folder.file("real"), folder.file("link"));
  std::filesystem::create_directory(folder.file("folder"));
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  for (const std::string name : {"link", "folder", "pipe"}) {
    const std::string error = error_of(folder.file(name));
    EXPECT_NE(error.find(folder.file(name)), std::string::npos) << error;
  }
}

TEST(AckStore, LinesAreReplayedAndTheRestOfTheFileForgotten) {
  const TempFolder folder;
  const std::string revoke = R"({"action":"unack","signature":"b:)" + kStoreHash + R"(","by":"x","at":"2026-01-03T00:00:00Z"})";
  write_file(folder.file("a.jsonl"), "\n" + kOtherLine + "\r\n\n" + kAckLine + "\n" + revoke + "\n" + revoke + "\n\n");
  const auto store = open(folder.file("a.jsonl"));
  EXPECT_EQ(names(*store), "a ");
  EXPECT_EQ(read_file(folder.file("a.jsonl")), kAckLine + "\n");
}

TEST(AckStore, LaterLinesWin) {
  const TempFolder folder;
  std::string second = kAckLine;
  second.replace(second.find("\"m\""), 3, "\"second\"");
  write_file(folder.file("a.jsonl"), kAckLine + "\n" + second);
  const auto store = open(folder.file("a.jsonl"));
  EXPECT_EQ(store->table()->find(signature("a"), kStoreNow)->by, "second") << "a complete last line needs no line end";
}

TEST(AckStore, FieldsAreCleanedAndUnknownKeysLeftOut) {
  const TempFolder folder;
  write_file(folder.file("a.jsonl"), R"({"zz":[1],"action":"ack","signature":"a:)" + kStoreHash +
                                         R"(","by":"a\u202eb","reason":")" + std::string(1025, 'x') +
                                         R"(","at":"2026-01-01T01:00:00+01:00","expires_at":null})" + "\n");
  const auto store = open(folder.file("a.jsonl"));
  EXPECT_EQ(read_file(folder.file("a.jsonl")), R"({"action":"ack","signature":"a:)" + kStoreHash + R"(","by":"ab","reason":")" +
                                                   std::string(1024, 'x') + R"(","at":"2026-01-01T00:00:00Z"})" + "\n");
}

TEST(AckStore, ExpiredLinesAndBadSignaturesAreDropped) {
  const TempFolder folder;
  const std::string until = kAckLine.substr(0, kAckLine.size() - 1) + R"(,"expires_at":")";
  write_file(folder.file("a.jsonl"), until + "2026-03-02T08:20:11.5Z\"}\n" +
                                         R"({"action":"ack","signature":"bad","by":"m","at":"2026-01-01T00:00:00Z"})" + "\n" +
                                         kOtherLine + "\n");
  const auto store = open(folder.file("a.jsonl"));
  EXPECT_EQ(names(*store), "b ");
  EXPECT_EQ(store->opened().bad_signatures, 1U);
}

TEST(AckStore, ABrokenLineInTheMiddleIsNamed) {
  const TempFolder folder;
  const std::string no_by = R"({"action":"ack","signature":"a:)" + kStoreHash + R"(","at":"2026-01-01T00:00:00Z"})";
  const std::string no_at = R"({"action":"ack","signature":"a:)" + kStoreHash + R"(","by":"m"})";
  std::string bad_action = kAckLine, bad_time = kAckLine;
  bad_action.replace(bad_action.find("\"ack\""), 5, "\"nack\"");
  bad_time.replace(bad_time.find("2026"), 4, "never");
  const std::string long_line = kAckLine + std::string(kMaxAckLineBytes + 1 - kAckLine.size(), ' ');
  for (const std::string& bad : {std::string("nonsense"), std::string("   "), std::string("\xFF"), std::string("[]"), no_by,
                                 no_at, bad_action, bad_time, kAckLine + "x", long_line}) {
    write_file(folder.file("a.jsonl"), kOtherLine + "\n\n" + bad + "\n");
    const std::string error = error_of(folder.file("a.jsonl"));
    EXPECT_NE(error.find("a.jsonl line 3"), std::string::npos) << bad << " -> " << error;
  }
  write_file(folder.file("a.jsonl"), kAckLine + std::string(kMaxAckLineBytes - kAckLine.size(), ' ') + "\n");
  EXPECT_EQ(error_of(folder.file("a.jsonl")), "opened") << "4096 bytes are a line";
}

TEST(AckStore, ALastLineCutAnywhereIsSkippedAndCounted) {
  const TempFolder folder;
  for (std::size_t cut = 1; cut < kAckLine.size(); cut += 5) {
    write_file(folder.file("a.jsonl"), kOtherLine + "\n" + kAckLine.substr(0, cut));
    const auto store = open(folder.file("a.jsonl"));
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(names(*store), "b ") << cut;
    EXPECT_EQ(store->opened().lines_skipped, 1U) << cut;
    EXPECT_EQ(read_file(folder.file("a.jsonl")), kOtherLine + "\n") << cut;
  }
}

TEST(AckStore, TheFileMayHaveSixtyFourMebibytesAndNoMore) {
  const TempFolder folder;
  AckLimits limits;
  limits.file_bytes = 2 * kAckLine.size() + 2;
  write_file(folder.file("a.jsonl"), kAckLine + "\n" + kAckLine + "\n");
  EXPECT_EQ(error_of(folder.file("a.jsonl"), limits), "opened");
  write_file(folder.file("a.jsonl"), kAckLine + "\n" + kAckLine + "\n\n");
  EXPECT_NE(error_of(folder.file("a.jsonl"), limits), "opened");
  EXPECT_EQ(AckLimits().file_bytes, 67'108'864U);
}

TEST(AckStore, HasOneOwner) {
  const TempFolder folder;
  auto first = open(folder.file("a.jsonl"));
  EXPECT_NE(error_of(folder.file("a.jsonl")).find("another daemon"), std::string::npos);
  EXPECT_EQ(first->add(ack_of("a"), kStoreNow), AckOutcome::kDone) << "a refused owner does no harm";
  first.reset();
  EXPECT_EQ(names(*open(folder.file("a.jsonl"))), "a ");
}

TEST(AckStore, ADraftOfARunThatDiedIsReplaced) {
  const TempFolder folder;
  write_file(folder.file("a.jsonl"), kAckLine + "\n");
  write_file(folder.file("a.jsonl.tmp"), "half a dr");
  EXPECT_EQ(names(*open(folder.file("a.jsonl"))), "a ");
  EXPECT_FALSE(std::filesystem::exists(folder.file("a.jsonl.tmp")));
}

// -- changes

TEST(AckStore, AnAckIsOnDiskInItsDocumentedForm) {
  const TempFolder folder;
  const auto store = open(folder.file("a.jsonl"));
  EXPECT_EQ(store->add(ack_of("a", kLater), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->revoke(signature("a"), "other", kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(read_file(folder.file("a.jsonl")), R"({"action":"ack","signature":"a:)" + kStoreHash +
                                                   R"(","by":"mira","reason":"planned","at":"2026-03-02T08:20:11.500Z",)" +
                                                   R"("expires_at":"2026-03-03T00:00:00Z"})" + "\n" +
                                                   R"({"action":"unack","signature":"a:)" + kStoreHash +
                                                   R"(","by":"other","at":"2026-03-02T08:20:11.500Z"})" + "\n");
}

TEST(AckStore, AddRevokeAndAddAgain) {
  const TempFolder folder;
  const auto store = open(folder.file("a.jsonl"));
  EXPECT_EQ(store->add(ack_of("a"), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->add(ack_of("a"), kStoreNow), AckOutcome::kAlreadyAcked);
  EXPECT_EQ(store->revoke(signature("a"), "m", kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->revoke(signature("a"), "m", kStoreNow), AckOutcome::kNotAcked);
  EXPECT_EQ(store->add(ack_of("a"), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->add(ack_of_signature("bad"), kStoreNow), AckOutcome::kInvalidSignature);
  EXPECT_EQ(store->revoke("bad", "m", kStoreNow), AckOutcome::kInvalidSignature);
}

TEST(AckStore, AnExpiredEntryIsOutOfTheWay) {
  const TempFolder folder;
  const auto store = open(folder.file("a.jsonl"));
  EXPECT_EQ(store->add(ack_of("a", kStoreNow), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->table()->find(signature("a"), kStoreNow), nullptr);
  EXPECT_EQ(names(*store), "");
  EXPECT_EQ(store->add(ack_of("a", kLater), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(names(*store), "a ");
  EXPECT_EQ(names(*store, kLater), "") << "an entry ends at its instant";
}

// Offsets lead there, and a line that the next start cannot read would keep the daemon from starting.
TEST(AckStore, AnEntryUntilAYearThatNeedsASignIsReadAgain) {
  const TempFolder folder;
  for (const char* until : {"9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00+00:01"}) {
    const auto store = open(folder.file("a.jsonl"));
    EXPECT_EQ(store->add(ack_of(until, disclosure::parse_instant(until)), kStoreNow), AckOutcome::kDone);
  }
  EXPECT_EQ(names(*open(folder.file("a.jsonl"))), "9999-12-31T23 ") << "the part of the name before its colon";
}

TEST(AckStore, TheLimitOfEntriesCountsThoseThatCount) {
  const TempFolder folder;
  const AckLimits limits{.entries = 3, .file_bytes = 1 << 20, .compact_bytes = 1 << 20};
  const auto store = open(folder.file("a.jsonl"), kStoreNow, limits);
  EXPECT_EQ(store->add(ack_of("a", kLater), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->add(ack_of("b"), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->add(ack_of("c"), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->add(ack_of("d"), kStoreNow), AckOutcome::kLimitReached);
  EXPECT_EQ(store->add(ack_of("d"), kLater), AckOutcome::kDone) << "a has expired";
  EXPECT_EQ(store->add(ack_of("e"), kLater), AckOutcome::kLimitReached);
  EXPECT_EQ(AckLimits().entries, 10'000U);
}

TEST(AckStore, ReplayKeepsTheFirstEntriesUpToTheLimit) {
  const TempFolder folder;
  write_file(folder.file("a.jsonl"), kAckLine + "\n" + kOtherLine + "\n" + kAckLine + "\n");
  const auto store = open(folder.file("a.jsonl"), kStoreNow, {.entries = 1, .file_bytes = 1 << 20, .compact_bytes = 1 << 20});
  EXPECT_EQ(names(*store), "a ");
  EXPECT_EQ(store->opened().over_limit, 1U);
}

TEST(AckStore, ALineMayHave4096BytesWithItsEnd) {
  const TempFolder folder;
  const auto store = open(folder.file("a.jsonl"));
  // Quotes are written with a backslash, so the bounds of the fields leave room for more than a line.
  Ack ack = ack_of(std::string(990, 'x'));
  ack.by = std::string(256, '"');
  ack.reason = std::string(1024, '"');
  std::string line;
  append_ack_json(line, ack);
  std::size_t spare = kMaxAckLineBytes - 1 - line.size();
  std::string name(990, 'x');
  for (std::size_t i = 0; i < spare && i < name.size(); ++i) name[i] = '"';
  ASSERT_LT(spare, name.size());
  ack.signature = signature(name);
  Ack longer = ack;
  longer.signature[spare] = '"';
  EXPECT_EQ(store->add(longer, kStoreNow), AckOutcome::kEntryTooLarge);
  EXPECT_EQ(store->file_bytes(), 0U);
  EXPECT_EQ(store->add(ack, kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->file_bytes(), kMaxAckLineBytes);
}

TEST(AckStore, AFullFileRefusesWhatWouldPassItsCap) {
  const TempFolder folder;
  const auto probe = open(folder.file("probe.jsonl"));
  (void)probe->add(ack_of("a"), kStoreNow);
  const std::uint64_t line = probe->file_bytes();
  const auto store = open(folder.file("a.jsonl"), kStoreNow, {.entries = 10, .file_bytes = 2 * line, .compact_bytes = 1 << 20});
  EXPECT_EQ(store->add(ack_of("a"), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->add(ack_of("b"), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(store->add(ack_of("c"), kStoreNow), AckOutcome::kFileTooLarge);
  EXPECT_EQ(names(*store), "a b ");
}

TEST(AckStore, IsCompactedWhileItRuns) {
  const TempFolder folder;
  const auto store = open(folder.file("a.jsonl"), kStoreNow, {.entries = 10, .file_bytes = 1 << 20, .compact_bytes = 1000});
  (void)store->add(ack_of("kept"), kStoreNow);
  for (int i = 0; i < 40; ++i) {
    ASSERT_EQ(store->add(ack_of("a"), kStoreNow), AckOutcome::kDone);
    ASSERT_EQ(store->revoke(signature("a"), "m", kStoreNow), AckOutcome::kDone);
    ASSERT_LE(store->file_bytes(), 1000U);
    ASSERT_EQ(std::filesystem::file_size(folder.file("a.jsonl")), store->file_bytes());
  }
  EXPECT_EQ(names(*store), "kept ");
  EXPECT_EQ(mode_of(folder.file("a.jsonl")), 0600U);
  EXPECT_NE(error_of(folder.file("a.jsonl")).find("another daemon"), std::string::npos)
      << "the new file is held as the old one was";
}

TEST(AckStore, ListsByTimeAndThenSignature) {
  const TempFolder folder;
  const auto store = open(folder.file("a.jsonl"));
  for (const char* name : {"c", "a", "b"}) (void)store->add(ack_of(name), kStoreNow);
  Ack early = ack_of("z");
  early.at = *disclosure::parse_instant("2026-03-02T08:20:11.499Z");
  (void)store->add(early, kStoreNow);
  EXPECT_EQ(names(*store), "z a b c ");
  EXPECT_EQ(store->table()->list(kStoreNow, 2).size(), 2U);
}

TEST(AckTable, ACopyDoesNotSeeLaterChanges) {
  AckTable table;
  for (int i = 0; i < 2000; ++i) table.set(std::make_shared<const Ack>(ack_of(std::to_string(i))));
  const AckTable before = table;
  for (int i = 0; i < 2000; ++i) table.erase(signature(std::to_string(i)));
  table.set(std::make_shared<const Ack>(ack_of("new")));
  EXPECT_EQ(before.size(), 2000U);
  EXPECT_EQ(before.list(kStoreNow, SIZE_MAX).size(), 2000U);
  EXPECT_NE(before.find(signature("17")), nullptr);
  EXPECT_EQ(before.find(signature("new")), nullptr);
  EXPECT_EQ(table.size(), 1U);
  table.set(std::make_shared<const Ack>(ack_of("new")));
  EXPECT_EQ(table.size(), 1U) << "one entry a signature";
}

TEST(AckStore, AnUnchangedFileIsNotWrittenAgain) {
  const TempFolder folder;
  const auto inode = [&] {
    struct stat status {};
    return ::stat(folder.file("a.jsonl").c_str(), &status) == 0 ? status.st_ino : 0;
  };
  (void)open(folder.file("a.jsonl"))->add(ack_of("a"), kStoreNow);
  const auto before = inode();
  EXPECT_EQ(open(folder.file("a.jsonl"))->add(ack_of("b"), kStoreNow), AckOutcome::kDone);
  EXPECT_EQ(inode(), before);
  EXPECT_EQ(names(*open(folder.file("a.jsonl"))), "a b ");
  write_file(folder.file("a.jsonl"), read_file(folder.file("a.jsonl")) + "\n");
  (void)open(folder.file("a.jsonl"));
  EXPECT_NE(inode(), before);
}

TEST(AckStore, WritersAndReadersMayMeet) {
  const TempFolder folder;
  const auto store = open(folder.file("a.jsonl"), kStoreNow, {.entries = 1000, .file_bytes = 1 << 20, .compact_bytes = 5000});
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 20; ++i) {
          const std::string name = std::to_string(t) + "-" + std::to_string(i);
          EXPECT_EQ(store->add(ack_of(name), kStoreNow), AckOutcome::kDone);
          EXPECT_NE(store->table()->find(signature(name), kStoreNow), nullptr);
          if (i % 2 == 0) {
            EXPECT_EQ(store->revoke(signature(name), "m", kStoreNow), AckOutcome::kDone);
          }
        }
      });
    }
    for (int i = 0; i < 200; ++i) {
      const auto table = store->table();
      EXPECT_EQ(table->list(kStoreNow).size(), table->size());
    }
  }
  EXPECT_EQ(store->table()->size(), 30U);
}

TEST(AckStore, EachOutcomeHasItsAnswer) {
  EXPECT_EQ(answer(AckAction::kAck, AckOutcome::kDone).status, 201);
  EXPECT_EQ(answer(AckAction::kUnack, AckOutcome::kDone).status, 204);
  EXPECT_FALSE(answer(AckAction::kAck, AckOutcome::kDone).reason);
  struct Case {
    AckOutcome outcome;
    std::uint16_t status;
    std::string_view error, reason;
  };
  constexpr Case kCases[] = {
      {AckOutcome::kUnauthorized, 401, "missing or invalid X-API-Key", "unauthorized"},
      {AckOutcome::kNoStore, 503, "ack store disabled", "no_store"},
      {AckOutcome::kInvalidSignature, 400, "invalid signature format", "invalid_signature"},
      {AckOutcome::kAlreadyAcked, 409, "already acked", "already_acked"},
      {AckOutcome::kNotAcked, 404, "not acked", "not_acked"},
      {AckOutcome::kLimitReached, 507, "active ack limit reached", "limit_reached"},
      {AckOutcome::kEntryTooLarge, 507, "ack entry size cap reached", "entry_too_large"},
      {AckOutcome::kFileTooLarge, 507, "ack file size cap reached", "file_too_large"},
      {AckOutcome::kInternalError, 500, "ack store write failed", "internal_error"},
  };
  for (const Case& one : kCases) {
    const AckAnswer got = answer(AckAction::kAck, one.outcome);
    EXPECT_EQ(got.status, one.status);
    EXPECT_EQ(got.error, one.error);
    EXPECT_EQ(slug(*got.reason), one.reason);
  }
  const AckAnswer baseline = answer(AckAction::kAck, AckOutcome::kBaseline);
  EXPECT_EQ(baseline.status, 409);
  EXPECT_NE(baseline.error.find("CI TOML baseline"), std::string_view::npos);
  EXPECT_NE(baseline.error.find("review"), std::string_view::npos);
  EXPECT_EQ(slug(*baseline.reason), "already_acked");
}

TEST(DefaultAckPath, IsThePerUserDataFolder) {
  EXPECT_EQ(default_ack_path("/data", "/home/m"), "/data/perf-sentinel/acks.jsonl");
  EXPECT_EQ(default_ack_path("data", "/home/m"), "/home/m/.local/share/perf-sentinel/acks.jsonl");
  EXPECT_EQ(default_ack_path(nullptr, "/home/m"), "/home/m/.local/share/perf-sentinel/acks.jsonl");
  EXPECT_EQ(default_ack_path("", ""), std::nullopt);
  EXPECT_EQ(default_ack_path(nullptr, nullptr), std::nullopt);
}

}  // namespace
}  // namespace sentinel::daemon
