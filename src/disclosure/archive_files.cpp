#include "disclosure/archive_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <unordered_set>

#include "base/text.h"

namespace sentinel::disclosure {
namespace {

constexpr std::size_t kBlock = 256 * 1024;

base::Error refused_link(const std::string& path) { return {"is a symbolic link", path, "name the file itself"}; }

base::Error last_error(const std::string& path) { return {std::strerror(errno), path, ""}; }

// Components of a path, so that "a/b" sorts before "a-b".
std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> out;
  if (path.starts_with('/')) out.emplace_back();
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, end);
    if (!name.empty() && (name != "." || out.empty())) out.push_back(name);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return out;
}

base::Status add_directory(const std::string& path, std::vector<std::string>& files) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
  if (directory == nullptr) return last_error(path);
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    constexpr std::string_view kExtension = ".ndjson";
    if (!name.ends_with(kExtension) || name.size() == kExtension.size()) continue;
    std::string file = path + (path.ends_with('/') ? "" : "/") + std::string(name);
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0) return last_error(file);
    if (S_ISLNK(status.st_mode)) return refused_link(file);
    if (!S_ISREG(status.st_mode)) return base::Error{"is no regular file", file, ""};
    files.push_back(std::move(file));
  }
  return base::success();
}

base::Status add_input(std::string path, std::vector<std::string>& files) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return last_error(path);
  if (S_ISLNK(status.st_mode)) return refused_link(path);
  if (S_ISDIR(status.st_mode)) return add_directory(path, files);
  if (!S_ISREG(status.st_mode)) return base::Error{"is neither a file nor a directory", path, ""};
  files.push_back(std::move(path));
  return base::success();
}

}  // namespace

base::Result<std::vector<std::string>> archive_files(const std::vector<std::string>& inputs) {
  std::vector<std::string> found;
  for (const std::string& input : inputs) {
    if (base::Status added = add_input(input, found); !added) return added.error();
  }
  std::vector<std::string> files;
  std::unordered_set<std::string> seen;
  for (std::string& file : found) {
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(file.c_str(), nullptr), std::free);
    if (real == nullptr) return last_error(file);
    if (seen.insert(real.get()).second) files.push_back(std::move(file));
  }
  std::ranges::sort(files, [](const std::string& a, const std::string& b) { return components(a) < components(b); });
  return files;
}

LineReader::~LineReader() {
  if (file_ >= 0) ::close(file_);
}

base::Status LineReader::open() {
  file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file_ < 0) return last_error(path_);
  (void)::posix_fadvise(file_, 0, 0, POSIX_FADV_SEQUENTIAL);
  return base::success();
}

bool LineReader::next(std::string_view* line) {
  std::size_t searched = 0;
  while (!failed()) {
    const std::string_view waiting(buffer_.data() + begin_, end_ - begin_);
    const std::size_t found = waiting.find('\n', searched);
    if (found != std::string_view::npos) return take(found, 1, line);
    searched = waiting.size();
    if (at_end_) return !waiting.empty() && take(waiting.size(), 0, line);
    if (searched > kMaxLineBytes) {
      error_ = {"a line is longer than " + std::to_string(kMaxLineBytes) + " bytes", path_, ""};
    } else if (!fill()) {
      error_ = last_error(path_);
    }
  }
  return false;
}

bool LineReader::take(std::size_t end, std::size_t skip, std::string_view* line) {
  ++number_;
  const std::string_view text(buffer_.data() + begin_, end);
  begin_ += end + skip;
  if (!base::is_valid_utf8(text)) {
    error_ = {"not UTF-8", path_ + ", line " + std::to_string(number_), ""};
    return false;
  }
  *line = base::trim(text);
  return true;
}

// Moves what is waiting to the front and reads a block behind it; false and errno on an error.
bool LineReader::fill() {
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (buffer_.size() < end_ + kBlock) buffer_.resize(std::max(end_ + kBlock, 2 * buffer_.size()));
  ssize_t got = 0;
  do {
    got = ::read(file_, buffer_.data() + end_, buffer_.size() - end_);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return false;
  at_end_ = got == 0;
  end_ += static_cast<std::size_t>(got);
  return true;
}

}  // namespace sentinel::disclosure
