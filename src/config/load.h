// Reads the configuration: files, fragments and environment into one immutable Config (chapter 06 §1.5, §2).
//
// load() finds the main file and the fragments of ".perf-sentinel.d" beside it, merges them, applies the environment,
// validates, and logs what is merely unwise. Nothing is opened but configuration, profile and calibration files. Facts that
// live on a higher floor come in as functions, so that the folder knows no table of regions or machines. Any thread; each
// call is independent. Errors exit 75 in every command.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace sentinel::config {

// Value of an environment variable; nullopt when it is not set (set but empty is a value).
using EnvironmentReader = std::function<std::optional<std::string>(const char* name)>;

// The process's own environment.
[[nodiscard]] std::optional<std::string> process_environment(const char* name);

// An absent function means: everything is known, no figure is.
struct Facts {
  std::function<bool(std::string_view region)> is_known_region;                    // lower case
  std::function<std::optional<double>(std::string_view region)> annual_intensity;  // gCO2/kWh, lower-case region
  std::function<bool(std::string_view type)> is_known_instance_type;               // exact
};

struct LoadOptions {
  std::optional<std::string> path;  // --config; unset: ".perf-sentinel.toml" in the working directory, which may be absent
  EnvironmentReader environment = process_environment;
  Facts facts;
  std::optional<std::uint64_t> now_ms;  // ms since 1970, decides which rules have expired; unset: the clock
  // The daemon: the caller goes on with finish_for_daemon(), which gives the listen advice for the address finally used.
  bool for_daemon = false;
};

// Where a key's value came from. For files `line` is 1-based.
struct Origin {
  enum class Kind : unsigned char { kDefault, kFile, kEnvironment, kFlag };
  Kind kind = Kind::kDefault;
  std::string name;  // file, variable or flag
  unsigned line = 0;
  [[nodiscard]] std::string text() const;  // "default", "FILE:LINE", the variable's name, the flag
};

struct Advisory {
  std::string message;  // one line, as logged
  bool warning = true;  // else debug
};

struct Loaded {
  Config config;
  // Origin of every key that is not at its default: "section.key", or "section.table" for tables of free keys.
  std::map<std::string, Origin, std::less<>> origins;
  std::vector<Advisory> advisories;  // what was logged
  std::vector<std::string> files;    // documents read, in order of merging; none: built-in defaults

  [[nodiscard]] Origin origin(std::string_view key_path) const;
};

// First failure only. Error.text() is the whole line: "Error reading config: …" or "Error parsing config: in <file>: …".
[[nodiscard]] base::Result<Loaded> load(const LoadOptions& options = {});

// The same, with every failure that can be found at once (`validate`). Empty `errors`: `loaded` is usable.
struct Checked {
  Loaded loaded;
  std::vector<base::Error> errors;
};
[[nodiscard]] Checked check(const LoadOptions& options = {});

// The listen flags of `watch`; unset: not typed.
struct ListenFlags {
  std::optional<std::string> listen_address;
  std::optional<std::uint16_t> listen_port_http;
  std::optional<std::uint16_t> listen_port_grpc;
};

// Applies the flags and validates again, now including what a batch command lets pass (an unusable secret in the
// environment without any configuration file). A failure is an invalid configuration after the overrides: exit 1.
[[nodiscard]] base::Status finish_for_daemon(Loaded& loaded, const ListenFlags& flags, const LoadOptions& options);

// Parses and validates one document held in memory; `name` stands for its file in messages. For tests and fuzzing.
[[nodiscard]] base::Result<Loaded> load_text(std::string_view toml, std::string_view name, const LoadOptions& options = {});

}  // namespace sentinel::config
