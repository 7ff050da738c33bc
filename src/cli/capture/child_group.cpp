#include "cli/capture/child_group.h"

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "cli/texts/concat.h"

extern char** environ;

namespace sentinel::cli {
namespace {

constexpr std::chrono::milliseconds kLook{20};

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

// Everything as a program expects it: own group, no signal blocked, none ignored by us.
class Attributes {
 public:
  Attributes() {
    ::posix_spawnattr_init(&raw_);
    sigset_t none;
    sigemptyset(&none);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    ::posix_spawnattr_setpgroup(&raw_, 0);
    ::posix_spawnattr_setsigmask(&raw_, &none);
    ::posix_spawnattr_setsigdefault(&raw_, &usual);
    ::posix_spawnattr_setflags(&raw_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&raw_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  [[nodiscard]] const posix_spawnattr_t* get() const { return &raw_; }

 private:
  posix_spawnattr_t raw_{};
};

}  // namespace

base::Result<ChildGroup> ChildGroup::start(const std::vector<std::string_view>& argv) {
  std::vector<std::string> words(argv.begin(), argv.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t pid = 0;
  const Attributes attributes;
  const int error = ::posix_spawnp(&pid, pointers[0], nullptr, attributes.get(), pointers.data(), environ);
  if (error != 0) return base::Error{concat({"cannot start ", words[0], ": ", std::strerror(error)}), {}, {}};
  return ChildGroup(pid, static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

ChildGroup::ChildGroup(ChildGroup&& other) noexcept : pid_(other.pid_), descriptor_(other.descriptor_), code_(other.code_) {
  other.descriptor_ = -1;
}

ChildGroup::~ChildGroup() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool ChildGroup::ended() {
  int status = 0;
  if (!code_ && ::waitpid(pid_, &status, WNOHANG) == pid_) code_ = code_of(status);
  return code_.has_value();
}

int ChildGroup::exit_code() {
  if (!code_) {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    code_ = code_of(status);
  }
  return *code_;
}

void ChildGroup::end(std::chrono::milliseconds patience, void (*on_kill)()) {
  const auto until = std::chrono::steady_clock::now() + patience;
  ::kill(-pid_, SIGTERM);
  // The command itself is reaped as soon as it has ended: until then its group exists.
  const auto gone = [&] { return ended() && ::kill(-pid_, 0) != 0 && errno == ESRCH; };
  while (!gone()) {
    if (std::chrono::steady_clock::now() >= until) {
      on_kill();
      ::kill(-pid_, SIGKILL);
      (void)exit_code();
      return;
    }
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace sentinel::cli
