// Gives back the memory of code that a long-running process needed for its start only.
#pragma once

namespace sentinel::base {

// Unmaps the pages of the program and its libraries that are as they are in their files. What is used again comes back from the
// system's cache of those files, at some microseconds a 64 KB. Any thread, while others run.
void unmap_program_pages();

}  // namespace sentinel::base
