// Refusing to write over what a command reads, or to write two results into one file.
//
// Two paths are one file when they lead to the same regular file, or would: links, "./" and directories that are links count.
// Devices such as /dev/null take any number of outputs.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/arguments.h"

namespace sentinel::cli {

[[nodiscard]] bool same_file(const std::string& a, const std::string& b);

// An error when a file of `outputs` (flags, as typed or by default) is that of one of `inputs`, or of an output before it.
[[nodiscard]] base::Status keeps_inputs(const Arguments& arguments, std::initializer_list<std::string_view> outputs,
                                        std::initializer_list<std::string_view> inputs);

}  // namespace sentinel::cli
