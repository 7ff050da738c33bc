// Files, pipes and compressed streams as sources of bytes (chapter 01 §4.1).
#include "ingest/byte_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "ingest/format.h"
#include "ingest/ingest.h"

namespace sentinel::ingest {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() {
    std::string pattern = (fs::temp_directory_path() / "byte_source_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Files() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }
  std::string write(const char* name, std::string_view bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return path(name);
  }

 private:
  fs::path folder_;
};

// Everything in a file, or "error: …".
std::string read_file(const std::string& path) {
  const base::Result<std::unique_ptr<ByteSource>> source = open_source(path.c_str());
  if (!source) return "error: " + source.error().text();
  EXPECT_EQ((*source)->name(), path);
  const base::Result<std::string> all = read_all(**source);
  return all ? *all : "error: " + all.error().text();
}

// The same, `room` bytes a call.
std::string read_in_steps(const std::string& path, std::size_t room) {
  const base::Result<std::unique_ptr<ByteSource>> source = open_source(path.c_str());
  if (!source) return "error: " + source.error().text();
  std::string all;
  std::vector<char> buffer(room);
  while (true) {
    const base::Result<std::size_t> n = (*source)->read(buffer.data(), room);
    if (!n) return "error: " + n.error().text();
    if (*n == 0) return all;
    all.append(buffer.data(), *n);
  }
}

std::string gzip(std::string_view text, int level = 6) {
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
  return out;
}

// Compresses to several packed blocks.
std::string long_text() {
  std::string text;
  std::uint32_t random = 1;
  for (int i = 0; i < 60'000; ++i) {
    random = random * 1'664'525 + 1'013'904'223;
    text += std::to_string(random);
  }
  return text;
}

// -- plain

TEST_F(Files, APlainFileComesAsItIsInStepsOfAnySize) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("abc"), std::string("abcd"), std::string("abcde"),
        std::string("[1,2,3]\0x", 9), std::string("\x1f", 1), std::string("\x28\xb5\x2f", 3)}) {
    const std::string file = write("plain", text);
    EXPECT_EQ(read_file(file), text);
    EXPECT_EQ(read_in_steps(file, 1), text) << "the first bytes that were looked at come again";
    EXPECT_EQ(read_in_steps(file, 3), text);
  }
}

TEST_F(Files, APipeIsReadToItsEndHoweverItIsFed) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([&] {
    std::FILE* pipe = std::fopen(path("pipe").c_str(), "wb");
    for (const std::string piece : {"a", "b", "cde", "", "fghij"}) {
      std::fwrite(piece.data(), 1, piece.size(), pipe);
      std::fflush(pipe);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    std::fclose(pipe);
  });
  EXPECT_EQ(read_file(path("pipe")), "abcdefghij");
  writer.join();
}

TEST_F(Files, ACompressedPipeIsRecognisedToo) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(path("pipe"), std::ios::binary) << gzip("[]"); });
  EXPECT_EQ(read_file(path("pipe")), "[]");
  writer.join();
}

TEST_F(Files, WhatCannotBeReadSaysWhyAndWhere) {
  EXPECT_EQ(read_file(path("missing")), "error: " + path("missing") + ": cannot read input: No such file or directory");
  fs::create_directory(path("folder"));
  EXPECT_EQ(read_file(path("folder")), "error: " + path("folder") + ": cannot read input: Is a directory");
  const std::string below = write("file", "x") + "/below";
  EXPECT_EQ(read_file(below), "error: " + below + ": cannot read input: Not a directory");
}

// As anybody but root, who may read everything.
TEST_F(Files, AFileThatMayNotBeReadSaysSo) {
  constexpr uid_t kNobody = 65534;
  write("private", "[]");
  fs::permissions(path("private"), fs::perms::none);
  fs::permissions(fs::path(path("private")).parent_path(), fs::perms::owner_all | fs::perms::others_all);
  const auto read_as_nobody = [&] {
    if (::geteuid() == 0 && ::setuid(kNobody) != 0) std::_Exit(1);
    std::fputs(read_file(path("private")).c_str(), stderr);
    std::_Exit(0);
  };
  EXPECT_EXIT(read_as_nobody(), testing::ExitedWithCode(0), "^error: .*/private: cannot read input: Permission denied$");
}

// -- the cap

