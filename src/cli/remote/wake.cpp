#include "cli/remote/wake.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace sentinel::cli {

Wake::Wake() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Wake::~Wake() {
  if (fd_ >= 0) ::close(fd_);
}

void Wake::call() {
  const std::uint64_t one = 1;
  if (fd_ >= 0) (void)!::write(fd_, &one, sizeof one);
}

}  // namespace sentinel::cli
