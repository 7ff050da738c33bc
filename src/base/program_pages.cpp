#include "base/program_pages.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace sentinel::base {
namespace {

// One program or library. Segments that can be written to may differ from the file and are kept.
int unmap_one(dl_phdr_info* loaded, std::size_t, void* page_size) {
  const auto page = *static_cast<const std::uintptr_t*>(page_size);
  for (int i = 0; i < loaded->dlpi_phnum; ++i) {
    const auto& segment = loaded->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (loaded->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
    const std::uintptr_t end = (loaded->dlpi_addr + segment.p_vaddr + segment.p_memsz) / page * page;
    if (begin < end) (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void unmap_program_pages() {
  auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  ::dl_iterate_phdr(unmap_one, &page);
}

}  // namespace sentinel::base
