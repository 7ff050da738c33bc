// Texts that findings share, and groups whose neighbours share a key.
#include "detect/finding_sink.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "detect/fixes/fixes.h"
#include "detect/groups.h"

namespace sentinel::detect {
namespace {

TEST(FindingSink, WordingsOfTheSamePartsAreComposedOnce) {
  const model::Symbols symbols;
  base::Arena texts;
  std::vector<model::Finding> findings;
  FindingSink sink(symbols, texts, findings, Evidence::kLeftOut);
  static constexpr std::string_view kWording = "{} calls to {}";
  static constexpr std::string_view kOther = "{} more to {}";
  const std::string a = "a";
  const std::string also_a = "a";
  const std::string_view first = sink.keep_same(kWording, {std::uint64_t{3}, std::string_view(a)});
  EXPECT_EQ(first, "3 calls to a");
  EXPECT_EQ(sink.keep_same(kWording, {std::uint64_t{3}, std::string_view(a)}).data(), first.data());
  EXPECT_EQ(sink.keep_same(kWording, {std::uint64_t{3}, std::string_view(also_a)}), "3 calls to a");
  EXPECT_EQ(sink.keep_same(kOther, {std::uint64_t{3}, std::string_view(a)}), "3 more to a");
  for (std::uint64_t n = 0; n < 500; ++n) {
    EXPECT_EQ(sink.keep_same(kWording, {n, std::string_view(a)}), std::to_string(n) + " calls to a");
    EXPECT_EQ(sink.keep_same(kWording, {n, std::string_view("bc").substr(n % 2)}),
              std::to_string(n) + (n % 2 == 0 ? " calls to bc" : " calls to c"));
  }
  EXPECT_EQ(sink.keep_same("{} ms", {TextPart::Milliseconds{1500}}), "1.5 ms");
  EXPECT_EQ(sink.keep_same("{} ms", {std::uint64_t{1500}}), "1500 ms");
  EXPECT_EQ(first, "3 calls to a") << "texts stay";
}

TEST(FixFinder, FindsWhatTheFunctionFinds) {
  FixFinder finder;
  std::vector<std::string> services = {"shop", "helidon-mp-cart", "my-helidon"};
  for (int i = 0; i < 200; ++i) services.push_back("svc-" + std::to_string(i));
  const std::vector<std::string_view> scopes = {"io.quarkus.hibernate.orm"};
  for (int round = 0; round < 2; ++round) {
    for (const std::string& service : services) {
      for (const model::FindingType type :
           {model::FindingType::kNPlusOneSql, model::FindingType::kSlowSql, model::FindingType::kNPlusOneMessaging}) {
        model::Finding f;
        f.type = type;
        f.service = service;
        f.pattern.template_text = "kafka orders";
        for (const bool scoped : {false, true}) {
          if (scoped) f.scopes = scopes;
          const auto want = suggested_fix(f);
          const auto got = finder.fix_for(f);
          ASSERT_EQ(got.has_value(), want.has_value()) << service;
          EXPECT_EQ(got ? got->recommendation : "", want ? want->recommendation : "") << service;
        }
      }
    }
  }
}

TEST(Groups, NeighboursThatShareTheirKeyJoinTheGroupTheyWouldJoinAnyway) {
  const std::vector<std::uint64_t> keys = {5, 5, 7, 5, 7, 7, 9, 9, 5};
  Groups<std::uint64_t> plain;
  Groups<std::uint64_t> near;
  for (int round = 0; round < 2; ++round) {
    plain.reset(keys.size(), keys.size());
    near.reset(keys.size(), keys.size());
    {
      Groups<std::uint64_t>::Adder adder(near);
      for (std::uint32_t i = 0; i < keys.size(); ++i) adder.add_next(keys[i], i);
    }
    for (std::uint32_t i = 0; i < keys.size(); ++i) plain.add(keys[i], i);
    ASSERT_EQ(near.all().size(), 3u);
    for (std::size_t g = 0; g < 3; ++g) {
      EXPECT_EQ(near.all()[g].key, plain.all()[g].key);
      EXPECT_EQ(near.all()[g].count, plain.all()[g].count);
      std::vector<std::uint32_t> a;
      std::vector<std::uint32_t> b;
      for (const std::uint32_t i : near.members(near.all()[g])) a.push_back(i);
      for (const std::uint32_t i : plain.members(plain.all()[g])) b.push_back(i);
      EXPECT_EQ(a, b);
    }
  }
}

}  // namespace
}  // namespace sentinel::detect
