#include "config/documents.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <set>

#include "base/text.h"
#include "config/file_text.h"
#include "config/value_text.h"
#include "config/windows_paths.h"

namespace sentinel::config {
namespace {

constexpr std::string_view kImplicitMain = ".perf-sentinel.toml";
constexpr std::string_view kFragmentFolder = ".perf-sentinel.d";
constexpr std::string_view kReading = "Error reading config";
constexpr std::string_view kParsing = "Error parsing config";

base::Error io_error(const std::string& path, std::string_view cause) {
  return {"read " + base::for_terminal(path) + ": " + std::string(cause), std::string(kReading), ""};
}

// -- removed keys

struct RemovedKey {
  std::string_view key;
  std::string_view section;
  std::string_view replacement;
};
constexpr RemovedKey kRemovedKeys[] = {
    {"n_plus_one_threshold", "detection", "n_plus_one_min_occurrences"},
    {"window_duration_ms", "detection", "window_duration_ms"},
    {"listen_addr", "daemon", "listen_address"},
    {"listen_port", "daemon", "listen_port_http"},
    {"max_active_traces", "daemon", "max_active_traces"},
    {"trace_ttl_ms", "daemon", "trace_ttl_ms"},
    {"max_events_per_trace", "daemon", "max_events_per_trace"},
    {"max_payload_size", "daemon", "max_payload_size"},
};

std::string removed_key_problem(const toml::Value& root) {
  for (const RemovedKey& removed : kRemovedKeys)
    if (root.find(removed.key) != nullptr)
      return "top-level key " + std::string(removed.key) + " was removed: use [" + std::string(removed.section) + "] " +
             std::string(removed.replacement);
  return {};
}

// -- merging

void mark(toml::Value& value, std::uint32_t document) {
  value.document = document;
  if (toml::Table* table = value.as<toml::Table>())
    for (auto& [key, child] : *table) mark(child, document);
}

void merge(toml::Value& into, toml::Value&& from) {
  toml::Table* old_table = into.as<toml::Table>();
  toml::Table* new_table = from.as<toml::Table>();
  if (old_table == nullptr || new_table == nullptr) {
    into = std::move(from);
    return;
  }
  for (auto& [key, child] : *new_table) {
    const auto it = old_table->find(key);
    if (it == old_table->end()) {
      old_table->emplace(key, std::move(child));
    } else {
      merge(it->second, std::move(child));
    }
  }
}

// -- fragments

constexpr std::string_view kFragmentRule = "(two digits, '-', then a-z, 0-9 and single '-', as in 10-base.toml)";

// Ends in ".toml" after at least one character.
bool is_fragment_candidate(std::string_view name) { return name.size() > 5 && name.ends_with(".toml"); }

bool is_fragment_name(std::string_view name) {
  std::string_view slug = name.substr(0, name.size() - 5);
  if (slug.size() < 4 || !base::is_digit(slug[0]) || !base::is_digit(slug[1]) || slug[2] != '-') return false;
  slug.remove_prefix(3);
  if (slug.front() == '-' || slug.back() == '-' || slug.find("--") != std::string_view::npos) return false;
  return std::ranges::all_of(slug, [](char c) { return base::is_digit(c) || c == '-' || (c >= 'a' && c <= 'z'); });
}

// Sorted names of the fragment candidates in `folder`; an absent folder has none.
base::Result<std::vector<std::string>> list_fragments(const std::string& folder) {
  std::vector<std::string> names;
  DIR* directory = ::opendir(folder.c_str());
  if (directory == nullptr) {
    if (errno == ENOENT) return names;
    return io_error(folder, std::strerror(errno));
  }
  errno = 0;
  while (const dirent* entry = ::readdir(directory))
    if (is_fragment_candidate(entry->d_name)) names.emplace_back(entry->d_name);
  const int problem = errno;
  ::closedir(directory);
  if (problem != 0) return io_error(folder, std::strerror(problem));
  std::ranges::sort(names);
  return names;
}

// Wrong and doubled names.
std::vector<base::Error> check_names(const std::vector<std::string>& names) {
  std::vector<base::Error> errors;
  for (const std::string& name : names)
    if (!is_fragment_name(name))
      errors.push_back({"fragment " + base::for_terminal(name) + " has a wrong name " + std::string(kFragmentRule),
                        std::string(kParsing), ""});
  if (!errors.empty()) return errors;
  for (std::size_t i = 1; i < names.size(); ++i)
    if (names[i].substr(0, 2) == names[i - 1].substr(0, 2))
      errors.push_back({"fragments " + names[i - 1] + " and " + names[i] + " have the same priority " + names[i].substr(0, 2),
                        std::string(kParsing), ""});
  return errors;
}

bool exists_at_all(const std::string& path) {
  struct stat status;
  return ::lstat(path.c_str(), &status) == 0 || errno != ENOENT;
}

// -- blame

void collect_documents(const toml::Value& value, std::set<std::uint32_t>& out) {
  const toml::Table* table = value.as<toml::Table>();
  if (table == nullptr) {
    out.insert(value.document);
    return;
  }
  for (const auto& [key, child] : *table) collect_documents(child, out);
}

}  // namespace

KeyPath key_path(std::string_view dotted) {
  KeyPath path;
  for (;;) {
    const std::size_t dot = dotted.find('.');
    path.emplace_back(dotted.substr(0, dot));
    if (dot == std::string_view::npos) return path;
    dotted.remove_prefix(dot + 1);
  }
}

std::string path_text(const KeyPath& path) {
  std::string text;
  for (const std::string& key : path) text += (text.empty() ? "" : ".") + key_text(key);
  return text;
}

std::vector<base::Error> Documents::read(const std::optional<std::string>& path) {
  const std::string main = path.value_or(std::string(kImplicitMain));
  const std::size_t slash = main.rfind('/');
  const std::string folder = (slash == std::string::npos ? "" : main.substr(0, slash + 1)) + std::string(kFragmentFolder);

  const base::Result<std::vector<std::string>> names = list_fragments(folder);
  if (!names) return {names.error()};
  std::vector<base::Error> errors = check_names(*names);
  const auto take = [&](const std::string& file, const std::string& label) {
    const base::Result<std::string> text = read_text_file(file, kMaxConfigBytes);
    if (!text) {
      errors.push_back(io_error(file, text.error().what));
    } else if (const base::Status status = add(*text, label); !status) {
      errors.push_back(status.error());
    }
  };
  if (errors.empty())
    for (const std::string& name : *names) take(folder + "/" + name, name);
  if (path || exists_at_all(main)) take(main, base::for_terminal(main));
  return errors;
}

base::Status Documents::add(std::string_view text, std::string label) {
  base::Result<toml::Value> parsed = toml::parse(escape_windows_paths(text));
  if (!parsed) parsed = toml::parse(text);
  const std::string where = std::string(kParsing) + ": in " + label;
  if (!parsed) return base::Error{parsed.error().where + ": " + parsed.error().what, where, ""};
  if (std::string problem = removed_key_problem(*parsed); !problem.empty()) return base::Error{std::move(problem), where, ""};
  mark(*parsed, static_cast<std::uint32_t>(labels_.size()));
  labels_.push_back(std::move(label));
  merge(merged_, std::move(parsed).value());
  return base::success();
}

const toml::Value* Documents::find(const KeyPath& path) const {
  const toml::Value* at = &merged_;
  for (const std::string& key : path)
    if ((at = at->find(key)) == nullptr) return nullptr;
  return at;
}

Place Documents::blame(const KeyPath& path) const {
  const toml::Value* value = find(path);
  if (value == nullptr) return {};
  std::set<std::uint32_t> documents;
  collect_documents(*value, documents);
  if (documents.size() != 1) return {};
  const std::uint32_t document = *documents.begin();
  return {labels_[document], value->document == document ? value->where().line : 0};
}

Place Documents::blame_any(const std::vector<KeyPath>& paths) const {
  std::set<std::uint32_t> documents;
  unsigned line = 0;
  for (const KeyPath& path : paths) {
    const toml::Value* value = find(path);
    if (value == nullptr) continue;
    collect_documents(*value, documents);
    if (line == 0) line = value->where().line;
  }
  if (documents.size() == 1) return {labels_[*documents.begin()], line};
  if (!documents.empty() || paths.empty() || paths.front().size() < 2) return {};
  Place place = blame(KeyPath(paths.front().begin(), paths.front().end() - 1));
  place.line = 0;
  return place;
}

}  // namespace sentinel::config
