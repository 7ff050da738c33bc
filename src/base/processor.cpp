#include "base/processor.h"

#include <sched.h>

namespace sentinel::base {

int current_processor() { return ::sched_getcpu(); }

void leave_processor(int processor, std::size_t steps) {
  if (processor < 0 || current_processor() != processor) return;
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  const auto count = static_cast<std::size_t>(CPU_COUNT(&allowed));
  if (count < 2) return;
  int next = processor;
  for (std::size_t left = steps % count; left > 0;) {
    next = (next + 1) % CPU_SETSIZE;
    if (CPU_ISSET(next, &allowed)) --left;
  }
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(next, &only);
  if (::sched_setaffinity(0, sizeof only, &only) == 0) ::sched_setaffinity(0, sizeof allowed, &allowed);
}

}  // namespace sentinel::base
