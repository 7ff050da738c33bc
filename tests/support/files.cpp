#include "support/files.h"

namespace sentinel {

std::string in_repository(std::string_view name) { return std::string(SENTINEL_REPOSITORY_ROOT "/").append(name); }

std::string test_data(std::string_view name) { return in_repository("tests/data/").append(name); }

}  // namespace sentinel
