#include "config/profiles_file.h"

#include <gtest/gtest.h>

#include "support.h"

namespace sentinel::config {
namespace {

std::string hours(std::string_view value, int count = 24) {
  std::string text = "[";
  for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + std::string(value);
  return text + "]";
}
std::string flat(std::string_view value, int count = 24) {
  return R"({"type":"flat_year","hours":)" + hours(value, count) + "}";
}
std::string monthly(int months, int count = 24) {
  std::string text = R"({"type":"monthly","months":[)";
  for (int i = 0; i < months; ++i) text += (i == 0 ? "" : ",") + hours("1.5", count);
  return text + "]}";
}
std::string file_of(std::string_view region, std::string_view profile) {
  return R"({"profiles":{")" + std::string(region) + R"(":)" + std::string(profile) + "}}";
}
std::string wrong(std::string_view json) {
  const base::Result<Profiles> profiles = parse_profiles(json);
  return profiles ? "ok" : profiles.error().text();
}

TEST(ProfilesFile, ReadsBothShapes) {
  const Profiles profiles =
      parse_profiles(R"({"note":1,"profiles":{"MY-DC":)" + flat("5", 24) + R"(,"b":)" + monthly(12) + "}}").value();
  EXPECT_FALSE(profiles.at("my-dc").monthly);
  EXPECT_EQ(profiles.at("my-dc").months[0][23], 5.0);
  EXPECT_TRUE(profiles.at("b").monthly);
  EXPECT_EQ(profiles.at("b").months[11][23], 1.5);
}

TEST(ProfilesFile, OfNamesEqualInLowerCaseTheLastInByteOrderStays) {
  const std::string both = R"({"profiles":{"my-dc":)" + flat("2") + R"(,"MY-DC":)" + flat("1") + R"(,"x":)" + flat("3") +
                           R"(,"x":)" + flat("4") + "}}";
  EXPECT_EQ(parse_profiles(both)->at("my-dc").months[0][0], 2.0);
  EXPECT_EQ(parse_profiles(both)->at("x").months[0][0], 4.0);
}

TEST(ProfilesFile, SaysWhichFigureIsWrong) {
  EXPECT_EQ(wrong(file_of("a", flat("1", 23))), "profile \"a\": expected 24 hours, got 23");
  EXPECT_EQ(wrong(file_of("a", flat("1", 25))), "profile \"a\": expected 24 hours, got 25");
  EXPECT_EQ(wrong(file_of("a", flat("-1"))), "profile \"a\": hour 0 is negative or too large");
  EXPECT_EQ(wrong(file_of("a", flat("\"1\""))), "profile \"a\": hour 0 is not a number");
  EXPECT_EQ(wrong(file_of("a", monthly(11))), "profile \"a\": expected 12 months, got 11");
  EXPECT_EQ(wrong(file_of("a", monthly(13))), "profile \"a\": expected 12 months, got 13");
  EXPECT_EQ(wrong(file_of("a", monthly(12, 2))), "profile \"a\": month 1: expected 24 hours, got 2");
  EXPECT_EQ(wrong(file_of("a", R"({"type":"weekly"})")),
            "profile \"a\": unknown type \"weekly\": expected flat_year or monthly");
  EXPECT_EQ(wrong(file_of("a", "{}")), "profile \"a\": \"type\" is missing or not a text");
  EXPECT_EQ(wrong(file_of("a.b", flat("1"))), "profile \"a.b\" is not named by a region id");
  EXPECT_EQ(wrong("{}"), "no object \"profiles\"");
  EXPECT_EQ(wrong(R"({"profiles":{}} x)"), "text after the end of the document");
  EXPECT_EQ(wrong(R"({"profiles":{}})"), "ok");
  EXPECT_NE(wrong("{"), "ok");
  EXPECT_NE(wrong(R"({"profiles":[]})"), "ok");
}

TEST(ProfilesFile, Holds256ProfilesAndNoMore) {
  const auto with = [](int count) {
    std::string text = R"({"profiles":{)";
    for (int i = 0; i < count; ++i) text += (i == 0 ? "\"r" : ",\"r") + std::to_string(i) + "\":" + flat("1");
    return text + "}}";
  };
  EXPECT_EQ(wrong(with(256)), "ok");
  EXPECT_EQ(wrong(with(257)), "more than 256 profiles");
}

TEST(ProfilesFile, DoubtsFarMeansAndLargeOnes) {
  const auto remarks = [](std::string_view region, std::string_view value) {
    return doubtful_profiles(parse_profiles(file_of(region, flat(value))).value(), options_with({}).facts.annual_intensity)
        .size();
  };
  EXPECT_EQ(remarks("eu-west-3", "52.5"), 0U);  // annual value: 50
  EXPECT_EQ(remarks("eu-west-3", "52.6"), 1U);
  EXPECT_EQ(remarks("elsewhere", "1000"), 0U);
  EXPECT_EQ(remarks("elsewhere", "1000.1"), 1U);
}

TEST(ProfilesFile, IsLoadedWithTheConfigurationAndMustBeValid) {
  Folder folder;
  folder.file("p.json", file_of("my-dc", flat("500"))).file("bad.json", file_of("my-dc", flat("x")));
  const std::string key = "green.use_hourly_profiles = false\ngreen.hourly_profiles_file = ";
  EXPECT_EQ(load_text(key + "'" + folder.at("p.json") + "'", "t")->config.green.custom_profiles.at("my-dc").months[0][0],
            500.0);
  EXPECT_EQ(verdict(key + "''"), "[green] hourly_profiles_file \"\": the path is empty (line 2)");
  EXPECT_NE(verdict(key + "'" + folder.at("bad.json") + "'"), "ok");
  EXPECT_EQ(folder.shortened(verdict(key + "'" + folder.at("none.json") + "'")),
            "[green] hourly_profiles_file \"<dir>/none.json\": No such file or directory (line 2)");
}

TEST(ProfilesFile, IsAtMostTwoMebibytes) {
  Folder folder;
  std::string text = R"({"profiles":{}})";
  text.append(2'097'152 - text.size(), ' ');
  folder.file("fits", text).file("large", text + " ");
  EXPECT_TRUE(load_profiles(folder.at("fits")));
  EXPECT_EQ(load_profiles(folder.at("large")).error().text(), "larger than 2097152 bytes");
}

// -- calibration

std::string calibration(std::string_view services) {
  return "[calibration]\nbase_energy_per_io_op_kwh = 0.0000001\n[calibration.services]\n" + std::string(services);
}

TEST(CalibrationFile, ReadsFactors) {
  const Calibration factors =
      parse_calibration(
          calibration("\"order-svc\" = { factor = 2.15, measured_energy_per_op_kwh = 0.0000002 }\na = { factor = 1, "
                      "measured_energy_per_op_kwh = 1 }\n"))
          .value();
  EXPECT_EQ(factors, (Calibration{{"a", 1.0}, {"order-svc", 2.15}}));
  EXPECT_TRUE(parse_calibration("[calibration]\nbase_energy_per_io_op_kwh = 1\n")->empty());
}

TEST(CalibrationFile, RefusesWhatIsMissingOrNotFinite) {
  const auto refused = [](std::string_view text) { return parse_calibration(text).error().text(); };
  EXPECT_EQ(refused(""), "no table [calibration]");
  EXPECT_EQ(refused("[calibration]"), "base_energy_per_io_op_kwh is missing");
  EXPECT_EQ(refused(calibration("a = { factor = 1 }")), "service \"a\": measured_energy_per_op_kwh is missing");
  EXPECT_EQ(refused(calibration("a = { factor = -1, measured_energy_per_op_kwh = 1 }")),
            "service \"a\": factor is negative or not finite");
  EXPECT_EQ(refused(calibration("a = { factor = inf, measured_energy_per_op_kwh = 1 }")),
            "service \"a\": factor is negative or not finite");
  EXPECT_EQ(refused(calibration("a = { factor = '1', measured_energy_per_op_kwh = 1 }")),
            "service \"a\": factor is not a number");
}

TEST(CalibrationFile, DoubtsFactorsThatAreFarOff) {
  EXPECT_EQ(doubtful_factors({{"a", 0.1}, {"b", 10.0}}).size(), 0U);
  EXPECT_EQ(doubtful_factors({{"a", 0.0}, {"b", 0.09}, {"c", 10.1}}).size(), 3U);
}

TEST(CalibrationFile, IsLeftOutWithAWarningWhenItCannotBeUsed) {
  Folder folder;
  folder.file("c.toml", calibration("a = { factor = 2, measured_energy_per_op_kwh = 1 }"));
  const auto with = [&](const std::string& path) { return "green.calibration_file = '" + path + "'"; };
  EXPECT_EQ(load_text(with(folder.at("c.toml")), "t")->config.green.calibration_factors, (Calibration{{"a", 2.0}}));
  EXPECT_FALSE(load_text(with("none"), "t")->config.green.calibration_factors);
  EXPECT_EQ(advice(with("none")), "[green] calibration_file \"none\" is left out: No such file or directory\n");
}

}  // namespace
}  // namespace sentinel::config
