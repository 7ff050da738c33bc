#include "net/websocket/sha1.h"

#include <array>
#include <bit>
#include <cstdint>

#include "net/websocket/big_endian.h"

namespace sentinel::net::websocket {
namespace {

constexpr std::size_t kBlock = 64;
using Sha1State = std::array<std::uint32_t, 5>;

void sha1_block(std::string_view block, Sha1State& state) {
  std::array<std::uint32_t, 80> words{};
  for (std::size_t i = 0; i < kBlock; ++i) words[i / 4] = words[i / 4] << 8 | static_cast<unsigned char>(block[i]);
  for (std::size_t i = 16; i < words.size(); ++i)
    words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
  auto [a, b, c, d, e] = state;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::uint32_t mix;
    if (i < 20) {
      mix = ((b & c) | (~b & d)) + 0x5a827999;
    } else if (i < 40) {
      mix = (b ^ c ^ d) + 0x6ed9eba1;
    } else if (i < 60) {
      mix = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    } else {
      mix = (b ^ c ^ d) + 0xca62c1d6;
    }
    const std::uint32_t next = std::rotl(a, 5) + mix + e + words[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const Sha1State round{a, b, c, d, e};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += round[i];
}

}  // namespace

std::string sha1(std::string_view bytes) {
  std::string padded(bytes);
  padded += '\x80';
  while (padded.size() % kBlock != kBlock - 8) padded += '\0';
  append_big_endian(std::uint64_t{bytes.size()} * 8, 8, padded);
  Sha1State state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  for (std::string_view rest = padded; !rest.empty(); rest.remove_prefix(kBlock)) sha1_block(rest.substr(0, kBlock), state);
  std::string digest;
  for (const std::uint32_t word : state) append_big_endian(word, 4, digest);
  return digest;
}

}  // namespace sentinel::net::websocket
