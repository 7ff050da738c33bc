#include "base/log_filter.h"

#include <array>

#include "base/text.h"

namespace sentinel::base {
namespace {

constexpr int kEverything = 5;

std::optional<int> parse_level(std::string_view text) {
  constexpr std::array<std::string_view, 6> kNames = {"off", "error", "warn", "info", "debug", "trace"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (equals_ignoring_case(text, kNames[i])) return static_cast<int>(i);
  }
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '5') return text[0] - '0';
  return std::nullopt;
}

}  // namespace

std::optional<LogFilter> LogFilter::parse(std::string_view directives) {
  LogFilter filter;
  bool any = false;
  while (!directives.empty()) {
    const std::size_t comma = directives.find(',');
    const std::string_view one = trim(directives.substr(0, comma));
    directives.remove_prefix(comma == std::string_view::npos ? directives.size() : comma + 1);
    if (one.empty()) continue;
    any = true;
    const std::size_t equals = one.find('=');
    if (equals == std::string_view::npos) {
      if (const auto level = parse_level(one)) {
        filter.directives_.push_back({"", *level});
      } else {
        filter.directives_.push_back({std::string(one), kEverything});
      }
      continue;
    }
    const std::string_view target = one.substr(0, equals);
    const std::string_view value = one.substr(equals + 1);
    const auto level = value.empty() ? std::optional<int>(kEverything) : parse_level(value);
    if (target.empty() || !level) return std::nullopt;
    filter.directives_.push_back({std::string(target), *level});
  }
  if (!any) filter.directives_.push_back({"", 1});
  return filter;
}

LogFilter LogFilter::from_environment(const char* product_variable, const char* rust_log) {
  const char* text = product_variable != nullptr ? product_variable : rust_log;
  std::optional<LogFilter> filter;
  if (text != nullptr) filter = parse(text);
  if (!filter) filter = parse("info");
  return *filter;
}

bool LogFilter::enabled(LogLevel level, std::string_view target) const {
  const Directive* best = nullptr;
  for (const Directive& d : directives_) {
    if (target.starts_with(d.target) && (best == nullptr || d.target.size() >= best->target.size())) best = &d;
  }
  return best != nullptr && static_cast<int>(level) < best->most;
}

}  // namespace sentinel::base
