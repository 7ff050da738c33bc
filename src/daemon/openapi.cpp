#include "daemon/openapi.h"

#include <cstddef>

__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    "sentinel_openapi_begin:\n"
    ".incbin \"" SENTINEL_OPENAPI
    "\"\n"
    "sentinel_openapi_end:\n"
    ".popsection\n");

extern "C" {
extern const char sentinel_openapi_begin[];
extern const char sentinel_openapi_end[];
}

namespace sentinel::daemon {

std::string_view openapi_document() {
  return {sentinel_openapi_begin, static_cast<std::size_t>(sentinel_openapi_end - sentinel_openapi_begin)};
}

}  // namespace sentinel::daemon
