#include "tui/signals.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace sentinel::tui {
namespace {

constexpr std::array kTold = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGWINCH};
constexpr std::array kCrashes = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// All that a handler reads; written while no handler is installed, but for the farewell, whose length comes last.
struct State {
  int pipe[2] = {-1, -1};
  int terminal = -1;
  bool has_settings = false;
  termios settings{};
  std::array<char, 256> farewell{};
  volatile sig_atomic_t farewell_size = 0;
  std::array<struct sigaction, kTold.size()> told{};
  std::array<struct sigaction, kCrashes.size()> crashes{};
};
State state;  // signal handlers have no other way to it

void tell(int signal) {
  const int kept = errno;
  const auto byte = static_cast<char>(signal);
  (void)!::write(state.pipe[1], &byte, 1);
  errno = kept;
}

void put_back_and_die(int signal) {
  (void)!::write(STDOUT_FILENO, state.farewell.data(), static_cast<std::size_t>(state.farewell_size));
  if (state.has_settings) (void)::tcsetattr(state.terminal, TCSANOW, &state.settings);
  (void)std::signal(signal, SIG_DFL);
  (void)std::raise(signal);
}

void install(int signal, void (*handler)(int), int flags, struct sigaction& before) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  (void)::sigaction(signal, nullptr, &before);
  if (before.sa_handler != SIG_IGN || signal == SIGWINCH) (void)::sigaction(signal, &action, nullptr);
}

}  // namespace

Signals::Signals(int terminal) {
  state = {};
  state.terminal = terminal;
  state.has_settings = ::tcgetattr(terminal, &state.settings) == 0;
  if (::pipe2(state.pipe, O_CLOEXEC | O_NONBLOCK) != 0) state.pipe[0] = state.pipe[1] = -1;
  for (std::size_t i = 0; i < kTold.size(); ++i) install(kTold[i], tell, SA_RESTART, state.told[i]);
  for (std::size_t i = 0; i < kCrashes.size(); ++i) install(kCrashes[i], put_back_and_die, 0, state.crashes[i]);
}

Signals::~Signals() {
  for (std::size_t i = 0; i < kTold.size(); ++i) (void)::sigaction(kTold[i], &state.told[i], nullptr);
  for (std::size_t i = 0; i < kCrashes.size(); ++i) (void)::sigaction(kCrashes[i], &state.crashes[i], nullptr);
  if (state.has_settings) (void)::tcsetattr(state.terminal, TCSANOW, &state.settings);
  for (const int fd : state.pipe) {
    if (fd >= 0) (void)::close(fd);
  }
}

int Signals::fd() const { return state.pipe[0]; }

Signals::Seen Signals::take() {
  Seen seen;
  char byte = 0;
  while (::read(state.pipe[0], &byte, 1) == 1) {
    if (byte == SIGWINCH) {
      seen.resized = true;
    } else {
      seen.ending = byte;
    }
  }
  return seen;
}

void Signals::set_farewell(std::string_view bytes) {
  state.farewell_size = 0;
  const std::size_t size = std::min(bytes.size(), state.farewell.size());
  std::copy_n(bytes.data(), size, state.farewell.data());
  state.farewell_size = static_cast<sig_atomic_t>(size);
}

void end_by(int signal) {
  (void)std::signal(signal, SIG_DFL);
  (void)std::raise(signal);
}

}  // namespace sentinel::tui
