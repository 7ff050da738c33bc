#include "cli/capture/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/number_parse.h"

namespace sentinel::cli {
namespace {

// The first part of /proc/PID/stat: "PID (name) STATE PARENT …". A name may hold blanks and brackets.
std::string stat_of(std::string_view pid) {
  std::string path = "/proc/";
  path.append(pid).append("/stat");
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  char text[512];
  const ssize_t got = ::read(file, text, sizeof text);
  ::close(file);
  return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : std::string();
}

// Nothing for a process that has ended.
std::optional<pid_t> parent_of(std::string_view pid) {
  const std::string stat = stat_of(pid);
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos || name_end + 4 >= stat.size()) return std::nullopt;
  const char state = stat[name_end + 2];
  if (state == 'Z' || state == 'X') return std::nullopt;
  const std::string_view rest = std::string_view(stat).substr(name_end + 4);
  const std::optional<std::uint64_t> parent = base::parse_count(rest.substr(0, rest.find(' ')));
  if (!parent) return std::nullopt;
  return static_cast<pid_t>(*parent);
}

}  // namespace

std::vector<pid_t> descendants_of(pid_t root) {
  std::unordered_multimap<pid_t, pid_t> children;
  const std::unique_ptr<DIR, int (*)(DIR*)> all(::opendir("/proc"), ::closedir);
  if (all == nullptr) return {};
  while (const dirent* entry = ::readdir(all.get())) {
    const std::string_view name = entry->d_name;
    const std::optional<std::uint64_t> pid = base::parse_count(name);
    if (!pid) continue;
    if (const std::optional<pid_t> parent = parent_of(name)) children.emplace(*parent, static_cast<pid_t>(*pid));
  }
  std::vector<pid_t> found;
  const auto add_children_of = [&](pid_t parent) {
    const auto [first, last] = children.equal_range(parent);
    for (auto child = first; child != last; ++child) found.push_back(child->second);
    children.erase(first, last);  // read one after the other, two entries may name each other
  };
  add_children_of(root);
  for (std::size_t i = 0; i < found.size(); ++i) add_children_of(found[i]);
  return found;
}

}  // namespace sentinel::cli
