#include "base/number_format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace sentinel::base {
namespace {

std::string json(double value) {
  std::string out;
  append_json_float(out, value);
  return out;
}

TEST(JsonFloat, IsShortestWithAtLeastOneDecimal) {
  EXPECT_EQ(json(0.0), "0.0");
  EXPECT_EQ(json(-0.0), "-0.0");
  EXPECT_EQ(json(0.5), "0.5");
  EXPECT_EQ(json(4.0), "4.0");
  EXPECT_EQ(json(-12.25), "-12.25");
  EXPECT_EQ(json(12345678.0), "12345678.0");
  EXPECT_EQ(json(0.1 + 0.2), "0.30000000000000004");
}

TEST(JsonFloat, ChangesToAnExponentAtItsBounds) {
  EXPECT_EQ(json(0.00001), "0.00001");
  EXPECT_EQ(json(0.00000999), "9.99e-6");
  EXPECT_EQ(json(4e-11), "4e-11");
  EXPECT_EQ(json(1.5e-6), "1.5e-6");
  EXPECT_EQ(json(9999999999999998.0), "9999999999999998.0");
  EXPECT_EQ(json(1e16), "1e+16");
  EXPECT_EQ(json(1.2345678901234568e16), "1.2345678901234568e+16");
  EXPECT_EQ(json(5e-324), "5e-324");
  EXPECT_EQ(json(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
}

TEST(JsonFloat, HasNoWordForWhatIsNoNumber) {
  EXPECT_EQ(json(std::nan("")), "null");
  EXPECT_EQ(json(HUGE_VAL), "null");
  EXPECT_EQ(json(-HUGE_VAL), "null");
}

TEST(JsonFloat, ReadsBackToTheSameBits) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 400) - 230);
    ASSERT_EQ(std::stod(json(value)), value) << json(value);
    ASSERT_EQ(std::stod(text_plain(value)), value) << text_plain(value);
  }
}

TEST(TextFixed, RoundsAsPrintf) {
  EXPECT_EQ(text_fixed(0.125, 2), "0.12");
  EXPECT_EQ(text_fixed(0.375, 2), "0.38");
  EXPECT_EQ(text_fixed(2.5, 0), "2");
  EXPECT_EQ(text_fixed(1e22, 1), "10000000000000000000000.0");
  EXPECT_EQ(text_fixed(-0.04, 1), "-0.0");
}

TEST(TextPlain, NeverUsesAnExponent) {
  EXPECT_EQ(text_plain(0.0), "0");
  EXPECT_EQ(text_plain(-0.0), "-0");
  EXPECT_EQ(text_plain(3.0), "3");
  EXPECT_EQ(text_plain(0.3), "0.3");
  EXPECT_EQ(text_plain(4e-11), "0.00000000004");
  EXPECT_EQ(text_plain(1e23), "100000000000000000000000");
  EXPECT_EQ(text_plain(-1234.5), "-1234.5");
}

TEST(TextTiny, IsFixedDownToAHundredThousandth) {
  EXPECT_EQ(text_tiny(0.0), "0.000000");
  EXPECT_EQ(text_tiny(-0.0), "0.000000");
  EXPECT_EQ(text_tiny(1e-5), "0.000010");
  EXPECT_EQ(text_tiny(9.99e-6), "9.990e-6");
  EXPECT_EQ(text_tiny(4.321e-7), "4.321e-7");
  EXPECT_EQ(text_tiny(1.5e-12), "1.500e-12");
  EXPECT_EQ(text_tiny(2.0), "2.000000");
}

TEST(Integers, AreWrittenWhole) {
  std::string out;
  append_unsigned(out, std::numeric_limits<std::uint64_t>::max());
  out += ' ';
  append_signed(out, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(out, "18446744073709551615 -9223372036854775808");
}

}  // namespace
}  // namespace sentinel::base
