#include "base/string_pool.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_map>
#include <vector>

namespace sentinel::base {
namespace {

// "text 17" and the like: `count` different ones of many lengths.
std::string text_of(std::size_t i) { return std::string(i % 45, 'x') + std::to_string(i); }

TEST(StringPool, KnowsTheAbsentAndTheEmptyTextFromTheStart) {
  StringPool pool;
  EXPECT_EQ(pool.size(), 2u);
  EXPECT_EQ(pool.text(kNoText), "");
  EXPECT_EQ(pool.text(kEmptyText), "");
  EXPECT_EQ(pool.intern(""), kEmptyText);
  EXPECT_EQ(pool.intern({}), kEmptyText);
  EXPECT_EQ(pool.find(""), kEmptyText);
  EXPECT_EQ(pool.size(), 2u);
}

TEST(StringPool, IdsAreDenseInOrderOfFirstSight) {
  StringPool pool;
  EXPECT_EQ(pool.intern("orders"), 2u);
  EXPECT_EQ(pool.intern("users"), 3u);
  EXPECT_EQ(pool.intern("orders"), 2u);
  EXPECT_EQ(pool.intern("Orders"), 4u);
  EXPECT_EQ(pool.text(3), "users");
}

TEST(StringPool, FindAddsNothing) {
  StringPool pool;
  EXPECT_EQ(pool.find("orders"), kNoText);
  EXPECT_EQ(pool.size(), 2u);
  const TextId id = pool.intern("orders");
  EXPECT_EQ(pool.find("orders"), id);
}

TEST(StringPool, TheBytesAreCopied) {
  StringPool pool;
  std::string text = "orders";
  const TextId id = pool.intern(text);
  text = "ORDERS";
  EXPECT_EQ(pool.text(id), "orders");
}

TEST(StringPool, NulBytesCount) {
  StringPool pool;
  using namespace std::string_view_literals;
  const TextId cut = pool.intern("a");
  const TextId one = pool.intern("a\0"sv);
  const TextId two = pool.intern("a\0b"sv);
  const TextId nul = pool.intern("\0"sv);
  EXPECT_EQ(pool.size(), 6u);
  EXPECT_EQ(pool.text(one), "a\0"sv);
  EXPECT_EQ(pool.find("a\0b"sv), two);
  EXPECT_EQ(pool.find("\0"sv), nul);
  EXPECT_EQ(pool.find("a"), cut);
}

// With the hash given, texts of one hash can only be told apart by their bytes.
TEST(StringPool, TextsOfOneHashDifferByAnyByteAtAnyLength) {
  constexpr std::uint64_t kHash = 7;
  StringPool pool;
  std::size_t ids = pool.size();
  for (std::size_t size = 1; size <= 70; ++size) {
    std::string text(size, 'a');
    const TextId id = pool.intern(text, kHash);
    EXPECT_EQ(id, ids++) << size;
    for (std::size_t i = 0; i < size; ++i) {
      text[i] = 'b';
      EXPECT_EQ(pool.intern(text, kHash), ids++) << size << " byte " << i;
      text[i] = 'a';
    }
    EXPECT_EQ(pool.intern(text, kHash), id);
  }
}

TEST(StringPool, AHashOfZeroIsNoFreeSlot) {
  StringPool pool;
  EXPECT_EQ(pool.intern("a", 0), 2u);
  EXPECT_EQ(pool.intern("a", 0), 2u);
  EXPECT_EQ(pool.intern("b", 0), 3u);
}

TEST(StringPool, AMillionTextsKeepTheirIdsAndViews) {
  constexpr std::size_t kCount = 1'000'000;
  StringPool pool;
  const std::string_view early = pool.text(pool.intern(text_of(0)));
  for (std::size_t i = 1; i < kCount; ++i) pool.intern(text_of(i));
  EXPECT_EQ(pool.size(), kCount + 2);
  EXPECT_EQ(early.data(), pool.text(2).data());
  for (std::size_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(pool.find(text_of(i)), i + 2);
    ASSERT_EQ(pool.text(static_cast<TextId>(i + 2)), text_of(i));
  }
  EXPECT_EQ(pool.find("nowhere"), kNoText);
}

TEST(StringPool, ViewsOutliveAMove) {
  StringPool pool;
  const TextId id = pool.intern("orders");
  const std::string_view view = pool.text(id);
  StringPool moved = std::move(pool);
  EXPECT_EQ(moved.text(id).data(), view.data());
  EXPECT_EQ(moved.intern("orders"), id);
  moved.intern("users");
  EXPECT_EQ(view, "orders");
}

TEST(StringPool, AbsorbingMapsSharedAndNewTexts) {
  StringPool pool;
  pool.intern("a");
  pool.intern("b");
  StringPool other;
  other.intern("c");
  other.intern("b");
  const std::string_view view = other.text(2);
  const std::vector<TextId> ids = pool.absorb(std::move(other));
  EXPECT_EQ(ids, (std::vector<TextId>{kNoText, kEmptyText, 4, 3}));
  EXPECT_EQ(pool.text(4), "c");
  EXPECT_EQ(pool.text(4).data(), view.data());
  EXPECT_EQ(pool.find("c"), 4u);
}

TEST(StringPool, AnAbsorbedPoolIsEmptyAndUsable) {
  StringPool pool;
  StringPool other;
  other.intern("a");
  pool.absorb(std::move(other));
  EXPECT_EQ(other.size(), 2u);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(other.find("a"), kNoText);
  EXPECT_EQ(other.intern("b"), 2u);
}

TEST(StringPool, AbsorbingInTurnGivesWhatInterningInTurnGives) {
  constexpr std::size_t kPools = 5;
  constexpr std::size_t kTexts = 2000;
  StringPool expected;
  StringPool pool;
  for (std::size_t p = 0; p < kPools; ++p) {
    StringPool part;
    for (std::size_t i = 0; i < kTexts; ++i) {
      const std::string text = text_of(p * kTexts / 2 + i);  // half of them are in the next pool, too
      part.intern(text);
      expected.intern(text);
    }
    if (p == 2) {  // a pool that has itself absorbed one
      StringPool outer;
      outer.absorb(std::move(part));
      part = std::move(outer);
    }
    pool.absorb(std::move(part));
  }
  ASSERT_EQ(pool.size(), expected.size());
  for (TextId id = 0; id < pool.size(); ++id) EXPECT_EQ(pool.text(id), expected.text(id));
}

}  // namespace
}  // namespace sentinel::base
