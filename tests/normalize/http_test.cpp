#include "normalize/http.h"

#include <gtest/gtest.h>

#include "normalize/oracle.h"
#include "normalize/random_text.h"
#include "normalize/vectors.h"

namespace sentinel::normalize {
namespace {

oracle::Answer http(std::string_view method, std::string_view target) {
  Scratch scratch;
  return oracle::unpack(normalize_http(method, target, scratch));
}

std::string get(std::string_view target) { return http("GET", target).text; }

TEST(Http, GivesTheRecordedTemplatesAndParams) {
  Scratch scratch;
  for (const auto& v : testing::vectors("01_http_vectors.json")) {
    EXPECT_EQ(oracle::unpack(normalize_http(v.method, v.input, scratch)), v.expected) << v.method << " " << v.input;
    EXPECT_EQ(oracle::http(v.method, v.input), v.expected) << "oracle, " << v.method << " " << v.input;
  }
}

TEST(Http, FollowsTheChaptersTable) {
  EXPECT_EQ(get("/api/carts/77/lines/3"), "GET /api/carts/{id}/lines/{id}");
  EXPECT_EQ(get("/api/files/9F1C2D3E-4B5A-6978-8796-A5B4C3D2E1F0/v2"), "GET /api/files/{uuid}/v2");
  EXPECT_EQ(get("/api/files/9f1c2d3e4b5a69788796a5b4c3d2e1f0"), "GET /api/files/9f1c2d3e4b5a69788796a5b4c3d2e1f0");
  EXPECT_EQ(get("/x/123456789012345678901234567890"), "GET /x/{id}");
  EXPECT_EQ(get("https://Cart-SVC.Example.COM/api/carts/77?full=1"), "GET cart-svc.example.com/api/carts/{id}");
  EXPECT_EQ(get("http://999.1.1.1/x"), "GET /x");
  EXPECT_EQ(get("http://1.2.3/x"), "GET 1.2.3/x");
  EXPECT_EQ(get("http://[fd00::7]:9000/x/1"), "GET /x/{id}");
  EXPECT_EQ(get("http://bob:pw@cart-svc/x"), "GET cart-svc/x");
  EXPECT_EQ(get("http://cart-svc#top"), "GET cart-svc/");
  EXPECT_EQ(get("http://cart-svc./x"), "GET cart-svc/x");
  EXPECT_EQ(get("http://:8080/x"), "GET /x");
  EXPECT_EQ(get("HTTP://cart-svc/x/5"), "GET HTTP://cart-svc/x/{id}");
  EXPECT_EQ(get("//cart-svc/x/5"), "GET //cart-svc/x/{id}");
  EXPECT_EQ(get("/x//5/"), "GET /x//{id}/");
  EXPECT_EQ(get(""), "GET /");
  EXPECT_EQ(get("*"), "GET *");
  EXPECT_EQ(get("x/5"), "GET x/{id}");
  EXPECT_EQ(http("grpc", "shop.v1.Cart/GetItem").text, "grpc shop.v1.Cart/GetItem");
}

TEST(Http, QueryPiecesComeBeforePathIds) {
  EXPECT_EQ(http("GET", "http://cart-svc/x/5?id=6&&b="), (oracle::Answer{"GET cart-svc/x/{id}", {"id=6", "", "b=", "5"}}));
}

TEST(Http, KeepsAHundredQueryPiecesAndEveryPathId) {
  for (const std::size_t pieces : {99, 100, 101}) {
    std::string target = "/7/8?0";
    for (std::size_t i = 1; i < pieces; ++i) target.append("&").append(std::to_string(i));
    const std::vector<std::string> params = http("GET", target).params;
    EXPECT_EQ(params.size(), std::min<std::size_t>(pieces, kMaxQueryParams) + 2);
    EXPECT_EQ(params[98], "98");
    EXPECT_EQ(params.back(), "8");
  }
}

TEST(Http, AUuidHas36BytesOfHexAndDashesInPlace) {
  const std::string uuid = "/01234567-89ab-cdef-ABCD-EF0123456789";
  EXPECT_EQ(get(uuid), "GET /{uuid}");
  EXPECT_EQ(get(uuid + "0"), "GET " + uuid + "0");
  EXPECT_EQ(get(uuid.substr(0, 36)), "GET " + uuid.substr(0, 36));
  for (std::size_t i = 1; i < uuid.size(); ++i) {
    for (const char c : {'g', 'G', '-', '0', '/', ':', '@', '`', '_'}) {
      std::string damaged = uuid;
      damaged[i] = c;
      EXPECT_EQ(get(damaged), oracle::http("GET", damaged).text) << damaged;
    }
  }
}

TEST(Http, PartsMayStandAnywhereInABlock) {
  Scratch scratch;
  for (std::size_t host = 0; host < 40; ++host) {
    for (std::size_t segment = 0; segment < 40; ++segment) {
      const std::string target = "http://" + std::string(host, 'H') + ":80/" + std::string(segment, 'a') + "/" +
                                 std::string(segment, '7') + "?" + std::string(segment, 'q') + "&x=1";
      ASSERT_EQ(oracle::unpack(normalize_http("POST", target, scratch)), oracle::http("POST", target)) << target;
    }
  }
}

TEST(Http, AgreesWithThePlainVersionOnRandomTargets) {
  constexpr std::string_view kPieces[] = {"http://",
                                          "https://",
                                          "/",
                                          "/",
                                          "?",
                                          "#",
                                          "@",
                                          ":",
                                          "[",
                                          "]",
                                          ".",
                                          "&",
                                          "=",
                                          "1",
                                          "23",
                                          "456",
                                          "a",
                                          "B",
                                          "-",
                                          "HOST",
                                          "cart-svc",
                                          "10.0.0.1",
                                          "9f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0",
                                          "9f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f",
                                          "é",
                                          "api/",
                                          "/12",
                                          "%20"};
  constexpr std::string_view kMethods[] = {"GET", "", "post", "grpc"};
  testing::RandomText random(testing::test_seed());
  Scratch scratch;
  for (int i = 0; i < 100'000; ++i) {
    const std::string target = std::string(i % 3 == 0 ? "http://" : "").append(random.text(kPieces, i % 2 == 0 ? 10 : 40));
    const std::string_view method = kMethods[random.below(std::size(kMethods))];
    ASSERT_EQ(oracle::unpack(normalize_http(method, target, scratch)), oracle::http(method, target)) << target;
  }
}

}  // namespace
}  // namespace sentinel::normalize
