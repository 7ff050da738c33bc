// Tables without iteration: index tables, the log of texts, room in the string pool.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/index_table.h"
#include "base/string_pool.h"
#include "base/text_log.h"

namespace sentinel::base {
namespace {

// Numbers of keys in order of first appearance, with hashes that all meet in one slot.
std::uint32_t number_of(IndexTable& table, std::vector<int>& keys, int key, std::uint64_t hash) {
  const auto fresh = static_cast<std::uint32_t>(keys.size());
  const std::uint32_t n = table.handle().find_or_add(hash, fresh, [&](std::uint32_t other) { return keys[other] == key; });
  if (n == fresh) keys.push_back(key);
  return n;
}

TEST(IndexTable, KeysThatMeetInOneSlotKeepTheirNumbers) {
  IndexTable table;
  std::vector<int> keys;
  table.reset(40);
  for (int key = 0; key < 40; ++key) EXPECT_EQ(number_of(table, keys, key, 5), static_cast<std::uint32_t>(key));
  for (int key = 39; key >= 0; --key) EXPECT_EQ(number_of(table, keys, key, 5), static_cast<std::uint32_t>(key));
  EXPECT_EQ(table.handle().find(5, [&](std::uint32_t n) { return keys[n] == 17; }), 17u);
  EXPECT_EQ(table.handle().find(5, [](std::uint32_t) { return false; }), kNone);
}

TEST(IndexTable, ResetForgetsWhetherTheTableGrowsOrShrinks) {
  IndexTable table;
  for (const std::size_t room : {4, 4, 1000, 4, 2000, 1000}) {
    table.reset(room);
    std::vector<int> keys;
    EXPECT_EQ(table.handle().find(spread(1), [](std::uint32_t) { return true; }), kNone) << room;
    for (int key = 0; key < static_cast<int>(room); ++key) {
      EXPECT_EQ(number_of(table, keys, key, spread(static_cast<std::uint64_t>(key))), static_cast<std::uint32_t>(key));
    }
  }
}

TEST(Hash, FoldedKeysDifferInTheirLowBitsWhereverTheyDiffer) {
  std::vector<int> seen(256, 0);
  for (std::uint64_t i = 0; i < 256; ++i) ++seen[fold128({i << 56 | 4, 8ULL << 56}) & 255];
  std::size_t empty = 0;
  for (const int n : seen) empty += n == 0;
  EXPECT_LT(empty, 128u) << "about 94 stay empty by chance";
  EXPECT_NE(fold128({1, 2}), fold128({2, 1}));
}

TEST(TextLog, EqualTextsHaveNumbersOfTheirOwn) {
  TextLog log;
  std::string text = "span";
  EXPECT_EQ(log.add(text), 0u);
  text = "gone";
  EXPECT_EQ(log.add("span"), 1u);
  EXPECT_EQ(log.add(""), 2u);
  EXPECT_EQ(log.text(0), "span") << "kept by value";
  EXPECT_EQ(log.text(1), "span");
  EXPECT_EQ(log.text(2), "");
  EXPECT_EQ(log.size(), 3u);
}

TEST(TextLog, ALastingTextIsNotCopied) {
  TextLog log;
  const std::string text = "span";
  EXPECT_EQ(log.text(log.add_lasting(text)).data(), text.data());
}

TEST(TextLog, AbsorbedNumbersGrowByWhatWasThere) {
  TextLog a;
  TextLog b;
  TextLog c;
  a.add("a0");
  b.add("b0");
  c.add("c0");
  EXPECT_EQ(b.absorb(std::move(c)), 1u);
  const std::string_view before = b.text(1);
  EXPECT_EQ(a.absorb(std::move(b)), 1u);
  EXPECT_EQ(a.text(0), "a0");
  EXPECT_EQ(a.text(1), "b0");
  EXPECT_EQ(a.text(2), "c0");
  EXPECT_EQ(a.text(2).data(), before.data()) << "views stay valid";
  EXPECT_EQ(b.size(), 0u);
}

TEST(StringPool, RoomReservedBeforeChangesNoId) {
  StringPool plain;
  StringPool roomy;
  roomy.intern("first");
  plain.intern("first");
  roomy.reserve(5000);
  for (int i = 0; i < 6000; ++i) {
    const std::string text = "text " + std::to_string(i);
    ASSERT_EQ(roomy.intern(text), plain.intern(text)) << i;
  }
  EXPECT_EQ(roomy.size(), plain.size());
  EXPECT_EQ(roomy.text(roomy.find("first")), "first");
  EXPECT_EQ(roomy.find("text 5999"), plain.find("text 5999"));
  EXPECT_EQ(roomy.find("absent"), kNoText);
  roomy.reserve(0);
  EXPECT_EQ(roomy.find("text 0"), plain.find("text 0"));
}

}  // namespace
}  // namespace sentinel::base
