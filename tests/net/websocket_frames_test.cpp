// The codec of WebSocket frames alone: RFC 6455's own examples, each rule at its bound, every way of cutting.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "net/websocket/frames.h"
#include "net/websocket/handshake.h"
#include "net/websocket/sha1.h"
#include "net/websocket_client.h"

namespace sentinel::net::testing {
namespace {

using websocket::FrameReader;
using websocket::Opcode;

constexpr std::size_t kTestMessage = 1000;

// What a reader finds, "text hello" and so on, with the bytes given in pieces.
std::vector<std::string> found_in(std::string_view bytes, std::size_t piece = SIZE_MAX) {
  static constexpr const char* kNames[] = {"more", "text", "binary", "ping", "pong", "close", "fault"};
  FrameReader reader(kTestMessage);
  std::vector<std::string> found;
  while (!bytes.empty()) {
    std::string_view input = bytes.substr(0, std::min(piece, bytes.size()));
    bytes.remove_prefix(input.size());
    FrameReader::Next next;
    while ((next = reader.step(input)) != FrameReader::Next::kMore) {
      std::string line = kNames[static_cast<unsigned>(next)];
      if (next >= FrameReader::Next::kClose) line += " " + std::to_string(reader.code());
      found.push_back(line + " " + std::string(reader.payload()));
      if (next == FrameReader::Next::kFault) return found;
    }
    EXPECT_TRUE(input.empty());
  }
  return found;
}

std::string only_found(std::string_view bytes) {
  const auto found = found_in(bytes);
  EXPECT_EQ(found_in(bytes, 1), found);
  EXPECT_LE(found.size(), 1U);
  return found.empty() ? "nothing" : found.front();
}

using Lines = std::vector<std::string>;

TEST(WebSocketFrames, ReadsTheExamplesOfTheStandard) {
  EXPECT_EQ(only_found("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), "text Hello");
  EXPECT_EQ(only_found("\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), "pong Hello");
  EXPECT_EQ(client_text("Hello"), "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");  // what the other tests build on
}

TEST(WebSocketFrames, WritesTheExamplesOfTheStandard) {
  std::string out;
  websocket::append_frame_head(Opcode::kText, 5, out);
  EXPECT_EQ(out, "\x81\x05");
  out.clear();
  websocket::append_frame_head(Opcode::kPing, 5, out);
  EXPECT_EQ(out, "\x89\x05");
  out.clear();
  websocket::append_frame_head(Opcode::kBinary, 256, out);
  EXPECT_EQ(out, std::string("\x82\x7e\x01\x00", 4));
  out.clear();
  websocket::append_frame_head(Opcode::kBinary, 65'536, out);
  EXPECT_EQ(out, std::string("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST(WebSocketFrames, WritesLengthsInTheirShortestForm) {
  const auto head = [](std::size_t size) {
    std::string out;
    websocket::append_frame_head(Opcode::kText, size, out);
    return out;
  };
  EXPECT_EQ(head(125), "\x81\x7d");
  EXPECT_EQ(head(126), std::string("\x81\x7e\x00\x7e", 4));
  EXPECT_EQ(head(65'535), "\x81\x7e\xff\xff");
  EXPECT_EQ(head(65'536).size(), 10U);
  std::string close;
  websocket::append_close(1000, "bye", close);
  websocket::append_close(close_code::kNone, {}, close);
  EXPECT_EQ(close, std::string("\x88\x05\x03\xe8"
                               "bye\x88\x00",
                               9));
}

TEST(WebSocketFrames, PutsFragmentsTogetherAroundControlFrames) {
  const std::string bytes = client_frame(0x01, "Hel") + client_frame(0x89, "are you there?") + client_frame(0x00, "") +
                            client_frame(0x8a, "") + client_frame(0x80, "lo") + client_frame(0x82, std::string("\0\xff", 2)) +
                            client_frame(0x81, "") + client_close(1001, "leaving");
  const Lines wanted = {"ping are you there?", "pong ", "text Hello", "binary " + std::string("\0\xff", 2), "text ",
                        "close 1001 leaving"};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) EXPECT_EQ(found_in(bytes, piece), wanted) << piece;
}

TEST(WebSocketFrames, UnmasksEveryLengthUnderEveryCut) {
  std::string text;
  for (std::size_t size = 0; size < 40; ++size) {
    for (const std::size_t piece : {1U, 3U, 5U, 8U, 64U})
      EXPECT_EQ(found_in(client_frame(0x82, text, {}, "\x01\x80\xfe\x55"), piece), Lines{"binary " + text})
          << size << ' ' << piece;
    text += static_cast<char>('a' + size % 26);
  }
}

TEST(WebSocketFrames, TakesLongerFormsOfALengthThanNeeded) {
  EXPECT_EQ(only_found(std::string("\x81\xfe\x00\x02\0\0\0\0hi", 10)), "text hi");
  EXPECT_EQ(only_found(std::string("\x81\xff\0\0\0\0\0\0\0\x02\0\0\0\0hi", 16)), "text hi");
}

TEST(WebSocketFrames, RefusesWhatNoClientMaySend) {
  const std::string start = client_frame(0x01, "begun");
  const struct {
    std::string bytes;
    const char* fault;
  } kCases[] = {
      {std::string("\x81\x05Hello"), "fault 1002 frame without a mask"},
      {std::string("\x88\x00", 2), "fault 1002 frame without a mask"},
      {client_frame(0xc1, "x"), "fault 1002 reserved bits are set"},
      {client_frame(0xa1, "x"), "fault 1002 reserved bits are set"},
      {client_frame(0x91, "x"), "fault 1002 reserved bits are set"},
      {client_frame(0xc9, "x"), "fault 1002 reserved bits are set"},
      {client_frame(0x83, ""), "fault 1002 unknown opcode"},
      {client_frame(0x87, ""), "fault 1002 unknown opcode"},
      {client_frame(0x8b, ""), "fault 1002 unknown opcode"},
      {client_frame(0x8f, ""), "fault 1002 unknown opcode"},
      {client_frame(0x89, std::string(126, 'p')), "fault 1002 control frame over 125 bytes"},
      {client_frame(0x89, "", 65'536), "fault 1002 control frame over 125 bytes"},
      {client_frame(0x09, ""), "fault 1002 fragmented control frame"},
      {client_frame(0x08, ""), "fault 1002 fragmented control frame"},
      {client_frame(0x80, "x"), "fault 1002 continuation of nothing"},
      {client_frame(0x00, "x"), "fault 1002 continuation of nothing"},
      {start + client_frame(0x81, "x"), "fault 1002 new message inside another"},
      {start + client_frame(0x02, "x"), "fault 1002 new message inside another"},
      {client_frame(0x82, "", std::uint64_t{1} << 63), "fault 1002 length over 63 bits"},
      {client_frame(0x82, "", (std::uint64_t{1} << 63) - 1), "fault 1009 message too large"},
      {client_frame(0x88, "\x03"), "fault 1002 close code cut short"},
      {client_close(1000, "\xff"), "fault 1007 close reason is not UTF-8"},
      {client_close(1000, "\xe2\x82"), "fault 1007 close reason is not UTF-8"},
  };
  for (const auto& [bytes, fault] : kCases) EXPECT_EQ(only_found(bytes), fault);
}

TEST(WebSocketFrames, AFaultIsForEver) {
  FrameReader reader(kTestMessage);
  std::string_view bad = "\x81\x05";
  EXPECT_EQ(reader.step(bad), FrameReader::Next::kFault);
  const std::string good = client_text("x");
  std::string_view more = good;
  EXPECT_EQ(reader.step(more), FrameReader::Next::kFault);
  EXPECT_EQ(reader.code(), close_code::kProtocol);
}

TEST(WebSocketFrames, BoundsAMessageHoweverItIsFragmented) {
  const std::string most(kTestMessage, 'm');
  EXPECT_EQ(only_found(client_text(most)), "text " + most);
  EXPECT_EQ(only_found(client_text(most + "m")), "fault 1009 message too large");
  EXPECT_EQ(only_found(client_frame(0x82, "", kTestMessage + 1)), "fault 1009 message too large");  // from its head alone
  EXPECT_EQ(only_found(client_frame(0x01, most) + client_frame(0x80, "")), "text " + most);
  EXPECT_EQ(only_found(client_frame(0x01, most) + client_frame(0x80, "m")), "fault 1009 message too large");
  EXPECT_EQ(found_in(client_text(most) + client_text(most)).size(), 2U);  // each for itself
}

TEST(WebSocketFrames, ControlFramesMayHave125Bytes) {
  const std::string most(125, 'p');
  EXPECT_EQ(only_found(client_frame(0x89, most)), "ping " + most);
  EXPECT_EQ(only_found(client_close(1000, most.substr(2))), "close 1000 " + most.substr(2));
}

TEST(WebSocketFrames, CloseCodesAreThoseThatMayBeSent) {
  EXPECT_EQ(only_found(client_frame(0x88, "")), "close 1005 ");
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999})
    EXPECT_EQ(only_found(client_close(static_cast<std::uint16_t>(code))), "close " + std::to_string(code) + " ");
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65'535})
    EXPECT_EQ(only_found(client_close(static_cast<std::uint16_t>(code))), "fault 1002 no close code to be sent");
}

TEST(WebSocketFrames, TextIsUtf8AcrossFragmentsAndBinaryIsNot) {
  const std::string word = "\xce\xba\xe1\xbd\xb9\xf0\x9f\x98\x80";  // two, three and four bytes a character
  for (std::size_t cut = 0; cut <= word.size(); ++cut)
    EXPECT_EQ(only_found(client_frame(0x01, word.substr(0, cut)) + client_frame(0x80, word.substr(cut))), "text " + word)
        << cut;
  for (const std::string bad : {"\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8", "a\xe2\x82", "\xe2\x28\xa1"}) {
    EXPECT_EQ(only_found(client_text(bad)), "fault 1007 text is not UTF-8");
    EXPECT_EQ(only_found(client_frame(0x82, bad)), "binary " + bad);
  }
  // As soon as it is certain: the frame is not complete.
  EXPECT_EQ(only_found(client_frame(0x81, "ok\xf4\x90", 100)), "fault 1007 text is not UTF-8");
  EXPECT_EQ(only_found(client_frame(0x81, "ok\xf4\x8f", 100)), "nothing");
}

TEST(WebSocketFrames, IncrementalUtf8AgreesWithTheWholeText) {
  std::mt19937 random(6455);
  // Bytes at the bounds of the encoding, so that good and bad texts are both common.
  static constexpr unsigned char kBytes[] = {'a',  0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf,
                                             0xe0, 0xe1, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff};
  unsigned valid = 0;
  for (int i = 0; i < 40'000; ++i) {
    std::string text;
    for (std::size_t size = random() % 5; text.size() < size;) text += static_cast<char>(kBytes[random() % sizeof kBytes]);
    websocket::Utf8Check check;
    bool holds = true;
    for (const char c : text) holds = holds && check.take({&c, 1});
    ASSERT_EQ(holds && check.complete(), base::is_valid_utf8(text)) << ::testing::PrintToString(text);
    valid += base::is_valid_utf8(text) ? 1 : 0;
  }
  EXPECT_GT(valid, 4'000U);
}

TEST(WebSocketHandshake, ProvesThatTheRequestWasRead) {
  EXPECT_EQ(websocket::accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // RFC 6455 §1.3
}

TEST(WebSocketHandshake, Sha1GivesTheDigestsOfItsStandard) {
  const auto hex = [](std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
      char digits[3];
      std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += digits;
    }
    return out;
  };
  EXPECT_EQ(hex(websocket::sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(hex(websocket::sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(websocket::sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  EXPECT_EQ(hex(websocket::sha1(std::string(1'000'000, 'a'))), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

}  // namespace
}  // namespace sentinel::net::testing
