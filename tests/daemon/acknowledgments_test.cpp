#include "daemon/acknowledgments.h"

#include <gtest/gtest.h>

#include "daemon/temp_folder.h"

namespace sentinel::daemon {
namespace {

const std::string kPatternHash(32, '0');
const std::string kA = "a:" + kPatternHash;
const Instant kTableNow = *disclosure::parse_instant("2026-03-02T08:20:11Z");
constexpr std::uint64_t kNowMs = 1'772'439'611'000;

AckBaseline baseline_of(std::string_view expires) {
  const std::string toml = "[[acknowledged]]\nsignature = \"" + kA +
                           "\"\nacknowledged_by = \"ci\"\nacknowledged_at = \"2026-01-01\"\nreason = \"ok\"\n" +
                           (expires.empty() ? "" : "expires_at = \"" + std::string(expires) + "\"\n");
  const auto file = analysis::parse_acknowledgments(toml, "acks.toml");
  EXPECT_TRUE(file);
  return {*file, kNowMs};
}

struct Desk {
  TempFolder folder;
  telemetry::Registry registry;
  DaemonMetrics metrics{registry};
  Acknowledgments acks;

  explicit Desk(AckBaseline baseline = {}, bool store = true, std::optional<std::string> key = std::nullopt)
      : acks(std::move(baseline), store ? std::move(*AckStore::open(folder.file("a.jsonl"), kTableNow)) : nullptr,
             std::move(key), metrics) {}

