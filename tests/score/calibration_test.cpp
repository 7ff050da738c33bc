// Measured energy and the factors made from it (chapter 04 §16).
#include "score/calibration.h"

#include <gtest/gtest.h>

#include "base/number_format.h"
#include "base/time.h"
#include "score/support/scene.h"

namespace sentinel::score {
namespace {

// "order-svc :05 1.5277777777777777e-05 | …", or "error: …". Times are seconds of the minute 14:00.
std::string readings(std::string_view csv) {
  const auto parsed = parse_energy_readings(csv);
  if (!parsed) return "error: " + parsed.error().where + ": " + parsed.error().what;
  std::string out;
  for (const EnergyReading& r : parsed->readings) {
    if (!out.empty()) out += " | ";
    out += r.service + " " + std::string(base::format_iso_ms(r.end_ms).view().substr(16, 7)) + " ";
    base::append_json_float(out, r.kwh);
  }
  return out;
}

std::string power(std::string_view rows) { return readings("timestamp,service,power_watts\n" + std::string(rows)); }
std::string energy(std::string_view rows) { return readings("timestamp,service,energy_kwh\n" + std::string(rows)); }

constexpr std::string_view kPower =
    "2025-07-10T14:00:00Z,order-svc,10\n2025-07-10T14:00:05Z,order-svc,12\n2025-07-10T14:00:15Z,order-svc,8\n";
constexpr std::string_view kPowerReadings =
    "order-svc :05.000 0.000015277777777777777 | order-svc :15.000 0.00002777777777777778";

TEST(EnergyReadings, PowerIsTheMeanOfNeighboursOverTheTimeBetween) {
  EXPECT_EQ(power(kPower), kPowerReadings);
  EXPECT_EQ(power("2025-07-10T14:00:15Z,order-svc,8\n2025-07-10T14:00:00Z,order-svc,10\n2025-07-10T14:00:05Z,order-svc,12\n"),
            kPowerReadings);
}

TEST(EnergyReadings, ServicesDoNotMixAndEqualTimesAddNothing) {
  EXPECT_EQ(power("2025-07-10T14:00:00Z,b,36\n2025-07-10T14:00:00Z,a,72\n2025-07-10T14:00:10Z,b,36\n2025-07-10T14:00:10Z,b,9\n"
                  "2025-07-10T14:00:10Z,a,72\n"),
            "a :10.000 0.0002 | b :10.000 0.0001");
}

TEST(EnergyReadings, EnergyIsTakenAsItStands) {
  EXPECT_EQ(energy("2025-07-10T14:00:05.25Z, cart ,0.5\n2025-07-10 14:00:01Z,,1e-3\n"), "cart :05.250 0.5 |  :01.000 0.001");
}

TEST(EnergyReadings, CommentsAndBlankLinesAnywhereAndHeadersInAnyCase) {
  EXPECT_EQ(readings("\xEF\xBB\xBF# made by hand\r\n\r\nTIMESTAMP,SERVICE,Energy_kWh\r\n# x\r\n 2025-07-10T14:00:05Z,a,1 \r\n"),
            "a :05.000 1.0");
  EXPECT_EQ(readings("timestamp,service,energy_kwh_power_watts\n" + std::string(kPower)), kPowerReadings);
}

TEST(EnergyReadings, BadRowsAreNamedByLine) {
  EXPECT_EQ(readings("timestamp,service,joules\n"), "error: line 1: the header names neither power_watts nor energy_kwh");
  EXPECT_EQ(power("# c\n\n2025-07-10T14:00:00Z,a\n"), "error: line 4: expected timestamp,service,value");
  for (const char* time : {"2025-07-10T14:00:00+02:00", "2025-07-10T14:00:00z", "2025-07-10", "now", ""})
    EXPECT_EQ(power(std::string(time) + ",a,1\n"),
              "error: line 2: timestamp '" + std::string(time) + "' is not UTC: it does not end in Z");
  for (const char* value : {"", "x", "-1", "nan", "inf", "5,6", "-0.0001", "1e999"})
    EXPECT_EQ(power("2025-07-10T14:00:00Z,a," + std::string(value) + "\n"),
              "error: line 2: value '" + std::string(value) + "' is not a finite number of at least 0");
  for (const char* time : {"1969-12-31T00:00:00Z", "2025-13-01T00:00:00Z", "2025-07-10T24:00:00Z", "2025-07-10Z", "Z"})
    EXPECT_EQ(power(std::string(time) + ",a,1\n"),
              "error: line 2: timestamp '" + std::string(time) + "' is no date and time since 1970");
}

TEST(EnergyReadings, NothingInThem) {
  for (const char* csv : {"", "# only\n", "timestamp,service,power_watts\n", "timestamp,service,energy_kwh\n"})
    EXPECT_EQ(readings(csv), "error: : empty energy CSV") << csv;
  EXPECT_EQ(power("2025-07-10T14:00:00Z,a,1\n"), "error: : empty energy CSV");
  EXPECT_EQ(power("2025-07-10T14:00:00Z,a,1\n2025-07-10T14:00:00Z,a,2\n"), "error: : empty energy CSV");
}

// Operations of `service` at each of the seconds of the minute 14:00.
void operations(test::Scene& scene, std::string_view service, std::initializer_list<const char*> seconds) {
  for (const char* s : seconds)
    scene.span("t", service).sql("SELECT 1").at(std::string(s).size() == 6 ? "2025-07-10T14:00:" + std::string(s) + "Z" : s);
}

// "a 2 ops x 1.5 | without b | 10000 ms"
std::string calibrated(test::Scene& scene, std::string_view csv) {
  const auto parsed = parse_energy_readings(csv);
  const auto result = calibrate(*parsed, scene.spans(), scene.symbols);
  if (!result) return "error: " + result.error().what;
  std::string out;
  for (const CalibratedService& s : result->services)
    out += s.service + " " + base::text_fixed(s.kwh_per_op * 1e9, 2) + " x" + base::text_fixed(s.factor, 4) + " | ";
  for (const std::string& s : result->without_traffic) out += "without " + s + " | ";
  return out + std::to_string(result->window_ms) + " ms";
}

TEST(Calibrate, EnergyByOperationsAgainstTheProxy) {
  test::Scene scene;
  operations(scene, "order-svc", {"05.000", "15.000"});
  EXPECT_EQ(calibrated(scene, "timestamp,service,power_watts\n" + std::string(kPower)),
            "order-svc 21527.78 x215.2778 | 15000 ms");
}

TEST(Calibrate, CountsFromTheFirstReadingToTheLastIncluded) {
  test::Scene scene;
  operations(scene, "a", {"04.999", "05.000", "14.999", "15.000", "15.001", "nope"});
  EXPECT_EQ(calibrated(scene, "timestamp,service,energy_kwh\n2025-07-10T14:00:05Z,a,1e-7\n2025-07-10T14:00:15Z,a,2e-7\n"),
            "a 100.00 x1.0000 | 10000 ms");
  EXPECT_EQ(calibrated(scene, "timestamp,service,power_watts\n2025-07-10T14:00:05Z,a,0\n2025-07-10T14:00:15Z,a,0\n"),
            "a 0.00 x0.0000 | 10000 ms");
}

TEST(Calibrate, ServicesWithoutOperationsAreNamed) {
  test::Scene scene;
  operations(scene, "a", {"07.000"});
  EXPECT_EQ(calibrated(scene,
                       "timestamp,service,energy_kwh\n2025-07-10T14:00:07Z,b,1\n2025-07-10T14:00:07Z,a,1e-7\n"
                       "2025-07-10T14:00:07Z,A,1\n"),
            "a 100.00 x1.0000 | without A | without b | 0 ms");
}

TEST(Calibrate, RefusesEnergyThatOverflows) {
  test::Scene scene;
  operations(scene, "a", {"07.000"});
  EXPECT_EQ(calibrated(scene, "timestamp,service,energy_kwh\n2025-07-10T14:00:07Z,a,1e308\n2025-07-10T14:00:07Z,a,1e308\n"),
            "error: the energy of service 'a' is beyond any number");
}

}  // namespace
}  // namespace sentinel::score
