#include "cli/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/text.h"
#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

// 0, or the errno of the write that failed.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// The same for one text after another.
template <class Text>
int write_all(int fd, std::span<const Text> pieces) {
  for (const Text& piece : pieces) {
    if (const int error = write_all(fd, std::string_view(piece)); error != 0) return error;
  }
  return 0;
}

base::Error cannot_write(std::string_view what, int error) {
  return {.what = concat({"cannot write ", what, ": ", std::strerror(error)}), .where = {}, .hint = {}};
}

template <class Text>
base::Status to_stdout(std::span<const Text> pieces) {
  const int error = write_all(STDOUT_FILENO, pieces);
  if (error != 0 && error != EPIPE) return cannot_write("standard output", error);
  return base::success();
}

template <class Text>
base::Status to_file(const std::string& path, std::span<const Text> pieces) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd < 0 && errno == ELOOP) {
    return base::Error{.what = concat({"cannot write ", path, ": it is a symbolic link"}),
                       .where = {},
                       .hint = "name the file that it leads to"};
  }
  if (fd < 0) return cannot_write(path, errno);
  int error = write_all(fd, pieces);
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error != 0) return cannot_write(path, error);
  return base::success();
}

}  // namespace

void prepare_streams() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) == -1 && errno == EBADF) (void)::open("/dev/null", O_RDWR);  // takes the lowest free number: fd
  }
  (void)std::signal(SIGPIPE, SIG_IGN);
}

base::Status write_stdout(std::string_view bytes) { return to_stdout<std::string_view>({&bytes, 1}); }
base::Status write_stdout(std::span<const std::string> pieces) { return to_stdout(pieces); }

base::Status write_file(const std::string& path, std::string_view bytes) {
  return to_file<std::string_view>(path, {&bytes, 1});
}
base::Status write_file(const std::string& path, std::span<const std::string> pieces) { return to_file(path, pieces); }

void print_error(std::string_view text) { write_stderr(concat({"Error: ", base::for_terminal(text), "\n"})); }

ExitCode refuse(ExitCode code, std::string_view message) {
  print_error(message);
  return code;
}
ExitCode refuse(ExitCode code, const base::Error& error) { return refuse(code, error.text()); }
ExitCode refuse(ExitCode code, std::string_view doing, const base::Error& error) {
  return refuse(code, std::string(doing) + ": " + error.text());
}

ExitCode print_result(std::string_view text) {
  const base::Status written = write_stdout(text);
  return written ? ExitCode::kDone : refuse(ExitCode::kCannotRun, written.error());
}

void write_stderr(std::string_view bytes) { (void)write_all(STDERR_FILENO, bytes); }

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

}  // namespace sentinel::cli
