#include "cli/memory.h"

#include <malloc.h>

namespace sentinel::cli {

void keep_freed_memory() {
  constexpr int kStep = 64 << 20;             // all that the heap of a further thread can be; addresses, not memory
  constexpr int kLargestFromHeap = 32 << 20;  // what the allocator lets it be
  mallopt(M_TOP_PAD, kStep);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_MMAP_THRESHOLD, kLargestFromHeap);
}

}  // namespace sentinel::cli
