#include "config/file_text.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace sentinel::config {
namespace {

base::Error last_error() { return {std::strerror(errno), "", ""}; }

}  // namespace

base::Result<std::string> read_text_file(const std::string& path, std::size_t max_bytes) {
  if (path.find('\0') != std::string::npos) return base::Error{"the path holds a NUL byte", "", ""};
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return last_error();
  std::string text;
  char block[16384];
  ssize_t got = 0;
  while (text.size() <= max_bytes && ((got = ::read(file, block, sizeof block)) > 0 || (got < 0 && errno == EINTR)))
    if (got > 0) text.append(block, static_cast<std::size_t>(got));
  const base::Error error = got < 0 ? last_error() : base::Error{};
  ::close(file);
  if (got < 0) return error;
  if (text.size() > max_bytes) return base::Error{"larger than " + std::to_string(max_bytes) + " bytes", "", ""};
  if (!base::is_valid_utf8(text)) return base::Error{"not UTF-8", "", ""};
  return text;
}

}  // namespace sentinel::config
