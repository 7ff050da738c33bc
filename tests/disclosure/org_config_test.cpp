#include "disclosure/org_config.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "disclosure/support/scene.h"

namespace sentinel::disclosure::test {
namespace {

std::string text() { return vectors("org_config").get<std::string>(); }

std::string complaint(const std::string& toml) {
  const auto org = parse_org_config(toml, "org.toml");
  return org ? "none" : org.error().text();
}

std::string without(const std::string& line) {
  std::string toml = text();
  const std::size_t at = toml.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return toml.erase(at, toml.find('\n', at) + 1 - at);
}

std::string with(const std::string& line, const std::string& instead) {
  std::string toml = text();
  const std::size_t at = toml.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return toml.replace(at, toml.find('\n', at) - at, instead);
}

TEST(OrgConfig, ReadsEveryKey) {
  const auto org = parse_org_config(R"(
unknown = 1
[organisation]
name = "Acme"
country = "FR"
sector = "62.01"
identifiers = {siren = "1", vat = "2", lei = "3", opencorporates_url = "4", domain = "5", more = 6}
[methodology]
sci_specification = "SCI"
conformance = "extended"
enabled_patterns = ["a", "b"]
disabled_patterns = [{name = "c", reason = "d"}]
[methodology.calibration]
carbon_intensity_source = "mixed"
specpower_table_version = "2026"
cloud_regions = ["eu-west-3"]
scaphandre_used = true
[scope_manifest]
total_applications_declared = 4294967295
total_requests_in_period = 9223372036854775807
applications_excluded = [{service_name = "e", reason = "f"}]
environments_measured = ["prod"]
environments_excluded = [{name = "dev", reason = "g"}]
[notes]
disclaimers = ["h"]
[notes.reference_urls]
i = "https://i"
)",
                                    "org.toml");
  ASSERT_TRUE(org) << org.error().text();
  EXPECT_EQ(org->sector, "62.01");
  EXPECT_EQ(org->identifiers.domain, "5");
  EXPECT_EQ(org->conformance, Conformance::kExtended);
  EXPECT_EQ(org->disabled_patterns[0].reason, "d");
  EXPECT_TRUE(org->scaphandre_used);
  EXPECT_EQ(org->total_applications_declared, 4294967295U);
  EXPECT_EQ(org->total_requests_in_period, 9223372036854775807U);
  EXPECT_EQ(org->applications_excluded[0].name, "e");
  EXPECT_EQ(org->environments_excluded[0].name, "dev");
  EXPECT_EQ(org->disclaimers, std::vector<std::string>{"h"});
  EXPECT_EQ(org->reference_urls.at("i"), "https://i");
}

TEST(OrgConfig, EveryRequiredKeyIsMissed) {
  for (const auto& [line, key] : std::initializer_list<std::pair<const char*, const char*>>{
           {"name =", "organisation.name"},
           {"country =", "organisation.country"},
           {"sci_specification =", "methodology.sci_specification"},
           {"conformance =", "methodology.conformance"},
           {"carbon_intensity_source =", "methodology.calibration.carbon_intensity_source"},
           {"specpower_table_version =", "methodology.calibration.specpower_table_version"},
           {"total_applications_declared =", "scope_manifest.total_applications_declared"}}) {
    EXPECT_NE(complaint(without(line)).find("\"" + std::string(key) + "\" is missing"), std::string::npos)
        << complaint(without(line));
  }
  EXPECT_EQ(complaint(""), "org.toml, line 1, column 1: \"organisation\" is missing");
  EXPECT_EQ(complaint(without("enabled_patterns")), "none");
}

TEST(OrgConfig, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(complaint(with("name =", "name = 5")), "org.toml, line 2, column 1: \"organisation.name\" must be a string");
  EXPECT_EQ(complaint(with("conformance =", "conformance = \"full\"")),
            "org.toml, line 6, column 1: \"methodology.conformance\" must be core-required, extended or partial");
  EXPECT_EQ(complaint(with("enabled_patterns =", "enabled_patterns = [\"a\", 1]")),
            "org.toml, line 7, column 26: \"methodology.enabled_patterns\" must be a list of strings");
  EXPECT_EQ(complaint(with("total_applications_declared =", "total_applications_declared = 4294967296")),
            "org.toml, line 12, column 1: \"scope_manifest.total_applications_declared\" must be between 0 and 4294967295");
  EXPECT_EQ(complaint(with("total_applications_declared =", "total_applications_declared = -1")),
            "org.toml, line 12, column 1: \"scope_manifest.total_applications_declared\" must be between 0 and 4294967295");
  EXPECT_TRUE(complaint("[organisation").starts_with("org.toml, line 1, column ")) << complaint("[organisation");
}

TEST(OrgConfig, ALinkIsRefused) {
  const Directory directory;
  const std::string file = directory.file("org.toml", text());
  ASSERT_EQ(::symlink(file.c_str(), directory.path("link.toml").c_str()), 0);
  EXPECT_TRUE(load_org_config(file));
  EXPECT_EQ(load_org_config(directory.path("link.toml")).error().what, "is a symbolic link");
  EXPECT_EQ(load_org_config(directory.path("none.toml")).error().where, directory.path("none.toml"));
}

}  // namespace
}  // namespace sentinel::disclosure::test
