// Words for the configuration tests: a document in memory and what becomes of it, and a scratch folder of files.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "config/load.h"

namespace sentinel::config {

using Variables = std::map<std::string, std::string>;

inline LoadOptions options_with(Variables variables) {
  LoadOptions options;
  options.environment = [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto it = variables.find(name);
    return it == variables.end() ? std::nullopt : std::optional<std::string>(it->second);
  };
  options.facts.is_known_region = [](std::string_view region) { return region == "eu-west-3"; };
  options.facts.annual_intensity = [](std::string_view region) -> std::optional<double> {
    return region == "eu-west-3" ? std::optional<double>(50.0) : std::nullopt;
  };
  options.facts.is_known_instance_type = [](std::string_view type) { return type == "m5.large"; };
  return options;
}

// "ok", or the error without its prefix for the document "t.toml".
inline std::string verdict(std::string_view toml, Variables variables = {}) {
  const base::Result<Loaded> loaded = load_text(toml, "t.toml", options_with(std::move(variables)));
  if (loaded) return "ok";
  const std::string text = loaded.error().text();
  constexpr std::string_view kPrefix = "Error parsing config: in t.toml: ";
  return text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text;
}

// The advice on a document that is valid, one line each; "invalid" otherwise.
inline std::string advice(std::string_view toml, Variables variables = {}) {
  const base::Result<Loaded> loaded = load_text(toml, "t.toml", options_with(std::move(variables)));
  if (!loaded) return "invalid";
  std::string text;
  for (const Advisory& advisory : loaded->advisories) text += advisory.message + "\n";
  return text;
}

// A folder of its own, gone at the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sentinel-config-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
  Folder& file(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return *this;
  }

  // What loading "main.toml" of this folder says; paths inside the folder are shortened to "<dir>/…".
  [[nodiscard]] std::string load_main(Variables variables = {}) const {
    LoadOptions options = options_with(std::move(variables));
    options.path = at("main.toml");
    const base::Result<Loaded> loaded = load(options);
    return loaded ? "ok" : shortened(loaded.error().text());
  }
  [[nodiscard]] Loaded loaded(Variables variables = {}) const {
    LoadOptions options = options_with(std::move(variables));
    options.path = at("main.toml");
    return load(options).value();
  }
  [[nodiscard]] std::string shortened(std::string text) const {
    for (std::size_t i = 0; (i = text.find(path_.string(), i)) != std::string::npos;)
      text.replace(i, path_.string().size(), "<dir>");
    return text;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace sentinel::config
