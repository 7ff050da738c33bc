// Accepting and revoking in the browser: the box, and what the daemon makes of it (chapter 06 §9.4).
#include <gtest/gtest.h>

#include "support.h"
#include "tui/browser.h"

namespace sentinel::tui {
namespace {

using testing::drawn;
using testing::holds;
using testing::press;
using testing::SampleSource;
using testing::text;

// Answers when a test says so.
class Answers final : public Acknowledger {
 public:
  [[nodiscard]] base::Status start(const AckChange& change) override {
    if (change.expires == "bad") return base::Error{"expires: not a duration", {}, {}};
    asked.push_back(change);
    return base::success();
  }
  [[nodiscard]] std::optional<base::Status> poll() override { return std::exchange(answer, std::nullopt); }
  void drop() override { ++dropped; }

  std::vector<AckChange> asked;
  std::optional<base::Status> answer;
  int dropped = 0;
};

class AckBox : public ::testing::Test {
 protected:
  SampleSource source_;
  Answers answers_;
  Browser view_{source_, {.place = Place::kInspect, .trace = "a1", .acknowledger = &answers_, .author = "mira"}};
};

TEST_F(AckBox, TakesReasonExpiryAndAuthor) {
  press(view_, "Enter a planned Tab 7d Enter");
  EXPECT_TRUE(holds(text(view_), "Finding: s1"));
  EXPECT_TRUE(holds(text(view_), "planned"));
  EXPECT_TRUE(holds(text(view_), "mira"));
  press(view_, "Enter Enter");
  ASSERT_EQ(answers_.asked.size(), 1U);
  EXPECT_FALSE(answers_.asked[0].revoke);
  EXPECT_EQ(answers_.asked[0].signature, "s1");
  EXPECT_EQ(answers_.asked[0].reason, "planned");
  EXPECT_EQ(answers_.asked[0].expires, "7d");
  EXPECT_EQ(answers_.asked[0].by, "mira");
}

TEST_F(AckBox, LooksAgainWhileTheDaemonThinksAndAsksOnce) {
  EXPECT_EQ(view_.patience_ms(), -1);
  press(view_, "Enter a ok Enter Enter Enter Enter");
  EXPECT_EQ(view_.patience_ms(), 50);
  EXPECT_TRUE(holds(text(view_), "[Submitting...]"));
  press(view_, "Enter Enter");
  EXPECT_EQ(answers_.asked.size(), 1U);
  view_.tick();
  EXPECT_TRUE(holds(text(view_), "[Submitting...]"));
  answers_.answer = base::success();
  view_.tick();
  EXPECT_FALSE(holds(text(view_), "[Submit"));
  EXPECT_TRUE(holds(text(view_), "Finding acknowledged"));
}

TEST_F(AckBox, ARefusalStandsInTheBoxAndCanBeTriedAgain) {
  press(view_, "Enter a ok Enter Enter Enter Enter");
  answers_.answer = base::Status(base::Error{"conflict: this finding is acknowledged already", {}, {}});
  view_.tick();
  EXPECT_TRUE(holds(text(view_), "conflict: this finding is acknowledged already"));
  press(view_, "Enter");
  EXPECT_EQ(answers_.asked.size(), 2U);
}

TEST_F(AckBox, WhatIsWrongWithTheTextIsSaidWithoutARequest) {
  press(view_, "Enter a Tab bad Tab Tab Enter");
  EXPECT_TRUE(answers_.asked.empty());
  EXPECT_TRUE(holds(text(view_), "expires: not a duration"));
}

TEST_F(AckBox, EscapeCancelsAndLetsTheRequestGoOn) {
  press(view_, "Enter a q");
  EXPECT_TRUE(holds(text(view_), "Acknowledge finding")) << "q is a letter here";
  press(view_, "Esc");
  EXPECT_FALSE(holds(text(view_), "Acknowledge finding"));
  EXPECT_EQ(answers_.dropped, 0);
  press(view_, "u Enter Esc");
  EXPECT_EQ(answers_.dropped, 1);
  EXPECT_EQ(view_.patience_ms(), -1);
}

TEST_F(AckBox, RevokeBeginsOnSubmit) {
  press(view_, "Enter u");
  EXPECT_TRUE(holds(text(view_), "Revoke acknowledgment"));
  EXPECT_FALSE(holds(text(view_), "Reason"));
  press(view_, "Enter");
  ASSERT_EQ(answers_.asked.size(), 1U);
  EXPECT_TRUE(answers_.asked[0].revoke);
}

TEST_F(AckBox, FieldsTakeSoManyCharactersAndNoneThatTurnTheLine) {
  press(view_, "Enter a");
  static_cast<void>(view_.handle(character_event(0x202E)));
  static_cast<void>(view_.handle(character_event(0x07)));
  for (int i = 0; i < 257; ++i) static_cast<void>(view_.handle(character_event(U'é')));
  press(view_, "Enter Enter Enter Enter");
  ASSERT_EQ(answers_.asked.size(), 1U);
  EXPECT_EQ(answers_.asked[0].reason.size(), 2U * 256);
}

TEST_F(AckBox, FitsASmallWindow) {
  press(view_, "Enter a");
  const Screen screen = drawn(view_, 60, 16);
  EXPECT_TRUE(holds(screen.text(), "Acknowledge finding"));
  EXPECT_TRUE(holds(screen.text(), "[Submit]"));
}

TEST(AckWithoutDaemon, IsRefusedInWords) {
  SampleSource source;
  Browser view(source, {.place = Place::kInspect, .trace = "a1", .author = {}});
  press(view, "Enter a");
  EXPECT_TRUE(holds(text(view), "Only with a daemon"));
}

}  // namespace
}  // namespace sentinel::tui
