// Where files of the repository lie, whatever directory the tests run in. The build tells one source file, not every command
// line, so that checkouts in different places compile alike.
#pragma once

#include <string>
#include <string_view>

namespace sentinel {

// The path of a file of the repository, named from its root.
[[nodiscard]] std::string in_repository(std::string_view name);

// The path of a file of tests/data.
[[nodiscard]] std::string test_data(std::string_view name);

}  // namespace sentinel
