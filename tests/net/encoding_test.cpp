// Undoing content encodings within a bound (chapter 05 §3.3 and its improvements).
#include "net/encoding.h"

#include <gtest/gtest.h>

#include <string>

#include "net/compressed.h"

namespace sentinel::net::testing {
namespace {

constexpr std::size_t kPlenty = std::size_t{64} << 20;

std::string text_of(std::size_t size) {
  std::string out(size, '?');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + (i * i / 7) % 26);
  return out;
}

struct Outcome {
  Decoded verdict;
  std::string text;
};
Outcome undone(Encoding encoding, std::string_view input, std::size_t max = kPlenty) {
  BodyBuffer out;
  out.append("left over");
  const Decoded verdict = decode(encoding, input, max, out);
  return {verdict, verdict == Decoded::kOk ? std::string(out.view()) : std::string()};
}

TEST(Encoding, KnowsItsNamesExactly) {
  EXPECT_EQ(encoding_named("identity"), Encoding::kIdentity);
  EXPECT_EQ(encoding_named("gzip"), Encoding::kGzip);
  EXPECT_EQ(encoding_named("deflate"), Encoding::kDeflate);
  EXPECT_EQ(encoding_named("zstd"), Encoding::kZstd);
  for (const char* other : {"", "GZIP", "x-gzip", "br", "gzip, deflate", " gzip"})
    EXPECT_EQ(encoding_named(other), std::nullopt) << other;
}

TEST(Encoding, GivesBackWhatWasCompressedAtAnySize) {
  for (const std::size_t size : {0, 1, 17, 4096, 300'000, 5'000'000}) {
    const std::string text = text_of(size);
    EXPECT_TRUE(undone(Encoding::kIdentity, text).text == text) << size;
    EXPECT_TRUE(undone(Encoding::kGzip, gzipped(text)).text == text) << size;
    EXPECT_TRUE(undone(Encoding::kDeflate, zlibbed(text)).text == text) << size;
    EXPECT_TRUE(undone(Encoding::kZstd, zstded(text)).text == text) << size;
  }
}

TEST(Encoding, HoldsToTheBoundExactly) {
  const std::string text = text_of(100'000);
  const struct {
    Encoding encoding;
    std::string input;
  } cases[] = {{Encoding::kIdentity, text},
               {Encoding::kGzip, gzipped(text)},
               {Encoding::kDeflate, zlibbed(text)},
               {Encoding::kZstd, zstded(text)}};
  for (const auto& c : cases) {
    EXPECT_EQ(undone(c.encoding, c.input, 99'999).verdict, Decoded::kTooLarge);
    EXPECT_EQ(undone(c.encoding, c.input, 100'000).verdict, Decoded::kOk);
    EXPECT_EQ(undone(c.encoding, c.input, 100'001).verdict, Decoded::kOk);
  }
}

TEST(Encoding, ABombCostsNoMoreThanTheBound) {
  const std::string zeros(std::size_t{64} << 20, '\0');
  for (const auto& [encoding, input] :
       {std::pair{Encoding::kGzip, gzipped(zeros)}, {Encoding::kDeflate, zlibbed(zeros)}, {Encoding::kZstd, zstded(zeros)}}) {
    BodyBuffer out;
    EXPECT_EQ(decode(encoding, input, 1 << 20, out), Decoded::kTooLarge);
    EXPECT_LE(out.capacity(), std::size_t{1} << 20);
  }
}

TEST(Encoding, ReadsAllMembersAndFramesAndNothingAfterThem) {
  const std::string a = text_of(1000);
  const std::string b = text_of(70'000);
  EXPECT_TRUE(undone(Encoding::kGzip, gzipped(a) + gzipped(b) + gzipped("")).text == a + b);
  EXPECT_TRUE(undone(Encoding::kZstd, zstded(a) + zstded(b)).text == a + b);
  EXPECT_EQ(undone(Encoding::kGzip, gzipped(a) + gzipped(b), a.size() + b.size() - 1).verdict, Decoded::kTooLarge);
  EXPECT_EQ(undone(Encoding::kZstd, zstded(a) + zstded(b), a.size() + b.size() - 1).verdict, Decoded::kTooLarge);
  EXPECT_EQ(undone(Encoding::kGzip, gzipped(a) + "junk").verdict, Decoded::kBroken);
  EXPECT_EQ(undone(Encoding::kDeflate, zlibbed(a) + "junk").verdict, Decoded::kBroken);
  EXPECT_EQ(undone(Encoding::kZstd, zstded(a) + "junk").verdict, Decoded::kBroken);
}

TEST(Encoding, RefusesEveryCutAndWhatIsOfAnotherKind) {
  const std::string text = text_of(200);
  for (const auto& [encoding, input] :
       {std::pair{Encoding::kGzip, gzipped(text)}, {Encoding::kDeflate, zlibbed(text)}, {Encoding::kZstd, zstded(text)}})
    for (std::size_t size = 1; size < input.size(); ++size)
      EXPECT_EQ(undone(encoding, input.substr(0, size)).verdict, Decoded::kBroken) << size;
  EXPECT_EQ(undone(Encoding::kDeflate, raw_deflated(text)).verdict, Decoded::kBroken);
  EXPECT_EQ(undone(Encoding::kGzip, zlibbed(text)).verdict, Decoded::kBroken);
  std::string bad_sum = gzipped(text);
  bad_sum[bad_sum.size() - 8] ^= 1;
  EXPECT_EQ(undone(Encoding::kGzip, bad_sum).verdict, Decoded::kBroken);
}

TEST(Encoding, DoesNotTrustTheSizeAGzipMemberClaims) {
  std::string lies = gzipped(text_of(50'000));
  for (std::size_t i = 1; i <= 4; ++i) lies[lies.size() - i] = '\xff';
  EXPECT_EQ(undone(Encoding::kGzip, lies).verdict, Decoded::kBroken);
}

}  // namespace
}  // namespace sentinel::net::testing
