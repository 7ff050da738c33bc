// The built page, taken into the program as it is: no compiler reads it, and no start-up code touches it.
#include "report/dashboard_page.h"

__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    "sentinel_dashboard_begin:\n"
    ".incbin \"" SENTINEL_DASHBOARD
    "\"\n"
    "sentinel_dashboard_end:\n"
    ".popsection\n");

extern "C" {
extern const char sentinel_dashboard_begin[];
extern const char sentinel_dashboard_end[];
}

namespace sentinel::report {

std::string_view dashboard_template() {
  return {sentinel_dashboard_begin, static_cast<std::size_t>(sentinel_dashboard_end - sentinel_dashboard_begin)};
}

}  // namespace sentinel::report
