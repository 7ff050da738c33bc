// Findings written to readers that take what they like: into real pipes, sockets and files.
#include "daemon/line_output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>

#include "daemon/temp_folder.h"

namespace sentinel::daemon {
namespace {

struct Ends {
  int reading = -1;
  int writing = -1;

  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  explicit Ends(bool socket = false) {
    int both[2] = {-1, -1};
    if ((socket ? ::socketpair(AF_UNIX, SOCK_STREAM, 0, both) : ::pipe(both)) != 0) return;
    reading = both[0];
    writing = both[1];
  }
  ~Ends() {
    ::close(writing);
    stop_reading();
  }
  void stop_reading() {
    if (reading >= 0) ::close(reading);
    reading = -1;
  }
  // What is there now, or all `size` bytes when they come.
  [[nodiscard]] std::string read(std::size_t size) const {
    std::string got;
    char block[8192];
    while (got.size() < size) {
      const ssize_t more = ::read(reading, block, std::min(sizeof block, size - got.size()));
      if (more <= 0) break;
      got.append(block, static_cast<std::size_t>(more));
    }
    return got;
  }
};

// Numbered lines, so that a lost or repeated byte shows.
std::string numbered_lines(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += "line " + std::to_string(i) + "\n";
  text.resize(size);
  return text;
}

TEST(LineOutput, WritesAtOnceWhatIsTaken) {
  const TempFolder folder;
  const std::string path = folder.file("out");
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  LineOutput output(file);
  const std::string text = numbered_lines(300'000);
  output.write(text);
  EXPECT_FALSE(output.waiting());
  EXPECT_EQ(read_file(path), text);
  ::close(file);
}

TEST(LineOutput, WhatAReaderDoesNotTakeWaitsAndComesInOrder) {
  for (const bool socket : {false, true}) {
    const Ends ends(socket);
    LineOutput output(ends.writing);
    const std::string text = numbered_lines(900'000);
    output.write(std::string_view(text).substr(0, 500'000));
    output.write(std::string_view(text).substr(500'000));
    EXPECT_TRUE(output.waiting());
    EXPECT_FALSE(output.full());
    std::string got;
    while (output.waiting()) {
      got += ends.read(10'000);
      output.flush();
    }
    got += ends.read(text.size() - got.size());
    EXPECT_EQ(got, text);
  }
}

TEST(LineOutput, IsFullAtItsCapacityAndNotAByteBefore) {
  const Ends ends;
  telemetry::Registry registry;
  telemetry::Meter meter(registry, {});
  LineOutput output(ends.writing, &meter);
  const telemetry::QueueFill& fill = meter.queue("output");
  EXPECT_EQ(fill.ratio(), 0.0);
  std::size_t in_pipe = 0;  // what the pipe itself holds
  while (!output.waiting()) {
    output.write(std::string(4096, 'x'));
    in_pipe += output.waiting() ? 0 : 4096;
  }
  output.write(std::string(LineOutput::kCapacity - 4096 - 1, 'x'));
  EXPECT_FALSE(output.full());
  output.write("x");
  EXPECT_TRUE(output.full());
  EXPECT_EQ(fill.ratio(), 1.0);
  EXPECT_EQ(ends.read(in_pipe).size(), in_pipe);
  output.flush();
  EXPECT_FALSE(output.full());
}

TEST(LineOutput, WithoutAReaderLinesAreDropped) {
  ::signal(SIGPIPE, SIG_IGN);
  for (const bool socket : {false, true}) {
    Ends ends(socket);
    LineOutput output(ends.writing);
    output.write(numbered_lines(900'000));
    EXPECT_TRUE(output.waiting());
    ends.stop_reading();
    output.flush();
    EXPECT_FALSE(output.waiting());
    output.write("more\n");
    EXPECT_FALSE(output.waiting());
  }
}

TEST(LineOutput, CanBeToldToWaitForItsReader) {
  for (const bool socket : {false, true}) {
    const Ends ends(socket);
    LineOutput output(ends.writing);
    const std::string text = numbered_lines(2'000'000);
    std::string got;
    std::thread reader([&] { got = ends.read(text.size()); });
    output.write(std::string_view(text).substr(0, 300'000));
    output.wait_for_reader();
    output.write(std::string_view(text).substr(300'000));
    EXPECT_FALSE(output.waiting());
    reader.join();
    EXPECT_EQ(got, text);
  }
}

}  // namespace
}  // namespace sentinel::daemon
