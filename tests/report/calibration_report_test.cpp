#include "report/calibration_report.h"

#include <gtest/gtest.h>

#include "config/profiles_file.h"

namespace sentinel::report {
namespace {

score::CalibrationResult one(std::string service, double factor, std::uint64_t window_ms = 10'000) {
  score::CalibrationResult result;
  result.services.push_back({.service = std::move(service), .kwh_per_op = factor * 1e-7, .factor = factor});
  result.window_ms = window_ms;
  return result;
}

std::string toml(const score::CalibrationResult& result) {
  return calibration_toml(result, {.traces = "t.json", .readings = "e.csv", .at = "2026-07-10T14:00:00.000Z"});
}

// The factor that the configuration reads back.
double read_back(const std::string& service, double factor) {
  const auto factors = config::parse_calibration(toml(one(service, factor)));
  return factors && factors->contains(service) ? factors->at(service) : -1.0;
}

TEST(CalibrationToml, IsWhatTheConfigurationReads) {
  EXPECT_EQ(toml(one("order-svc", 2.1527777777777777)),
            "# Energy factors by service, written by perf-sentinel " SENTINEL_VERSION
            " calibrate.\n# From t.json + e.csv\n# At 2026-07-10T14:00:00.000Z\n\n[calibration]\nbase_energy_per_io_op_kwh = "
            "0.0000001"
            "\n\n[calibration.services]\n\"order-svc\" = { factor = 2.15, measured_energy_per_op_kwh = 0.0000002153 }\n");
  EXPECT_EQ(read_back("order-svc", 2.1527777777777777), 2.15);
}

TEST(CalibrationToml, SmallFactorsKeepTheirDigits) {
  EXPECT_EQ(read_back("a", 0.1), 0.1);
  EXPECT_EQ(read_back("a", 0.0421), 0.0421);
  EXPECT_EQ(read_back("a", 0.0000123), 0.0000123);
  EXPECT_EQ(read_back("a", 0.0), 0.0);
  EXPECT_EQ(read_back("a", 0.1251), 0.13);
}

TEST(CalibrationToml, AnyServiceNameIsAKey) {
  for (const char* name : {"a\"b\\c", "line\nreturn\rtab\t", "\x01\x7f", "é", "a.b = c", ""})
    EXPECT_EQ(read_back(name, 2.0), 2.0) << name;
}

TEST(CalibrationToml, PathsCannotLeaveTheirComment) {
  const auto text = calibration_toml(one("a", 1.0), {.traces = "t\n[x]", .readings = "e", .at = ""});
  EXPECT_NE(text.find("# From t?[x] + e\n"), std::string::npos);
}

TEST(CalibrationSummary, SaysFactorAndEnergyByService) {
  auto result = one("cart", 50.04);
  result.services.push_back({.service = "order-svc", .kwh_per_op = 2.15277e-7, .factor = 2.15277});
  EXPECT_EQ(calibration_summary(result),
            "Calibrated 2 services over 10s:\n"
            "  cart       50.0x default  5004.00 µWh an operation (default 100.00 µWh)\n"
            "  order-svc  2.2x default  215.28 µWh an operation (default 100.00 µWh)\n");
}

TEST(CalibrationSummary, WindowsInTheUnitThatFits) {
  const auto window = [](std::uint64_t ms) {
    const std::string text = calibration_summary(one("a", 1.0, ms));
    return text.substr(26, text.find(':') - 26);
  };
  EXPECT_EQ(window(0), "0s");
  EXPECT_EQ(window(59'499), "59s");
  EXPECT_EQ(window(60'000), "1min");
  EXPECT_EQ(window(3'599'000), "60min");
  EXPECT_EQ(window(3'600'000), "1h");
  EXPECT_EQ(window(5'400'000), "2h");
  EXPECT_EQ(window(9'000'000), "2h");
}

}  // namespace
}  // namespace sentinel::report
