// Runs the program that was built beside the tests, with what it reads and writes under the test's control.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace sentinel::cli {

enum class Stdout { kFile, kBrokenPipe, kFull, kClosed };

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct Result {
  int exit = 0;  // 128 + n after signal n
  std::string out;
  std::string err;
};

class Program {
 public:
  Program() {
    std::string name = ::testing::TempDir() + "/perf-sentinel-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }

  // Writes a file into the directory that the program runs in.
  void file(const std::string& name, const std::string& content) const { std::ofstream(directory_ + "/" + name) << content; }

  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream file(directory_ + "/" + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  std::map<std::string, std::string> environment = {{"RUST_LOG", "error"}};
  std::string input;  // standard input

  // Words are separated by blanks, see split().
  Result run(std::string_view line, Stdout where = Stdout::kFile) const {
    return run_words(line.empty() ? std::vector<std::string>() : split(line), where);
  }

  // The words as they are.
  Result run_words(const std::vector<std::string>& words, Stdout where = Stdout::kFile) const {
    return end(start(words, where));
  }

  // The two halves of run_words(), for what happens while the program runs.
  [[nodiscard]] pid_t start(const std::vector<std::string>& words, Stdout where = Stdout::kFile) const {
    file("in", input);
    const pid_t child = ::fork();
    if (child == 0) ::_exit(become(words, where));
    return child;
  }
  [[nodiscard]] Result end(pid_t child) const {
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content("out"), content("err")};
  }

 private:
  // Turns the child into the program; the exit status when that fails.
  int become(const std::vector<std::string>& words, Stdout where) const {
    constexpr int kFailed = 99;
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").replace_filename("perf-sentinel");
    if (::chdir(directory_.c_str()) != 0) return kFailed;
    std::map<std::string, std::string> kept;  // what a sanitizer is told
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
      if (const char* value = std::getenv(name)) kept[name] = value;
    }
    ::clearenv();
    for (const auto& [name, value] : kept) ::setenv(name.c_str(), value.c_str(), 1);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    ::dup2(::open("in", O_RDONLY), STDIN_FILENO);
    ::dup2(::open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    int out = ::open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (where == Stdout::kFull) out = ::open("/dev/full", O_WRONLY);
    if (where == Stdout::kBrokenPipe) {
      int ends[2];
      if (::pipe(ends) != 0) return kFailed;
      ::close(ends[0]);
      out = ends[1];
    }
    ::dup2(out, STDOUT_FILENO);
    for (int fd = 3; fd < 64; ++fd) ::close(fd);
    if (where == Stdout::kClosed) ::close(STDOUT_FILENO);
    std::vector<char*> argv = {const_cast<char*>("perf-sentinel")};
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execv(program.c_str(), argv.data());
    return kFailed;
  }

  std::string directory_;
};

}  // namespace sentinel::cli