TEST_F(Files, AFileOfExactlyTheCapIsOpenedAndOneByteMoreRefusedUnread) {
  const std::string file = write("sparse", "");
  for (const auto& [size, fits] : {std::pair{kInputCap - 1, true}, {kInputCap, true}, {kInputCap + 1, false}}) {
    ASSERT_EQ(::truncate(file.c_str(), static_cast<off_t>(size)), 0);
    const base::Result<std::unique_ptr<ByteSource>> source = open_source(file.c_str());
    EXPECT_EQ(source.ok(), fits) << size;
    if (!source.ok()) {
      EXPECT_EQ(source.error().text(), file + ": input of 1073741825 bytes or more exceeds the maximum of 1073741824 bytes " +
                                           "(split the capture into smaller files)");
    }
  }
}

// Members of zeros, one behind the other, are a bomb that is quickly made and quickly read.
TEST_F(Files, WhatUnpacksToMoreThanTheCapIsRefused) {
  constexpr std::size_t kMember = std::size_t{64} << 20;
  const std::string zeros(kMember, '\0');
  struct Case {
    std::string member;
    std::string last;
    bool fits;
  };
  for (const Case& c : {Case{zstd(zeros), "", true}, {zstd(zeros), zstd("x"), false}, {gzip(zeros), gzip("x"), false}}) {
    std::ofstream out(path("bomb"), std::ios::binary);
    for (std::uint64_t size = 0; size < kInputCap; size += kMember) out << c.member;
    out << c.last;
    out.close();
    const base::Result<std::unique_ptr<ByteSource>> source = open_source(path("bomb").c_str());
    ASSERT_TRUE(source.ok());
    std::vector<char> buffer(std::size_t{1} << 20);
    std::uint64_t total = 0;
    base::Result<std::size_t> n = std::size_t{1};
    while (n && *n > 0) {
      n = (*source)->read(buffer.data(), buffer.size());
      if (n) total += *n;
    }
    EXPECT_EQ(n.ok(), c.fits);
    EXPECT_EQ(total, kInputCap);
    if (!n.ok()) {
      EXPECT_NE(n.error().text().find("exceeds the maximum of 1073741824 bytes"), std::string::npos) << n.error().text();
    }
  }
}

// -- gzip

TEST_F(Files, GzipIsUnpackedInStepsOfAnySize) {
  const std::string text = long_text();
  const std::string file = write("text.gz", gzip(text));
  EXPECT_EQ(read_file(file), text);
  EXPECT_EQ(read_in_steps(file, 1), text);
  EXPECT_EQ(read_in_steps(file, 1000), text);
  EXPECT_EQ(read_file(write("none.gz", gzip(""))), "");
  EXPECT_EQ(read_file(write("stored.gz", gzip(text, 0))), text);
}

TEST_F(Files, GzipMembersFollowEachOther) {
  const std::string text = long_text();
  EXPECT_EQ(read_file(write("two.gz", gzip("[1,") + gzip("2]"))), "[1,2]");
  EXPECT_EQ(read_file(write("empty.gz", gzip("") + gzip("a") + gzip("") + gzip("b") + gzip(""))), "ab");
  EXPECT_EQ(read_file(write("large.gz", gzip(text) + gzip(text))), text + text);
  EXPECT_EQ(read_in_steps(path("two.gz"), 1), "[1,2]");
}

TEST_F(Files, GzipThatEndsTooEarlyIsTruncatedAtEveryByte) {
  const std::string packed = gzip("a text that is packed");
  for (std::size_t size = 2; size < packed.size(); ++size) {
    const std::string file = write("cut.gz", packed.substr(0, size));
    EXPECT_EQ(read_file(file), "error: " + file + ": gzip data ends in the middle (the file is truncated)") << size;
  }
  const std::string second = write("second.gz", packed + packed.substr(0, packed.size() - 1));
  EXPECT_EQ(read_file(second), "error: " + second + ": gzip data ends in the middle (the file is truncated)");
}

TEST_F(Files, CorruptGzipIsRefused) {
  const std::string packed = gzip("a text that is packed");
  const auto refused = [&](const std::string& bytes, const char* cause) {
    const std::string file = write("bad.gz", bytes);
    EXPECT_EQ(read_file(file), "error: " + file + ": invalid gzip data: " + cause + " (the file may be damaged)");
  };
  std::string bad = packed;
  bad[bad.size() - 8] = static_cast<char>(bad[bad.size() - 8] ^ 1);
  refused(bad, "incorrect data check");
  bad = packed;
  bad[bad.size() - 1] = static_cast<char>(bad[bad.size() - 1] ^ 1);
  refused(bad, "incorrect length check");
  bad = packed;
  bad[2] = 9;
  refused(bad, "unknown compression method");
  bad = packed;
  bad[10] = '\x07';  // a block of the type that does not exist
  refused(bad, "invalid block type");
  refused(packed + "garbage", "incorrect header check");
}

