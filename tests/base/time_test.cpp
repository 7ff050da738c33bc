#include "base/time.h"

#include <gtest/gtest.h>

#include <string>

#include "base/vectors.h"

namespace sentinel::base {
namespace {

void expect_vectors(const nlohmann::json& vectors) {
  ASSERT_FALSE(vectors.empty());
  for (const auto& v : vectors) {
    const auto got = parse_iso_ms(v["text"].get<std::string>());
    ASSERT_EQ(got.has_value(), !v["epoch_ms"].is_null()) << v.dump();
    if (!got) continue;
    EXPECT_EQ(*got, v["epoch_ms"].get<std::uint64_t>()) << v.dump();
  }
}

TEST(ParseIso, MatchesTheRecordedVectors) {
  expect_vectors(testing_vectors("text_vectors.json")["timestamp_to_epoch_ms"]);
  expect_vectors(testing_vectors("timestamp_vectors.json")["timestamps"]);
}

TEST(ParseIso, RefusesYearsThatLeave64BitsAndFractionsCutInsideACharacter) {
  EXPECT_TRUE(parse_iso_ms("584556018-12-31T23:59:59Z").has_value());
  EXPECT_FALSE(parse_iso_ms("584556019-01-01T00:00:00Z").has_value());
  EXPECT_FALSE(parse_iso_ms("2025-07-10T14:32:01.12éZ").has_value());
  EXPECT_EQ(parse_iso_ms("2025-07-10T14:32:01.123éZ"), 1752157921123u);
}

TEST(CanonicalIso, IsExactlyWhatFormatWrites) {
  for (const std::uint64_t ms : {0ull, 999ull, 1709251199999ull, 1752157921000ull, 4107542399999ull, 253402300799999ull}) {
    std::uint64_t back = 1;
    const IsoText text = format_iso_ms(ms);
    ASSERT_TRUE(parse_canonical_iso(text.view(), &back)) << text.view();
    EXPECT_EQ(back, ms);
    EXPECT_EQ(parse_iso_ms(text.view()), ms);
  }
  EXPECT_EQ(format_iso_ms(0).view(), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_iso_ms(1752157921007).view(), "2025-07-10T14:32:01.007Z");
  EXPECT_EQ(format_iso_ms(253402300800000).view(), "9999-12-31T23:59:59.999Z") << "later instants stop there";
}

TEST(CanonicalIso, RefusesEveryOtherText) {
  std::uint64_t ms = 0;
  for (const char* bad :
       {"2025-07-10 14:32:01.000Z", "2025-02-29T00:00:00.000Z", "2025-04-31T00:00:00.000Z", "2100-02-29T00:00:00.000Z",
        "1969-12-31T23:59:59.999Z", "2025-00-10T14:32:01.000Z", "2025-13-10T14:32:01.000Z", "2025-07-00T14:32:01.000Z",
        "2025-07-32T14:32:01.000Z", "2025-07-10T24:00:00.000Z", "2025-07-10T23:60:00.000Z", "2025-07-10T23:59:60.000Z",
        "2025-07-10T14:32:01.000z", "2025-07-10T14:32:01.00Z", "2025-07-10T14:32:01.0000Z", "+025-07-10T14:32:01.000Z", ""}) {
    EXPECT_FALSE(parse_canonical_iso(bad, &ms)) << bad;
  }
  EXPECT_TRUE(parse_canonical_iso("2024-02-29T00:00:00.000Z", &ms));
  EXPECT_TRUE(parse_canonical_iso("2000-02-29T00:00:00.000Z", &ms));
}

TEST(CanonicalIso, EveryByteIsChecked) {
  const std::string good = "2025-07-10T14:32:01.123Z";
  std::uint64_t ms = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char c : {'\0', '/', ':', '\x80', '\xFF', 'x'}) {
      std::string text = good;
      if (text[at] == c) continue;
      text[at] = c;
      EXPECT_FALSE(parse_canonical_iso(text, &ms)) << text;
    }
  }
}

TEST(Hour, NeedsAPlainTextWithTheHourInItsPlace) {
  EXPECT_EQ(utc_hour("2025-07-10T23:00:00Z"), 23u);
  EXPECT_EQ(utc_hour("2025-07-10 07Z"), 7u);
  EXPECT_EQ(utc_hour("xxxxxxxxxxT00Z"), 0u);
  EXPECT_FALSE(utc_hour("2025-07-10T24:00:00Z"));
  EXPECT_FALSE(utc_hour("2025-07-10T07:00:00"));
  EXPECT_FALSE(utc_hour("2025-7-10T07:00:00Z"));
  EXPECT_FALSE(utc_hour("2025-07-10T07:é:00Z"));
  EXPECT_FALSE(utc_hour("2025-07-10TZ"));
}

TEST(Month, IsReadFromBytesFiveAndSix) {
  EXPECT_EQ(utc_month("2025-01-10T23:00:00Z"), 0u);
  EXPECT_EQ(utc_month("2025-12Z"), 11u);
  EXPECT_FALSE(utc_month("2025-13-10T23:00:00Z"));
  EXPECT_FALSE(utc_month("2025-00-10T23:00:00Z"));
  EXPECT_FALSE(utc_month("2025/01/10T23:00:00Z"));
  EXPECT_FALSE(utc_month("2025-01"));
}

TEST(CivilDays, GoThereAndBackOverFourHundredYears) {
  EXPECT_EQ(days_from_civil(1970, 1, 1), 0);
  EXPECT_EQ(days_from_civil(2000, 3, 1), 11017);
  EXPECT_EQ(days_from_civil(1969, 12, 31), -1);
  for (std::int64_t day = -1000; day < 146'500; ++day) {
    const CivilDate date = civil_from_days(day);
    ASSERT_EQ(days_from_civil(date.year, date.month, date.day), day);
  }
}

TEST(IsoWriter, WritesWhatTheFunctionWritesOverBoundsOfDays) {
  constexpr unsigned long long kDay = 86'400'000;
  IsoWriter writer;
  for (const std::uint64_t day : {0ULL, 0ULL, 1ULL, 20'000ULL, 19'999ULL, 20'000ULL, 2'932'896ULL, 0ULL}) {
    for (const std::uint64_t ms :
         {0ULL, 1ULL, 999ULL, 59'999ULL, 60'000ULL, 3'599'999ULL, 3'600'000ULL, 45'296'007ULL, kDay - 1}) {
      EXPECT_EQ(writer.format(day * kDay + ms).view(), format_iso_ms(day * kDay + ms).view());
    }
  }
  EXPECT_EQ(IsoWriter().format(45'296'007).view(), "1970-01-01T12:34:56.007Z");
  EXPECT_EQ(writer.format(~std::uint64_t{0}).view(), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(writer.format(kDay).view(), "1970-01-02T00:00:00.000Z");
}

}  // namespace
}  // namespace sentinel::base
