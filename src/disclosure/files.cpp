#include "disclosure/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/descriptor.h"
#include "base/sha256.h"

namespace sentinel::disclosure {
namespace {}  // namespace

base::Result<std::string> read_whole_file(const std::string& path, std::uint64_t max_bytes) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return base::file_error(path, "cannot read");
  struct stat status {};
  std::string bytes;
  std::string wrong;
  if (::fstat(file, &status) != 0) {
    wrong = std::strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    wrong = "not a regular file";
  } else if (static_cast<std::uint64_t>(status.st_size) > max_bytes) {
    wrong = "larger than " + std::to_string(max_bytes) + " bytes";
  }
  if (wrong.empty()) {
    bytes.resize(static_cast<std::size_t>(status.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
      const ssize_t got = ::read(file, bytes.data() + filled, bytes.size() - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) wrong = std::strerror(errno);
      if (got <= 0) break;
      filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
  }
  ::close(file);
  if (!wrong.empty()) return base::Error{"cannot read: " + wrong, path, ""};
  return bytes;
}

base::Result<std::string> file_sha256(const std::string& path) {
  const auto bytes = read_whole_file(path, kMaxHashedBytes);
  if (!bytes) return bytes.error();
  return base::hex(base::sha256(*bytes));
}

base::Status replace_file(const std::string& path, std::string_view bytes) {
  const std::string draft = path + ".tmp";
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file < 0) return base::file_error(draft, "cannot write");
  const bool written = base::write_all(file, bytes);
  base::Error error = written ? base::Error{} : base::file_error(draft, "cannot write");
  if (::close(file) != 0 && error.what.empty()) error = base::file_error(draft, "cannot write");
  if (error.what.empty() && ::rename(draft.c_str(), path.c_str()) != 0) error = base::file_error(path, "cannot write");
  if (error.what.empty()) return base::success();
  (void)::unlink(draft.c_str());
  return error;
}

bool is_symlink(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

}  // namespace sentinel::disclosure
