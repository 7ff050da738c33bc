// The processes below one, as /proc shows them at this moment.
//
// Empty where there is no /proc. What has ended and waits to be taken notice of is not listed. Any thread.
#pragma once

#include <sys/types.h>

#include <vector>

namespace sentinel::cli {

// Children, their children and so on, without `root` itself; in no particular order.
[[nodiscard]] std::vector<pid_t> descendants_of(pid_t root);

}  // namespace sentinel::cli
