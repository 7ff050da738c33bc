#include "score/energy_readings.h"

#include <algorithm>
#include <cmath>

#include "base/number_parse.h"
#include "base/text.h"
#include "base/time.h"

namespace sentinel::score {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr double kMillisPerSecond = 1e3;
constexpr double kWattSecondsPerKwh = 3'600'000;

enum class Unit : std::uint8_t { kWatts, kKwh };

struct Sample {
  std::string_view service;
  std::uint64_t ms = 0;
  double value = 0.0;
};

base::Error at_line(std::size_t line, std::string what, std::string hint = {}) {
  return {.what = std::move(what), .where = "line " + std::to_string(line), .hint = std::move(hint)};
}

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

// The lines that say something, trimmed, with their numbers.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  bool next() {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line_ = base::trim(rest_.substr(0, end));
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++number_;
      if (!line_.empty() && line_.front() != '#') return true;
    }
    return false;
  }
  [[nodiscard]] std::string_view text() const { return line_; }
  [[nodiscard]] std::size_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::string_view line_;
  std::size_t number_ = 0;
};

base::Result<Unit> read_header(const Lines& lines) {
  if (base::contains_ignoring_case(lines.text(), "power_watts")) return Unit::kWatts;
  if (base::contains_ignoring_case(lines.text(), "energy_kwh")) return Unit::kKwh;
  return at_line(lines.number(), "the header names neither power_watts nor energy_kwh",
                 "begin with 'timestamp,service,power_watts' or 'timestamp,service,energy_kwh'");
}

base::Result<Sample> read_row(const Lines& lines) {
  const std::string_view line = lines.text();
  const std::size_t first = line.find(',');
  const std::size_t second = first == std::string_view::npos ? first : line.find(',', first + 1);
  if (second == std::string_view::npos) return at_line(lines.number(), "expected timestamp,service,value");
  const std::string_view time = base::trim(line.substr(0, first));
  const std::string_view value = base::trim(line.substr(second + 1));
  Sample sample{.service = base::trim(line.substr(first + 1, second - first - 1)), .ms = 0, .value = 0.0};
  const auto ms = base::parse_iso_ms(time);
  if (!ms) {
    const std::string_view why = time.ends_with('Z') ? " is no date and time since 1970" : " is not UTC: it does not end in Z";
    return at_line(lines.number(), "timestamp " + quoted(time).append(why), "write it as 2026-07-10T14:00:00Z; no offsets");
  }
  const auto number = base::parse_real(value);
  if (!number || !std::isfinite(*number) || *number < 0.0)
    return at_line(lines.number(), "value " + quoted(value) + " is not a finite number of at least 0");
  sample.ms = *ms;
  sample.value = *number;
  return sample;
}

// The mean power of neighbouring samples over the time between them.
std::vector<EnergyReading> integrate(std::vector<Sample>& samples) {
  std::ranges::stable_sort(
      samples, [](const Sample& a, const Sample& b) { return a.service != b.service ? a.service < b.service : a.ms < b.ms; });
  std::vector<EnergyReading> out;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const Sample& from = samples[i - 1];
    const Sample& to = samples[i];
    if (from.service != to.service || from.ms == to.ms) continue;
    const double seconds = static_cast<double>(to.ms - from.ms) / kMillisPerSecond;
    const double kwh = (from.value + to.value) / 2.0 * seconds / kWattSecondsPerKwh;
    out.push_back({.service = std::string(to.service), .end_ms = to.ms, .kwh = kwh});
  }
  return out;
}

}  // namespace

base::Result<EnergyReadings> parse_energy_readings(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Lines lines(text);
  if (!lines.next()) return base::Error{.what = "empty energy CSV", .where = {}, .hint = "it has neither header nor rows"};
  const auto unit = read_header(lines);
  if (!unit) return unit.error();
  std::vector<Sample> samples;
  while (lines.next()) {
    auto sample = read_row(lines);
    if (!sample) return sample.error();
    samples.push_back(*sample);
  }
  EnergyReadings out;
  if (*unit == Unit::kWatts) {
    out.readings = integrate(samples);
  } else {
    for (const Sample& s : samples) out.readings.push_back({.service = std::string(s.service), .end_ms = s.ms, .kwh = s.value});
  }
  if (out.readings.empty()) {
    return base::Error{.what = "empty energy CSV",
                       .where = {},
                       .hint = samples.empty() ? "it has no rows" : "power needs two samples of a service at different times"};
  }
  const auto [first, last] = std::ranges::minmax(samples, {}, &Sample::ms);
  out.first_ms = first.ms;
  out.last_ms = last.ms;
  return out;
}

}  // namespace sentinel::score
