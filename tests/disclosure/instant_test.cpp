#include "disclosure/instant.h"

#include <gtest/gtest.h>

namespace sentinel::disclosure {
namespace {

std::string normal(std::string_view text) {
  const auto instant = parse_instant(text);
  return instant ? instant_text(*instant) : "none";
}

TEST(Instant, IsWrittenInUtcWithTheShortestFraction) {
  EXPECT_EQ(normal("2026-01-15T14:30:00Z"), "2026-01-15T14:30:00Z");
  EXPECT_EQ(normal("2026-01-15 02:00:00.120+02:00"), "2026-01-15T00:00:00.120Z");
  EXPECT_EQ(normal("2026-01-15t14:30:00.1z"), "2026-01-15T14:30:00.100Z");
  EXPECT_EQ(normal("2026-01-15T14:30:00.0001Z"), "2026-01-15T14:30:00.000100Z");
  EXPECT_EQ(normal("2026-01-15T14:30:00.123456789Z"), "2026-01-15T14:30:00.123456789Z");
  EXPECT_EQ(normal("2026-01-15T14:30:00.1234567899Z"), "2026-01-15T14:30:00.123456789Z");
  EXPECT_EQ(normal("2026-01-01T00:30:00+01:00"), "2025-12-31T23:30:00Z");
  EXPECT_EQ(normal("2026-01-07T10:00:00\u221201:00"), "2026-01-07T11:00:00Z");
  EXPECT_EQ(normal("1969-12-31T23:59:59.5Z"), "1969-12-31T23:59:59.500Z");
  EXPECT_EQ(normal("0000-01-01T00:00:00+00:01"), "-0001-12-31T23:59:00Z");
  EXPECT_EQ(normal("9999-12-31T23:59:59-00:01"), "+10000-01-01T00:00:59Z");
  EXPECT_EQ(normal("2026-06-30T23:59:60.25Z"), "2026-06-30T23:59:60.250Z");
  EXPECT_EQ(instant_text(*parse_instant("2026-01-15T14:30:00Z"), "+00:00"), "2026-01-15T14:30:00+00:00");
}

TEST(Instant, WhatIsNotRfc3339IsNone) {
  for (const char* text :
       {"", "2026-01-15", "2026-01-15T14:30Z", "2026-01-15T14:30:00", "2026-01-15T14:30:00.Z", "2026-01-15T24:00:00Z",
        "2026-01-15T14:60:00Z", "2026-01-15T14:30:61Z", "2026-13-15T14:30:00Z", "2026-02-30T14:30:00Z", "2026-1-15T14:30:00Z",
        "2026-01-15T14:30:00+01", "2026-01-15T14:30:00+0100", "2026-01-15T14:30:00+24:00", "2026-01-15T14:30:00Z ",
        " 2026-01-15T14:30:00Z", "12026-01-15T14:30:00Z", "2026-01-15_14:30:00Z"}) {
    EXPECT_EQ(normal(text), "none") << text;
  }
}

TEST(Instant, ReadsWhatItWritesOfYearsThatNeedASign) {
  for (const char* text :
       {"-0001-12-31T23:59:00Z", "+10000-01-01T00:00:59Z", "+123456-01-01T00:00:00.500Z", "2026-01-15T14:30:00Z"}) {
    EXPECT_EQ(normal(text), text);
  }
  for (const char* text :
       {"+1234567-01-01T00:00:00Z", "+026-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "+-2026-01-01T00:00:00Z"}) {
    EXPECT_EQ(normal(text), "none") << text;
  }
}

TEST(Instant, LeapSecondsComeAfterTheSecondBefore) {
  EXPECT_LT(*parse_instant("2026-06-30T23:59:59.999999999Z"), *parse_instant("2026-06-30T23:59:60Z"));
  EXPECT_LT(*parse_instant("2026-06-30T23:59:60.9Z"), *parse_instant("2026-07-01T00:00:00Z"));
}

TEST(Date, OneDigitMonthsAndDaysPass) {
  const auto text = [](std::string_view date) {
    const auto days = parse_date(date);
    return days ? date_text(*days) : "none";
  };
  EXPECT_EQ(text("2026-2-3"), "2026-02-03");
  EXPECT_EQ(text("2024-02-29"), "2024-02-29");
  EXPECT_EQ(*parse_date("1970-01-02"), 1);
  for (const char* date : {"", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-01T00:00:00Z",
                           "26-01-01", "2026-001-1", "2026/01/01", "2026-01"}) {
    EXPECT_EQ(text(date), "none") << date;
  }
  EXPECT_EQ(date_text(date_of(*parse_instant("1969-12-31T23:59:59Z"))), "1969-12-31");
}

}  // namespace
}  // namespace sentinel::disclosure
