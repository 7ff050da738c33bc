#include "cli/impact_flags.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "base/text.h"
#include "cli/texts/concat.h"
#include "model/impact.h"

namespace sentinel::cli {

std::optional<std::uint64_t> parse_saving(std::string_view text) {
  struct Unit {
    std::string_view name;
    double us;
  };
  constexpr std::array kUnits = {Unit{"us", 1.0}, Unit{"µs", 1.0}, Unit{"ms", 1e3}, Unit{"s", 1e6}};
  constexpr double kLongestUs = 1e15;  // thirty years
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || value < 0.0 || std::signbit(value)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : kUnits) {
    if (text != unit.name) continue;
    const double us = value * unit.us;
    if (!(us <= kLongestUs)) return std::nullopt;
    return static_cast<std::uint64_t>(std::floor(us + 1e-6));  // 1.001ms is 1001 us, whatever its binary form
  }
  return std::nullopt;
}

base::Result<std::uint64_t> min_saving_us(const Arguments& arguments) {
  const auto typed = arguments.text("min-saving");
  if (!typed) return std::uint64_t{0};
  if (const auto us = parse_saving(*typed)) return *us;
  return base::Error{concat({"invalid value '", base::for_terminal(*typed), "' for '--min-saving <TIME>'"}), "",
                     "a time is written like 20ms, 1.5s or 800us"};
}

bool ranks_by_saving(const Arguments& arguments) { return arguments.text("sort") == "saving" || arguments.typed("min-saving"); }

void keep_savings(model::Report& report, std::uint64_t least_us, std::string_view as_typed) {
  if (least_us == 0) return;
  const std::size_t left_out =
      std::erase_if(report.findings, [&](const model::Finding& f) { return model::saving_us(f) < least_us; });
  if (left_out == 0) return;
  report.warning_details.push_back(
      {"tuning", concat({std::to_string(left_out), left_out == 1 ? " finding was" : " findings were",
                         " left out: fixing it would save less than ", as_typed, " of its trace (--min-saving)"})});
}

}  // namespace sentinel::cli
