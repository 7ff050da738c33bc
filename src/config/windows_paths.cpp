#include "config/windows_paths.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace sentinel::config {
namespace {

constexpr std::string_view kPathKeys[] = {"hourly_profiles_file", "calibration_file",   "json_socket",  "tls_cert_path",
                                          "tls_key_path",         "tls_client_ca_path", "storage_path", "toml_path"};

std::size_t run_of_backslashes(std::string_view text, std::size_t from) {
  return std::min(text.find_first_not_of('\\', from), text.size()) - from;
}

// Length of the value up to its closing quote, the first after an even number of backslashes; npos: none on the line.
std::size_t value_length(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t run = run_of_backslashes(text, i);
    i += run;
    if (i < text.size() && text[i] == '"' && run % 2 == 0) return i;
  }
  return std::string_view::npos;
}

void append_escaped(std::string& out, std::string_view value) {
  for (std::size_t i = 0; i < value.size();) {
    const std::size_t run = run_of_backslashes(value, i);
    if (run == 0) {
      out += value[i++];
      continue;
    }
    out.append(run == 1 || (run == 2 && i == 0) ? 2 * run : run, '\\');
    i += run;
  }
}

void append_line(std::string& out, std::string_view line) {
  const std::size_t equals = line.find('=');
  const std::size_t quote = equals == std::string_view::npos ? equals : line.find_first_not_of(" \t", equals + 1);
  const bool is_path = quote != std::string_view::npos && line[quote] == '"' &&
                       std::ranges::find(kPathKeys, base::trim(line.substr(0, equals))) != std::end(kPathKeys);
  const std::size_t length = is_path ? value_length(line.substr(quote + 1)) : std::string_view::npos;
  if (length == std::string_view::npos) {
    out += line;
    return;
  }
  out += line.substr(0, quote + 1);
  append_escaped(out, line.substr(quote + 1, length));
  out += line.substr(quote + 1 + length);
}

}  // namespace

std::string escape_windows_paths(std::string_view toml) {
  if (toml.find('\\') == std::string_view::npos) return std::string(toml);
  std::string out;
  out.reserve(toml.size() + 16);
  while (!toml.empty()) {
    const std::size_t end = toml.find('\n');
    append_line(out, toml.substr(0, end));
    if (end == std::string_view::npos) break;
    out += '\n';
    toml.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace sentinel::config
