#include "tui/held_stderr.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>

namespace sentinel::tui {

HeldStderr::HeldStderr() {
  if (::isatty(STDERR_FILENO) != 1) return;
  original_ = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  kept_ = ::memfd_create("stderr", MFD_CLOEXEC);
  if (original_ >= 0 && kept_ >= 0) (void)::dup2(kept_, STDERR_FILENO);
}

HeldStderr::~HeldStderr() {
  if (original_ >= 0 && kept_ >= 0) {
    (void)::dup2(original_, STDERR_FILENO);
    std::array<char, 4096> bytes{};
    (void)::lseek(kept_, 0, SEEK_SET);
    for (ssize_t count = ::read(kept_, bytes.data(), bytes.size()); count > 0;
         count = ::read(kept_, bytes.data(), bytes.size())) {
      if (::write(STDERR_FILENO, bytes.data(), static_cast<std::size_t>(count)) != count) break;
    }
  }
  for (const int fd : {original_, kept_}) {
    if (fd >= 0) (void)::close(fd);
  }
}

}  // namespace sentinel::tui