  std::uint64_t failed(AckAction action, AckFailure reason) {
    return metrics.ack_operations_failed[static_cast<std::size_t>(action)][reason].value();
  }
};

TEST(AckBaseline, CountsThroughTheLastSecondOfItsDay) {
  EXPECT_NE(baseline_of("").find(kA, kNowMs), nullptr);
  const AckBaseline today = baseline_of("2026-03-02");
  constexpr std::uint64_t kLastMs = 1'772'495'999'000;  // 23:59:59
  EXPECT_NE(today.find(kA, kLastMs), nullptr);
  EXPECT_EQ(today.find(kA, kLastMs + 1), nullptr);
  EXPECT_EQ(baseline_of("2026-03-01").size(), 0U) << "expired at start";
}

TEST(AckBaseline, ALaterEntryReplacesAnEarlierOne) {
  std::string toml;
  for (const char* by : {"first", "second"}) {
    toml += "[[acknowledged]]\nsignature = \"" + kA + "\"\nacknowledged_by = \"" + by +
            "\"\nacknowledged_at = \"2026-01-01\"\nreason = \"ok\"\n";
  }
  const AckBaseline baseline(*analysis::parse_acknowledgments(toml, "acks.toml"), kNowMs);
  EXPECT_EQ(baseline.find(kA, kNowMs)->acknowledged_by, "second");
}

TEST(Acknowledgments, TheBaselineWinsOverTheStore) {
  Desk desk;
  EXPECT_EQ(desk.acks.add(kA, {}, {}, kTableNow), AckOutcome::kDone);
  EXPECT_EQ(desk.acks.find(kA, kTableNow).ack->by, "anonymous");
  EXPECT_EQ(desk.acks.find("b:" + kPatternHash, kTableNow).ack, nullptr);

  Desk covered(baseline_of(""));
  EXPECT_EQ(covered.acks.find(kA, kTableNow).baseline->acknowledged_by, "ci");
  EXPECT_EQ(covered.acks.add(kA, {}, {}, kTableNow), AckOutcome::kBaseline);
  EXPECT_EQ(covered.failed(AckAction::kAck, AckFailure::kAlreadyAcked), 1U);
  EXPECT_EQ(covered.acks.list_json(kTableNow), "[]");
  EXPECT_EQ(covered.acks.revoke(kA, {}, kTableNow), AckOutcome::kNotAcked);
}

TEST(Acknowledgments, WhoActs) {
  const auto by = [](std::optional<std::string_view> header, std::optional<std::string> body) {
    Desk desk;
    EXPECT_EQ(
        desk.acks.add(kA, {.by = std::move(body), .reason = {}, .expires_at = {}}, {.user = header, .api_key = {}}, kTableNow),
        AckOutcome::kDone);
    return desk.acks.find(kA, kTableNow).ack->by;
  };
  EXPECT_EQ(by("head", "body"), "head");
  EXPECT_EQ(by("", "body"), "");
  EXPECT_EQ(by("m\xC3\xA9", "body"), "body");
  EXPECT_EQ(by(std::nullopt, "body"), "body");
  EXPECT_EQ(by(std::nullopt, std::nullopt), "anonymous");
}

TEST(Acknowledgments, TheKeyIsAskedForFirst) {
  Desk desk({}, true, "0123456789abcdef");
  using Caller = Acknowledgments::Caller;
  for (const Caller& stranger : {Caller{}, Caller{{}, ""}, Caller{{}, "0123456789abcdeF"}, Caller{{}, "0123456789abcde"},
                                 Caller{{}, "0123456789abcdefx"}, Caller{{}, "0123456789abcdef0123456789abcdef"}}) {
    EXPECT_EQ(desk.acks.add("bad", {}, stranger, kTableNow), AckOutcome::kUnauthorized);
    EXPECT_EQ(desk.acks.revoke("bad", stranger, kTableNow), AckOutcome::kUnauthorized);
    EXPECT_FALSE(desk.acks.authorized(stranger));
  }
  EXPECT_EQ(desk.failed(AckAction::kUnack, AckFailure::kUnauthorized), 6U);
  const Caller known{{}, "0123456789abcdef"};
  EXPECT_EQ(desk.acks.add("bad", {}, known, kTableNow), AckOutcome::kInvalidSignature);
  EXPECT_EQ(desk.acks.add(kA, {}, known, kTableNow), AckOutcome::kDone);
  EXPECT_EQ(desk.metrics.ack_operations[AckAction::kAck].value(), 1U);
}

TEST(Acknowledgments, WithoutAStoreWritesAreRefusedAndTheListIsEmpty) {
  Desk desk({}, false);
  EXPECT_EQ(desk.acks.add("bad", {}, {}, kTableNow), AckOutcome::kNoStore) << "before the signature is looked at";
  EXPECT_EQ(desk.acks.revoke(kA, {}, kTableNow), AckOutcome::kNoStore);
  EXPECT_EQ(desk.failed(AckAction::kAck, AckFailure::kNoStore), 1U);
  EXPECT_EQ(desk.acks.list_json(kTableNow), "[]");
  EXPECT_EQ(desk.acks.find(kA, kTableNow).ack, nullptr);
}

TEST(Acknowledgments, ListsWhatTheFileHolds) {
  Desk desk;
  (void)desk.acks.add(kA, {.by = "m", .reason = {}, .expires_at = {}}, {}, kTableNow);
  (void)desk.acks.add("b:" + kPatternHash, {.by = "m", .reason = "\"r\"", .expires_at = {}}, {}, kTableNow);
  const std::string a = R"({"action":"ack","signature":"a:)" + kPatternHash + R"(","by":"m","at":"2026-03-02T08:20:11Z"})";
  const std::string b =
      R"({"action":"ack","signature":"b:)" + kPatternHash + R"(","by":"m","reason":"\"r\"","at":"2026-03-02T08:20:11Z"})";
  EXPECT_EQ(desk.acks.list_json(kTableNow), "[" + a + "," + b + "]");
  EXPECT_EQ(read_file(desk.folder.file("a.jsonl")), a + "\n" + b + "\n");
}

TEST(Acknowledgments, ACutLineIsCounted) {
  const TempFolder folder;
  write_file(folder.file("a.jsonl"), "{\"action\":\"ack\",\"sig");
  telemetry::Registry registry;
  DaemonMetrics metrics(registry);
  const Acknowledgments acks({}, std::move(*AckStore::open(folder.file("a.jsonl"), kTableNow)), std::nullopt, metrics);
  EXPECT_EQ(metrics.ack_lines_skipped->value(), 1U);
}

}  // namespace
}  // namespace sentinel::daemon
