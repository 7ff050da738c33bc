// Comparing and copying short texts, tables of zeros, and hexadecimal digits: the small tools of the hot path.
#include <gtest/gtest.h>

#include <string>

#include "base/hex.h"
#include "base/padded_text.h"
#include "base/same_bytes.h"
#include "base/zeroed_array.h"

namespace sentinel::base {
namespace {

std::string letters(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
  return text;
}

// Texts in memory of their own, so that a sanitizer sees a read outside them.
TEST(SameBytes, EachByteOfEachSizeIsCompared) {
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string a = letters(size);
    std::string b = a;
    EXPECT_TRUE(same_bytes(a.data(), b.data(), size)) << size;
    for (std::size_t i = 0; i < size; ++i) {
      b[i] = static_cast<char>(b[i] ^ 0x80);
      EXPECT_FALSE(same_bytes(a.data(), b.data(), size)) << size << " bytes, byte " << i;
      b[i] = a[i];
    }
  }
}

TEST(SameBytes, TextsOfDifferentSizeDiffer) {
  EXPECT_FALSE(same_text("abc", "abcd"));
  EXPECT_FALSE(same_text("", "a"));
  EXPECT_TRUE(same_text("", ""));
  EXPECT_TRUE(same_text("abc", std::string("abc")));
}

TEST(CopyShort, CopiesEachSizeAndNothingBehind) {
  for (std::size_t size = 0; size <= 70; ++size) {
    const std::string from = letters(size);
    std::string to(size + 2, '#');
    copy_short(to.data() + 1, from.data(), size);
    EXPECT_EQ(to, "#" + from + "#");
  }
}

TEST(ZeroedArray, BeginsWithZerosBelowAndAboveTheSizeThatIsMapped) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{32767}, std::size_t{32768}, std::size_t{100000}}) {
    ZeroedArray<std::uint64_t> table(size);
    ASSERT_EQ(table.size(), size);
    std::uint64_t any = 0;
    for (std::uint64_t& item : table) {
      any |= item;
      item = 7;
    }
    EXPECT_EQ(any, 0u) << size;
    EXPECT_EQ(table[size - 1], 7u);
  }
}

TEST(ZeroedArray, MovesItsElementsAndMayBeEmpty) {
  ZeroedArray<int> none;
  EXPECT_EQ(none.size(), 0u);
  EXPECT_EQ(none.begin(), none.end());
  ZeroedArray<int> a(3);
  a[2] = 5;
  ZeroedArray<int> b = std::move(a);
  EXPECT_EQ(b.size(), 3u);
  EXPECT_EQ(b[2], 5);
  b = ZeroedArray<int>(200'000);
  EXPECT_EQ(b[2], 0);
}

TEST(Hex, SixteenDigitsEachMustBeOne) {
  const std::string digits = "0123456789abcdef";
  EXPECT_TRUE(are_hex16(digits.data()));
  std::uint64_t value = 0;
  ASSERT_TRUE(parse_hex16(digits.data(), &value));
  EXPECT_EQ(value, 0x0123456789abcdefU);
  for (std::size_t i = 0; i < 16; ++i) {
    for (const char wrong : {'/', ':', '`', 'g', 'A', 'F', ' ', '\0', '\x80'}) {
      std::string text = digits;
      text[i] = wrong;
      EXPECT_FALSE(are_hex16(text.data())) << "byte " << i << " is " << static_cast<int>(wrong);
      EXPECT_FALSE(parse_hex16(text.data(), &value));
      EXPECT_FALSE(is_lower_hex_digit(wrong));
    }
    EXPECT_TRUE(is_lower_hex_digit(digits[i]));
  }
}

TEST(Hex, AnyLengthIsLookedAtToItsEnd) {
  EXPECT_TRUE(is_lower_hex(""));
  EXPECT_TRUE(is_lower_hex("0123456789abcdef0"));
  EXPECT_FALSE(is_lower_hex("0123456789abcdefg"));
  EXPECT_FALSE(is_lower_hex("g123456789abcdef0"));
  EXPECT_FALSE(is_lower_hex("A"));
}

// Of `room` readable bytes, whether the text matches: the text itself, one byte of it changed, and what stands behind it
// changed.
template <std::size_t kRoom>
void expect_matches(std::size_t size) {
  SCOPED_TRACE("room " + std::to_string(kRoom) + ", text of " + std::to_string(size));
  PaddedText<kRoom> text;
  text.assign(letters(size));
  ASSERT_EQ(text.size(), size);
  std::string at = letters(size) + std::string(kRoom - size, '#');
  EXPECT_EQ(text.matches(at.data()), size > 0);
  for (std::size_t i = size; i < kRoom; ++i) at[i] = '\0';
  EXPECT_EQ(text.matches(at.data()), size > 0);
  for (std::size_t i = 0; i < size; ++i) {
    std::string other = at;
    other[i] = '#';
    EXPECT_FALSE(text.matches(other.data())) << "byte " << i;
  }
}

TEST(PaddedText, ComparesItsOwnBytesOnlyAndAnEmptyOneMatchesNothing) {
  static_assert(PaddedText<64>::kLongest == 63);
  static_assert(PaddedText<48>::kLongest == 48);
  for (const std::size_t size : {0, 1, 15, 16, 17, 62, 63}) expect_matches<64>(size);
  for (const std::size_t size : {0, 1, 16}) expect_matches<16>(size);
  for (const std::size_t size : {0, 47, 48}) expect_matches<48>(size);
}

TEST(PaddedText, AShorterTextTakesThePlaceOfALongerOne) {
  PaddedText<64> text;
  text.assign(letters(63));
  text.assign("ab");
  EXPECT_TRUE(text.matches((std::string("ab") + std::string(62, '?')).data()));
  text.assign("");
  EXPECT_FALSE(text.matches(std::string(64, '\0').data()));
}

}  // namespace
}  // namespace sentinel::base
