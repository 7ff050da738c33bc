#include "cli/overwrite.h"

#include <sys/stat.h>

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <vector>

#include "cli/texts/concat.h"

namespace sentinel::cli {
namespace {

// Which file a path leads to, whether it is there yet or not.
struct FileIdentity {
  bool is_special = false;  // no regular file: /dev/null and the like take any number of outputs
  dev_t device = 0;
  ino_t number = 0;
  std::string path;  // of a file that is not there yet: its directory's real path, and its name

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

FileIdentity identity_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) == 0) return {!S_ISREG(found.st_mode), found.st_dev, found.st_ino, {}};
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  char real[PATH_MAX];
  if (::realpath(directory.c_str(), real) == nullptr) return {.path = path};
  return {.path = concat({real, "/", path.substr(slash + 1)})};
}

bool is_link(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 && S_ISLNK(found.st_mode);
}

// The paths given for `flag`; "-" is no file where it is looked at here.
std::vector<std::string> files_of(const Arguments& arguments, std::string_view flag) {
  std::vector<std::string> paths;
  for (const std::string_view path : arguments.all(flag)) paths.emplace_back(path);
  if (const auto path = arguments.text(flag); path && paths.empty()) paths.emplace_back(*path);
  std::erase(paths, "-");
  return paths;
}

}  // namespace

bool same_file(const std::string& a, const std::string& b) {
  const FileIdentity left = identity_of(a);
  return !left.is_special && left == identity_of(b);
}

base::Status keeps_inputs(const Arguments& arguments, std::initializer_list<std::string_view> outputs,
                          std::initializer_list<std::string_view> inputs) {
  std::vector<std::string_view> kept(inputs);
  for (const std::string_view output : outputs) {
    for (const std::string& path : files_of(arguments, output)) {
      if (is_link(path)) continue;  // writing refuses it
      for (const std::string_view flag : kept) {
        const auto same = [&](const std::string& other) { return same_file(path, other); };
        if (!std::ranges::any_of(files_of(arguments, flag), same)) continue;
        return base::Error{.what = concat({"'--", output, "' names ", path, ", as '--", flag, "' does"}),
                           .where = {},
                           .hint = "give each output a file of its own"};
      }
    }
    kept.push_back(output);
  }
  return base::success();
}

}  // namespace sentinel::cli
