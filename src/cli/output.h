// Writing results: standard output, files, and messages for people (chapter 06 §1.3).
//
// A reader of standard output that went away is no error, and neither is a standard output that was closed from the start;
// everything else that keeps bytes from arriving is. SIGPIPE must be ignored (prepare_streams() does it).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/exit_code.h"

namespace sentinel::cli {

// To be called once, first of all: opens /dev/null for standard streams that are closed, so that no file takes their place,
// and ignores SIGPIPE.
void prepare_streams();

[[nodiscard]] base::Status write_stdout(std::string_view bytes);
[[nodiscard]] base::Status write_stdout(std::span<const std::string> pieces);  // one after another

// Creates or truncates. A symbolic link at `path` is refused; directories are not made.
[[nodiscard]] base::Status write_file(const std::string& path, std::string_view bytes);
[[nodiscard]] base::Status write_file(const std::string& path, std::span<const std::string> pieces);

// "Error: <text>" as one line on standard error; the text is made safe for a terminal.
void print_error(std::string_view text);

// The same of an error, then the code for the caller to return: `return refuse(ExitCode::kUsage, "...")`.
[[nodiscard]] ExitCode refuse(ExitCode code, std::string_view message);
[[nodiscard]] ExitCode refuse(ExitCode code, const base::Error& error);
// With what failed before the error: "doing: error".
[[nodiscard]] ExitCode refuse(ExitCode code, std::string_view doing, const base::Error& error);

// Writes the text and says whether that could be done: kDone, else kCannotRun with an error printed.
[[nodiscard]] ExitCode print_result(std::string_view text);

// Bytes as they are on standard error. What cannot be written is lost.
void write_stderr(std::string_view bytes);

[[nodiscard]] bool stdout_is_terminal();

}  // namespace sentinel::cli
