#include "base/descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace sentinel::base {
namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

TEST(Descriptor, ClosesUnlessReleased) {
  const int closed = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  { const Descriptor owner(closed); }
  EXPECT_FALSE(is_open(closed));

  Descriptor keeper(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int kept = keeper.release();
  EXPECT_EQ(keeper.get(), -1);
  EXPECT_TRUE(is_open(kept));
  ::close(kept);
}

TEST(Descriptor, WritesMoreThanOneCallTakes) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string text(300'000, 'x');  // a pipe holds 64 KiB
  std::string seen;
  std::thread reader([&] {
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
      seen.append(buffer, static_cast<std::size_t>(got));
  });
  EXPECT_TRUE(write_all(ends[1], text));
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  EXPECT_EQ(seen, text);
}

TEST(Descriptor, AFullDeviceIsAFailedWrite) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_FALSE(write_all(full.get(), "x"));
  EXPECT_EQ(errno, ENOSPC);
}

TEST(Descriptor, TheHeadOfAFileEndsAtItsLimit) {
  EXPECT_EQ(read_file_head("/dev/zero", 5000), std::string(5000, '\0'));
  EXPECT_EQ(read_file_head("/dev/null", 10), "");
  EXPECT_EQ(read_file_head("/no/such/file", 10), "");
}

}  // namespace
}  // namespace sentinel::base
