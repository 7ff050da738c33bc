#include "base/log.h"

#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/log_filter.h"
#include "base/text.h"
#include "base/time.h"

namespace sentinel::base {
namespace {

struct LevelLook {
  std::string_view name;  // right-aligned in five columns
  std::string_view colour;
};
constexpr std::array<LevelLook, 5> kLooks = {
    {{"ERROR", "\033[31m"}, {" WARN", "\033[33m"}, {" INFO", "\033[32m"}, {"DEBUG", "\033[34m"}, {"TRACE", "\033[35m"}}};

struct Logger {
  LogFilter filter = LogFilter::from_environment(std::getenv("PERF_SENTINEL_LOG"), std::getenv("RUST_LOG"));
  bool colours = wants_colours();

  static bool wants_colours() {
    const char* no_color = std::getenv("NO_COLOR");
    return (no_color == nullptr || *no_color == '\0') && isatty(STDERR_FILENO) == 1;
  }
};

const Logger& logger() {
  static const Logger instance;
  return instance;
}

// "2026-03-02T08:15:00.123456Z"
void append_now(std::string& out) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const auto micros = static_cast<std::uint64_t>(now.tv_nsec) / 1000;
  const IsoText text = format_iso_ms(static_cast<std::uint64_t>(now.tv_sec) * 1000 + micros / 1000);
  out += text.view().substr(0, 23);
  std::array<char, 8> rest;
  std::snprintf(rest.data(), rest.size(), "%03uZ", static_cast<unsigned>(micros % 1000));
  out += rest.data();
}

// One system call a line, so that lines of several threads do not mix. Nobody can be told when it fails.
void write_line(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    if (written <= 0) return;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

bool log_enabled(LogLevel level, std::string_view target) { return logger().filter.enabled(level, target); }

void log(LogLevel level, std::string_view target, std::string_view message) {
  if (!log_enabled(level, target)) return;
  const LevelLook& look = kLooks[static_cast<std::size_t>(level)];
  const bool colours = logger().colours;
  std::string line;
  append_now(line);
  line += ' ';
  if (colours) line += look.colour;
  line += look.name;
  if (colours) line += "\033[0m";
  line += ' ';
  line += target;
  line += ": ";
  line += for_terminal(message);
  line += '\n';
  write_line(line);
}

}  // namespace sentinel::base
