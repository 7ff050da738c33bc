#include "config/load.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iterator>

#include "base/log.h"
#include "config/apply.h"
#include "config/documents.h"
#include "config/key_table.h"
#include "config/problems.h"
#include "config/reader.h"
#include "config/rule_reader.h"
#include "config/validate.h"

namespace sentinel::config {
namespace {

constexpr std::string_view kParsingSource = "Error parsing config: in ";

// Where the value of every key comes from that some document sets.
Origins file_origins(const Documents& documents) {
  Origins origins;
  const toml::Value* section = nullptr;
  std::string_view name;
  for (const KeyRow& row : key_table()) {  // grouped by section
    if (row.section != name) section = documents.find(key_path(row.section));
    name = row.section;
    if (section == nullptr || section->find(row.key) == nullptr) continue;
    const std::string path = row.path();
    const Place place = documents.blame(key_path(path));
    origins[path] = {Origin::Kind::kFile, place.label, place.line};
  }
  return origins;
}

base::Error to_error(const Problem& problem, const Documents& documents, const Origins& origins) {
  for (const KeyPath& key : problem.keys) {
    const auto it = origins.find(path_text(key));
    if (it != origins.end() && it->second.kind == Origin::Kind::kEnvironment)
      return {problem.text, std::string(kParsingSource) + Place().label, "from " + it->second.name};
  }
  const Place place = problem.place        ? *problem.place
                      : problem.wrong_type ? documents.blame(problem.keys.front())
                                           : documents.blame_any(problem.keys);
  return {problem.text, std::string(kParsingSource) + place.label, place.line == 0 ? "" : "line " + std::to_string(place.line)};
}

void log_advice(const std::vector<Advisory>& advice) {
  for (const Advisory& advisory : advice) base::log_warn("config", advisory.message);
}

bool has_wrong_types(const Problems& problems) {
  return std::ranges::any_of(problems.found(), [](const Problem& problem) { return problem.wrong_type; });
}

// A batch command starts nothing that an unusable variable could endanger: it says so and goes on.
void demote_to_advice(Problems& problems) {
  for (const Problem& problem : problems.found()) problems.advise(problem.text + ": the daemon will refuse to start");
}

std::uint64_t process_clock_ms() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

Checked resolve(const Documents& documents, const LoadOptions& options) {
  Checked checked;
  Loaded& loaded = checked.loaded;
  loaded.files = documents.labels();
  loaded.origins = file_origins(documents);

  Problems problems;
  Spellings spellings;
  read_config(documents, loaded.config, spellings, problems);
  read_rules(documents, options.now_ms ? *options.now_ms : process_clock_ms(), loaded.config, problems);
  if (!has_wrong_types(problems)) {
    std::string profiles_error;
    apply_environment(options.environment, documents, loaded.config, loaded.origins, problems);
    convert(spellings, options.facts, loaded.config, problems, profiles_error);
    validate(loaded.config, options.facts, loaded.origins, profiles_error, problems);
    if (!options.for_daemon) advise_on_listen_address(loaded.config.daemon.listen_address, problems);
  }
  if (loaded.files.empty() && !options.for_daemon) {
    demote_to_advice(problems);
  } else {
    std::ranges::transform(problems.found(), std::back_inserter(checked.errors),
                           [&](const Problem& problem) { return to_error(problem, documents, loaded.origins); });
  }
  loaded.advisories = std::move(problems.advice());
  log_advice(loaded.advisories);
  return checked;
}

base::Result<Loaded> first_failure_or_value(Checked checked) {
  if (!checked.errors.empty()) return std::move(checked.errors.front());
  return std::move(checked.loaded);
}

template <class T>
void apply_flag(const std::optional<T>& flag, T& field, std::string_view path, std::string_view name, Origins& origins) {
  if (!flag) return;
  field = *flag;
  origins[std::string(path)] = {Origin::Kind::kFlag, std::string(name), 0};
}

}  // namespace

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string Origin::text() const {
  if (kind == Kind::kDefault) return "default";
  return line == 0 ? name : name + ":" + std::to_string(line);
}

Origin Loaded::origin(std::string_view key_path) const {
  const auto it = origins.find(key_path);
  return it == origins.end() ? Origin{} : it->second;
}

Checked check(const LoadOptions& options) {
  Documents documents;
  std::vector<base::Error> errors = documents.read(options.path);
  if (errors.empty()) return resolve(documents, options);
  Checked checked;
  checked.errors = std::move(errors);
  return checked;
}

base::Result<Loaded> load(const LoadOptions& options) { return first_failure_or_value(check(options)); }

base::Result<Loaded> load_text(std::string_view toml, std::string_view name, const LoadOptions& options) {
  Documents documents;
  if (const base::Status status = documents.add(toml, std::string(name)); !status) return status.error();
  return first_failure_or_value(resolve(documents, options));
}

base::Status finish_for_daemon(Loaded& loaded, const ListenFlags& flags, const LoadOptions& options) {
  DaemonConfig& daemon = loaded.config.daemon;
  apply_flag(flags.listen_address, daemon.listen_address, "daemon.listen_address", "--listen-address", loaded.origins);
  apply_flag(flags.listen_port_http, daemon.listen_port_http, "daemon.listen_port_http", "--listen-port-http", loaded.origins);
  apply_flag(flags.listen_port_grpc, daemon.listen_port_grpc, "daemon.listen_port_grpc", "--listen-port-grpc", loaded.origins);
  Problems rules;
  validate(loaded.config, options.facts, loaded.origins, "", rules);  // its advice was given by load()
  if (!rules.found().empty()) return base::Error{rules.found().front().text, "invalid configuration", ""};
  Problems advice;
  advise_on_listen_address(daemon.listen_address, advice);
  log_advice(advice.advice());
  std::ranges::move(advice.advice(), std::back_inserter(loaded.advisories));
  return base::success();
}

}  // namespace sentinel::config
