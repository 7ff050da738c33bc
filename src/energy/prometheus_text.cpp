#include "energy/prometheus_text.h"

#include <cmath>

#include "base/number_parse.h"
#include "base/text.h"

namespace sentinel::energy {
namespace {

// Where the quoted text that begins behind `from` ends, at its closing quote; npos: nowhere.
std::size_t closing_quote(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i;
    }
  }
  return std::string_view::npos;
}

// Where the label block that `text` begins with ends.
std::size_t closing_bracket(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '}') return i;
    if (text[i] != '"') continue;
    i = closing_quote(text, i + 1);
    if (i == std::string_view::npos) break;
  }
  return std::string_view::npos;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] != '\\' || (next != '"' && next != '\\' && next != 'n')) {
      out += text[i];
      continue;
    }
    out += next == 'n' ? '\n' : next;
    ++i;
  }
  return out;
}

bool separates(char c) { return c == ',' || base::is_ascii_space(c); }

std::optional<Sample> read_line(std::string_view line, std::string_view metric) {
  if (!line.starts_with(metric)) return std::nullopt;
  line.remove_prefix(metric.size());
  if (!line.starts_with('{')) return std::nullopt;
  line.remove_prefix(1);
  const std::size_t end = closing_bracket(line);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view rest = base::trim(line.substr(end + 1));
  std::size_t token = 0;
  while (token < rest.size() && !base::is_ascii_space(rest[token])) ++token;
  const std::optional<double> value = base::parse_real(rest.substr(0, token));
  if (!value) return std::nullopt;
  return Sample{line.substr(0, end), *value};
}

}  // namespace

void for_each_sample(std::string_view text, std::string_view metric, const std::function<void(const Sample&)>& each) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = base::trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    if (const std::optional<Sample> sample = read_line(line, metric)) each(*sample);
  }
}

std::optional<std::string> label_value(std::string_view labels, std::string_view name) {
  while (true) {
    const std::size_t equals = labels.find('=');
    if (equals == std::string_view::npos || equals + 1 >= labels.size() || labels[equals + 1] != '"') return std::nullopt;
    const std::size_t begin = equals + 2;
    const std::size_t end = closing_quote(labels, begin);
    if (end == std::string_view::npos) return std::nullopt;
    if (base::trim(labels.substr(0, equals)) == name) return unescaped(labels.substr(begin, end - begin));
    labels.remove_prefix(end + 1);
    while (!labels.empty() && separates(labels.front())) labels.remove_prefix(1);
  }
}

SumByLabel sum_by_label(std::string_view text, std::string_view metric, std::string_view label) {
  SumByLabel sums;
  for_each_sample(text, metric, [&](const Sample& sample) {
    const std::optional<std::string> value = label_value(sample.labels, label);
    if (!value) return;
    double& sum = sums[*value];
    if (std::isfinite(sample.value) && sample.value > 0) sum += sample.value;
  });
  return sums;
}

}  // namespace sentinel::energy
