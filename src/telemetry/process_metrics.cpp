#include "telemetry/process_metrics.h"

#include <dirent.h>
#include <unistd.h>

#include <optional>
#include <string_view>
#include <utility>

#include "base/descriptor.h"
#include "base/number_parse.h"

namespace sentinel::telemetry {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;  // /proc/stat grows with the interrupts of the machine

// The next word of `text`, taken off it.
std::string_view take_word(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return text = {};
  const std::size_t end = std::min(text.find_first_of(" \t\n", begin), text.size());
  const std::string_view word = text.substr(begin, end - begin);
  text.remove_prefix(end);
  return word;
}

// The first word after `key` where a line begins with it.
std::string_view word_after(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at != 0 && text[at - 1] != '\n') continue;
    std::string_view rest = text.substr(at + key.size());
    return take_word(rest);
  }
  return {};
}

// Fields of /proc/<pid>/stat after the name, which may hold anything; numbered as proc(5) does, from 3.
class StatFields {
 public:
  explicit StatFields(std::string_view text) {
    const std::size_t name_end = text.rfind(')');
    if (name_end != std::string_view::npos) rest_ = text.substr(name_end + 1);
  }
  [[nodiscard]] std::optional<double> field(int number) const {
    std::string_view rest = rest_;
    std::string_view word;
    for (int i = 3; i <= number; ++i) word = take_word(rest);
    const auto value = base::parse_count(word);
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
  }

 private:
  std::string_view rest_;
};

std::optional<double> count_entries(const std::string& folder) {
  DIR* dir = ::opendir(folder.c_str());
  if (dir == nullptr) return std::nullopt;
  double entries = -1;  // less the descriptor that reads the folder
  while (const dirent* entry = ::readdir(dir)) {
    if (entry->d_name[0] != '.') ++entries;
  }
  ::closedir(dir);
  return entries < 0 ? 0 : entries;
}

std::optional<double> whole_number(std::string_view word) {
  const auto value = base::parse_count(word);
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

void append(Snapshot& out, MetricKind kind, std::string_view name, std::string_view help, std::optional<double> value) {
  if (!value) return;
  FamilySnapshot& family = out.emplace_back();
  family.name = name;
  family.help = help;
  family.kind = kind;
  family.samples.emplace_back().value = *value;
}

// a + b, a * b and so on of what may be missing.
template <class Combine>
std::optional<double> both(std::optional<double> a, std::optional<double> b, Combine combine) {
  return a && b ? std::optional<double>(combine(*a, *b)) : std::nullopt;
}

}  // namespace

void append_process_metrics(Snapshot& out, const std::string& proc) {
  const std::string stat_text = base::read_file_head(proc + "/self/stat", kMostBytes);
  const StatFields stat(stat_text);
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  const auto cpu = both(stat.field(14), stat.field(15), [&](double user, double system) { return (user + system) / ticks; });
  const auto start =
      both(whole_number(word_after(base::read_file_head(proc + "/stat", kMostBytes), "btime ")), stat.field(22),
           [&](double boot, double since) { return boot + static_cast<double>(static_cast<std::uint64_t>(since / ticks)); });
  const auto resident = both(stat.field(24), page, [](double pages, double bytes) { return pages * bytes; });
  const auto max_fds = whole_number(word_after(base::read_file_head(proc + "/self/limits", kMostBytes), "Max open files"));

  using enum MetricKind;
  append(out, kCounter, "process_cpu_seconds_total", "User and system CPU time in seconds.", cpu);
  append(out, kGauge, "process_max_fds", "Limit of open file descriptors.", max_fds);
  append(out, kGauge, "process_open_fds", "Open file descriptors.", count_entries(proc + "/self/fd"));
  append(out, kGauge, "process_resident_memory_bytes", "Resident memory in bytes.", resident);
  append(out, kGauge, "process_start_time_seconds", "Start of the process in seconds since 1970.", start);
  append(out, kGauge, "process_threads", "Threads of the process.", stat.field(20));
  append(out, kGauge, "process_virtual_memory_bytes", "Virtual memory in bytes.", stat.field(23));
}

}  // namespace sentinel::telemetry
