#include "base/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

extern char** environ;

namespace sentinel::base {
namespace {

using Clock = std::chrono::steady_clock;

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) ends_[0] = ends_[1] = -1;
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  [[nodiscard]] bool ok() const { return ends_[0] >= 0; }
  [[nodiscard]] int reading() const { return ends_[0]; }
  [[nodiscard]] int writing() const { return ends_[1]; }
  void close_reading() { close_end(0); }
  void close_writing() { close_end(1); }

 private:
  void close_end(int which) {
    if (ends_[which] >= 0) ::close(ends_[which]);
    ends_[which] = -1;
  }
  int ends_[2] = {-1, -1};
};

// 0, or the errno of the start.
int start(const std::vector<std::string>& argv, const Pipe& out, const Pipe& err, pid_t* child) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.writing(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.writing(), STDERR_FILENO);
  // This program ignores SIGPIPE; the other is to find the usual way.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error = ::posix_spawn(child, argv.front().c_str(), &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// True while the stream is open.
bool drain(int from, std::string& into, std::size_t max) {
  char block[4096];
  const ssize_t got = ::read(from, block, sizeof block);
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  const std::size_t room = max - std::min(max, into.size());
  into.append(block, std::min(room, static_cast<std::size_t>(got)));
  return got > 0;
}

// Reads both streams to their end; false when the time was up first.
bool collect(Pipe& out, Pipe& err, const ChildOptions& options, ChildResult& result) {
  const Clock::time_point end = Clock::now() + options.timeout;
  while (out.ok() || err.ok()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    pollfd streams[2] = {{out.reading(), POLLIN, 0}, {err.reading(), POLLIN, 0}};  // poll passes over those that are -1
    if (::poll(streams, 2, static_cast<int>(std::min<long long>(left, 60'000))) < 0 && errno != EINTR) return true;
    if (streams[0].revents != 0 && !drain(out.reading(), result.out, options.max_output)) out.close_reading();
    if (streams[1].revents != 0 && !drain(err.reading(), result.err, options.max_output)) err.close_reading();
  }
  return true;
}

}  // namespace

Result<ChildResult> run_child(const std::vector<std::string>& argv, const ChildOptions& options) {
  Pipe out;
  Pipe err;
  if (!out.ok() || !err.ok()) return Error{std::strerror(errno), argv.front(), ""};
  pid_t child = 0;
  if (const int error = start(argv, out, err, &child); error != 0) return Error{std::strerror(error), argv.front(), ""};
  out.close_writing();
  err.close_writing();
  ChildResult result;
  result.timed_out = !collect(out, err, options, result);
  if (result.timed_out) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::optional<std::string> find_in_path(const std::string& name, const char* path) {
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string_view directory = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::string candidate = directory.empty() ? name : std::string(directory) + "/" + name;
    struct stat status {};
    if (::stat(candidate.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
      if (directory.empty()) candidate.insert(0, "./");
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace sentinel::base
