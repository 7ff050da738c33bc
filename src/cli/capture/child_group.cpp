#include "cli/capture/child_group.h"

#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "cli/capture/process_tree.h"
#include "cli/texts/concat.h"

extern char** environ;

namespace sentinel::cli {
namespace {

constexpr std::chrono::milliseconds kLook{20};
constexpr std::chrono::seconds kDying{1};  // after SIGKILL; only a process inside the kernel takes longer

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
  // Without it what loses its parent goes to the first process of the system, where nobody knows whose it was.
  (void)::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
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
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid == pid_) code_ = code_of(status);
  }
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
  const std::vector<pid_t> tree = descendants_of(::getpid());  // before the signal: parents may end first
  ::kill(-pid_, SIGTERM);
  for (const pid_t pid : tree) {
    if (::getpgid(pid) != pid_) ::kill(pid, SIGTERM);
  }
  while (!gone()) {
    if (std::chrono::steady_clock::now() >= until) {
      on_kill();
      return kill_what_is_left();
    }
    std::this_thread::sleep_for(kLook);
  }
}

// The command itself is taken notice of as soon as it has ended: until then its group exists.
bool ChildGroup::gone() { return ended() && ::kill(-pid_, 0) != 0 && errno == ESRCH && descendants_of(::getpid()).empty(); }

// Again and again, since what is not yet dead may start others.
void ChildGroup::kill_what_is_left() {
  const auto until = std::chrono::steady_clock::now() + kDying;
  while (!gone() && std::chrono::steady_clock::now() < until) {
    ::kill(-pid_, SIGKILL);
    for (const pid_t pid : descendants_of(::getpid())) ::kill(pid, SIGKILL);
    std::this_thread::sleep_for(kLook);
  }
  (void)exit_code();
}

}  // namespace sentinel::cli
