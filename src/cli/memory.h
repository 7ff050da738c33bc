// How commands that read their input, say what they found and end treat memory (Command::reads_and_ends). The daemon settles
// its own.
#pragma once

#include <atomic>
#include <memory>

namespace sentinel::cli {

// To be called before other threads are started: heaps grow in large steps and keep what is given back. With the allocator's
// defaults the heap of each further thread grows page by page, and memory given back stops all threads.
void keep_freed_memory();

// Leaves what a command has worked with to the end of the process, which needs no list of all its parts. The last of a kind
// that is left stays reachable.
template <class T>
void leave_to_exit(std::unique_ptr<T> value) {
  static std::atomic<T*> left = nullptr;
  left.store(value.release());
}

}  // namespace sentinel::cli
