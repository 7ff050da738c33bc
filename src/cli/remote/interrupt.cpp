#include "cli/remote/interrupt.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace sentinel::cli {

Interrupt::Interrupt() {
  sigset_t held;
  sigemptyset(&held);
  sigaddset(&held, SIGINT);
  sigaddset(&held, SIGTERM);
  descriptor_ = ::signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor_ >= 0) ::pthread_sigmask(SIG_BLOCK, &held, &before_);
}

Interrupt::~Interrupt() {
  if (descriptor_ < 0) return;
  signalfd_siginfo dropped;
  while (::read(descriptor_, &dropped, sizeof dropped) > 0) {
  }
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  ::close(descriptor_);
}

bool Interrupt::arrived() const {
  pollfd watched = {descriptor_, POLLIN, 0};
  return descriptor_ >= 0 && ::poll(&watched, 1, 0) > 0;
}

}  // namespace sentinel::cli
