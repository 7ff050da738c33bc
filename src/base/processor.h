// Which processor a thread runs on.
//
// A thread that another one starts or wakes may find itself on that one's processor while others are idle: some kernels, mostly
// of virtual machines, pack threads so, and it takes their balancing tens of milliseconds to set them apart. Linux. Any thread.
#pragma once

#include <cstddef>

namespace sentinel::base {

// The calling thread's; -1 where the system does not say.
[[nodiscard]] int current_processor();

// If the calling thread is on `processor`: moves it on to another that it may use, `steps` further in their order. Where it
// runs from then on is the system's choice again. Does nothing where that is not possible.
void leave_processor(int processor, std::size_t steps = 1);

}  // namespace sentinel::base
