#include "normalize/peer_host.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/files.h"
#include "support/json.h"

namespace sentinel::normalize {
namespace {

TEST(HostOfUrl, IsWhatFollowsTheLastAtUpToTheFirstColon) {
  EXPECT_EQ(host_of_url("http://order-api/x"), "order-api");
  EXPECT_EQ(host_of_url("https://Order-API:8080"), "order-api");
  EXPECT_EQ(host_of_url("http://a@b@c:1:2/x@y"), "c");
  EXPECT_EQ(host_of_url("http://h?q=1"), "h?q=1");
}

TEST(HostOfUrl, IsAbsentWithoutASchemeInLowerCaseOrWithoutAHost) {
  for (const char* target :
       {"", "h/x", "//h/x", "HTTP://h/x", "ftp://h/x", " http://h", "http://", "http:///h", "http://:80/", "http://h@"}) {
    EXPECT_FALSE(host_of_url(target)) << target;
  }
}

TEST(PeerRegion, AgreesWithTheRecordedTransport) {
  std::ifstream in(test_data("04_energy_vectors.json"));
  int rows = 0;
  const nlohmann::json vectors = parsed_json<nlohmann::json>(in);
  for (const nlohmann::json& row : vectors.at("transport")) {
    if (row.contains("callee_region")) continue;  // about regions, not hosts
    const std::map<std::string, std::string> regions = {{"order-api", "us-east-1"}};
    const std::string* region = peer_region(row["target"].get<std::string>(), regions);
    EXPECT_EQ(region != nullptr, !row["transport_gco2"].is_null()) << row;
    if (region != nullptr) {
      EXPECT_EQ(*region, "us-east-1");
    }
    ++rows;
  }
  EXPECT_EQ(rows, 29);
}

TEST(PeerRegion, IsNoneWithoutAMapping) { EXPECT_EQ(peer_region("http://order-api/x", {}), nullptr); }

}  // namespace
}  // namespace sentinel::normalize
