#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "ingest/otlp/json_scalars.h"

namespace sentinel::ingest::otlp {
namespace {

std::optional<std::uint64_t> unsigned_of(std::string_view text) {
  std::uint64_t value = 0;
  return unsigned_text(text, &value) ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> signed_of(std::string_view text) {
  std::int64_t value = 0;
  return signed_text(text, &value) ? std::optional(value) : std::nullopt;
}

TEST(OtlpJsonScalars, NineteenDigitsAreReadAtOnce) {
  std::uint64_t value = 0;
  EXPECT_TRUE(nineteen_digits("1752157921003514000", &value));
  EXPECT_EQ(value, 1'752'157'921'003'514'000U);
  EXPECT_TRUE(nineteen_digits("9999999999999999999", &value));
  EXPECT_EQ(value, 9'999'999'999'999'999'999U);
}

TEST(OtlpJsonScalars, NineteenDigitsRefuseAnyOtherByteAtAnyPlace) {
  const std::string digits = "1752157921003514000";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    for (const char c : {'/', ':', ' ', '+', '.', 'a', '\x80', '\0'}) {
      std::string text = digits;
      text[i] = c;
      std::uint64_t value = 0;
      EXPECT_FALSE(nineteen_digits(text.data(), &value)) << i << ' ' << int{c};
    }
  }
}

TEST(OtlpJsonScalars, UnsignedTextTakesOnePlusAndLeadingZeros) {
  EXPECT_EQ(unsigned_of("0"), 0U);
  EXPECT_EQ(unsigned_of("+5"), 5U);
  EXPECT_EQ(unsigned_of("000017"), 17U);
  EXPECT_EQ(unsigned_of("18446744073709551615"), 18'446'744'073'709'551'615U);
  for (const char* text : {"", "+", "++5", "-5", " 5", "5 ", "5.0", "1e3", "0x1", "18446744073709551616"}) {
    EXPECT_EQ(unsigned_of(text), std::nullopt) << text;
  }
}

TEST(OtlpJsonScalars, NumbersOfEveryLengthAreReadAndRefusedAtAnyPlace) {
  const std::string digits = "9085172634";
  std::int64_t expected = 0;
  for (std::size_t size = 1; size <= digits.size(); ++size) {
    expected = expected * 10 + (digits[size - 1] - '0');
    EXPECT_EQ(signed_of(digits.substr(0, size)), expected);
    for (std::size_t i = 0; i < size; ++i) {
      for (const char c : {'/', ':', ' ', '.', 'a', '\x80', '\0'}) {
        std::string text = digits.substr(0, size);
        text[i] = c;
        EXPECT_EQ(signed_of(text), std::nullopt) << size << ' ' << i << ' ' << int{c};
      }
    }
  }
}

TEST(OtlpJsonScalars, SignedTextHoldsItsBounds) {
  EXPECT_EQ(signed_of("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(signed_of("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(signed_of("200"), 200);
  EXPECT_EQ(signed_of("-7"), -7);
  EXPECT_EQ(signed_of("+7"), 7);
  for (const char* text : {"", "+", "-", "+-7", "7a", " 7", "9223372036854775808", "-9223372036854775809"}) {
    EXPECT_EQ(signed_of(text), std::nullopt) << text;
  }
}

TEST(OtlpJsonScalars, Base64NeedsItsPaddingAndItsAlphabet) {
  for (const char* text : {"", "AAAA", "AA==", "AAA=", "+/+/"}) EXPECT_TRUE(is_base64(text)) << text;
  for (const char* text : {"A", "AA", "AAA", "AAA-", "A===", "AB==", "AAB=", "AA=A"}) EXPECT_FALSE(is_base64(text)) << text;
}

TEST(NearbyTime, ReadsWhatNineteenDigitsReadNearAndFar) {
  NearbyTime times;
  for (const char* text : {"1752157921003514000", "1752157921003514001", "1752157921999999999", "1752157920000000000",
                           "1752157921003514000", "0000000000000000000", "9999999999999999999", "1752157921003514000"}) {
    std::uint64_t near = 0;
    std::uint64_t far = 0;
    ASSERT_TRUE(times.read(text, &near)) << text;
    ASSERT_TRUE(nineteen_digits(text, &far));
    EXPECT_EQ(near, far) << text;
  }
}

TEST(NearbyTime, RefusesAnyOtherByteAlsoBesideARememberedTime) {
  const std::string digits = "1752157921003514000";
  for (const bool remembers : {false, true}) {
    for (std::size_t i = 0; i < digits.size(); ++i) {
      for (const char c : {'/', ':', ' ', '\x80', '\0'}) {
        NearbyTime times;
        std::uint64_t value = 0;
        ASSERT_TRUE(!remembers || times.read(digits.data(), &value));
        std::string text = digits;
        text[i] = c;
        EXPECT_FALSE(times.read(text.data(), &value)) << i << ' ' << int{c};
        ASSERT_TRUE(times.read(digits.data(), &value)) << "a refused text is not remembered";
        EXPECT_EQ(value, 1'752'157'921'003'514'000U);
      }
    }
  }
}

TEST(NearbyTime, NulBytesAreNoTimeAtFirstUse) {
  NearbyTime times;
  std::uint64_t value = 0;
  EXPECT_FALSE(times.read(std::string(19, '\0').data(), &value));
  EXPECT_FALSE(times.read((std::string(11, '\xFF') + "12345678").data(), &value));
}

}  // namespace
}  // namespace sentinel::ingest::otlp