// -- zstd

TEST_F(Files, ZstdIsUnpackedInStepsOfAnySize) {
  const std::string text = long_text();
  const std::string file = write("text.zst", zstd(text));
  EXPECT_EQ(read_file(file), text);
  EXPECT_EQ(read_in_steps(file, 1), text);
  EXPECT_EQ(read_file(write("two.zst", zstd("[1,") + zstd("") + zstd("2]"))), "[1,2]");
  EXPECT_EQ(read_file(write("none.zst", zstd(""))), "");
}

TEST_F(Files, ZstdThatEndsTooEarlyIsTruncatedAtEveryByte) {
  const std::string packed = zstd("a text that is packed");
  for (std::size_t size = 4; size < packed.size(); ++size) {
    const std::string file = write("cut.zst", packed.substr(0, size));
    EXPECT_EQ(read_file(file), "error: " + file + ": zstd data ends in the middle (the file is truncated)") << size;
  }
  const std::string text = long_text();
  const std::string whole = zstd(text);
  const std::string file = write("long.zst", whole.substr(0, whole.size() - 1));
  EXPECT_EQ(read_file(file), "error: " + file + ": zstd data ends in the middle (the file is truncated)");
}

TEST_F(Files, CorruptZstdIsRefused) {
  std::string packed = zstd(long_text());
  packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
  packed[6] = '\xFF';
  packed[9] = '\xFF';
  const std::string file = write("bad.zst", packed);
  EXPECT_TRUE(read_file(file).starts_with("error: " + file + ": invalid zstd data: ")) << read_file(file).substr(0, 200);
  const std::string tail = write("tail.zst", zstd("x") + "garbage");
  EXPECT_TRUE(read_file(tail).starts_with("error: " + tail + ": invalid zstd data: ")) << read_file(tail);
}

// -- memory

TEST(MemorySource, GivesItsBytesOnceInSteps) {
  const std::unique_ptr<ByteSource> source = memory_source("abcde", "here");
  EXPECT_EQ(source->name(), "here");
  char to[2];
  std::string all;
  for (base::Result<std::size_t> n = source->read(to, 2); n && *n > 0; n = source->read(to, 2)) all.append(to, *n);
  EXPECT_EQ(all, "abcde");
  EXPECT_EQ(*read_all(*source), "");
}

TEST(Head, IsReadAheadAndComesAgain) {
  for (const std::size_t size : {0U, 1U, 5U, 6U, 7U}) {
    std::unique_ptr<ByteSource> source = memory_source("abcdef", "name");
    base::Result<std::string> head = read_head(*source, size);
    ASSERT_TRUE(head.ok());
    EXPECT_EQ(*head, std::string("abcdef").substr(0, size));
    const std::unique_ptr<ByteSource> whole = resume(std::move(*head), std::move(source));
    EXPECT_EQ(*read_all(*whole), "abcdef") << size;
    EXPECT_EQ(whole->name(), "name");
  }
}

// Where an error is said to be, in an input of several blocks with line ends in each.
std::string where_of(ByteSource& source) {
  IngestOptions options;
  options.format = &kZipkin;
  options.block_size = 64;
  const base::Result<Ingested> ingested = ingest(source, options);
  return ingested ? "no error" : ingested.error().where;
}

TEST_F(Files, AnErrorIsAtTheSamePlaceInAFileInMemoryAndInAPipe) {
  std::string text = "[\n";
  for (int i = 0; i < 20; ++i) {
    text += R"({"traceId":"a","id":"b",)"
            "\n"
            R"("timestamp":1,"duration":2},)"
            "\n";
  }
  text += "\n  {]";
  const std::string place = ":43:4 (byte " + std::to_string(text.size() - 1) + ")";

  const std::string file = write("zipkin.json", text);
  EXPECT_EQ(where_of(**open_source(file.c_str())), file + place);
  EXPECT_EQ(where_of(*memory_source(text)), "memory" + place);

  const std::string pipe = path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << text; });
  EXPECT_EQ(where_of(**open_source(pipe.c_str())), pipe + place);
  writer.join();
}

}  // namespace
}  // namespace sentinel::ingest
