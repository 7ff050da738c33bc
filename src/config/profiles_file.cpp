#include "config/profiles_file.h"

#include <cmath>

#include "base/arena.h"
#include "base/json_reader.h"
#include "base/number_format.h"
#include "base/text.h"
#include "config/file_text.h"
#include "config/toml.h"
#include "config/value_text.h"

namespace sentinel::config {
namespace {

base::Error problem(std::string what) { return {std::move(what), "", ""}; }

base::Error syntax_problem(const base::JsonReader& reader, std::string_view text) {
  const base::TextPosition at = base::position_of(text, reader.error().offset);
  return problem("line " + std::to_string(at.line) + ", column " + std::to_string(at.column) + ": " + reader.error().what);
}

// The last of several members of one name counts.
struct RawProfile {
  std::optional<std::string> type;
  std::optional<std::string_view> hours;
  std::optional<std::string_view> months;
};

// 24 numbers from `reader`, which stands before the array.
std::string read_hours(base::JsonReader& reader, std::array<double, 24>& out) {
  std::size_t count = 0;
  for (bool more = reader.enter_array(); more; more = reader.next_item(), ++count) {
    double value = 0.0;
    if (!reader.read_double(&value)) return "hour " + std::to_string(count) + " is not a number";
    if (!std::isfinite(value) || value < 0.0) return "hour " + std::to_string(count) + " is negative or too large";
    if (count < out.size()) out[count] = value;
  }
  if (reader.failed()) return "expected an array of 24 numbers";
  return count == out.size() ? "" : "expected 24 hours, got " + std::to_string(count);
}

std::string read_months(base::JsonReader& reader, HourlyProfile& out) {
  std::size_t count = 0;
  for (bool more = reader.enter_array(); more; more = reader.next_item(), ++count) {
    std::array<double, 24> surplus{};
    const std::string wrong = read_hours(reader, count < out.months.size() ? out.months[count] : surplus);
    if (!wrong.empty()) return "month " + std::to_string(count + 1) + ": " + wrong;
  }
  if (reader.failed()) return "expected an array of 12 arrays";
  return count == out.months.size() ? "" : "expected 12 months, got " + std::to_string(count);
}

std::string read_profile(const RawProfile& raw, HourlyProfile& out) {
  base::Arena scratch;
  if (!raw.type) return "\"type\" is missing or not a text";
  if (*raw.type == "flat_year") {
    if (!raw.hours) return "\"hours\" is missing";
    base::JsonReader reader(*raw.hours, scratch);
    return read_hours(reader, out.months[0]);
  }
  if (*raw.type != "monthly") return "unknown type " + shown(*raw.type) + ": expected flat_year or monthly";
  if (!raw.months) return "\"months\" is missing";
  out.monthly = true;
  base::JsonReader reader(*raw.months, scratch);
  return read_months(reader, out);
}

RawProfile read_raw(base::JsonReader& reader) {
  RawProfile raw;
  for (bool more = reader.enter_object(); more; more = reader.next_member()) {
    std::string_view text;
    if (reader.key() == "type" && reader.peek() == '"') {
      if (reader.read_string(&text)) raw.type = std::string(text);
    } else if (reader.key() == "hours") {
      if (reader.read_raw(&text)) raw.hours = text;
    } else if (reader.key() == "months") {
      if (reader.read_raw(&text)) raw.months = text;
    } else {
      reader.skip();
    }
  }
  return raw;
}

using RawProfiles = std::map<std::string, RawProfile>;

base::Result<RawProfiles> read_all_raw(std::string_view json) {
  base::Arena scratch;
  base::JsonReader reader(json, scratch);
  std::optional<RawProfiles> profiles;
  for (bool more = reader.enter_object(); more; more = reader.next_member()) {
    if (reader.key() != "profiles") {
      reader.skip();
      continue;
    }
    profiles.emplace();
    for (bool inner = reader.enter_object(); inner; inner = reader.next_member()) {
      const std::string region(reader.key());
      (*profiles)[region] = read_raw(reader);
    }
  }
  if (reader.failed()) return syntax_problem(reader, json);
  if (!reader.at_end()) return problem("text after the end of the document");
  if (!profiles) return problem("no object \"profiles\"");
  return std::move(*profiles);
}

double mean_of(const HourlyProfile& profile) {
  const std::size_t months = profile.monthly ? profile.months.size() : 1;
  double sum = 0.0;
  for (std::size_t month = 0; month < months; ++month)
    for (const double hour : profile.months[month]) sum += hour;
  return sum / (24.0 * static_cast<double>(months));
}

constexpr double kFarFromAnnual = 0.05;
constexpr double kLikelyUnitError = 1000.0;  // gCO2/kWh; no grid is above

// -- calibration

std::string number_at(const toml::Value& table, std::string_view key, double& out) {
  const toml::Value* value = table.find(key);
  if (value == nullptr) return std::string(key) + " is missing";
  if (const double* real = value->as<double>()) {
    out = *real;
  } else if (const std::int64_t* whole = value->as<std::int64_t>()) {
    out = static_cast<double>(*whole);
  } else {
    return std::string(key) + " is not a number";
  }
  return std::isfinite(out) && out >= 0.0 ? "" : std::string(key) + " is negative or not finite";
}

constexpr double kHighFactor = 10.0;
constexpr double kLowFactor = 0.1;

}  // namespace

base::Result<Profiles> parse_profiles(std::string_view json) {
  const base::Result<RawProfiles> raw = read_all_raw(json);
  if (!raw) return raw.error();
  if (raw->size() > kMaxProfiles) return problem("more than " + std::to_string(kMaxProfiles) + " profiles");
  Profiles profiles;
  for (const auto& [name, entry] : *raw) {  // of names equal in lower case the last in byte order stays
    const std::string region = base::ascii_lower(name);
    if (!base::is_region_id(region)) return problem("profile " + shown(name) + " is not named by a region id");
    HourlyProfile profile;
    if (std::string wrong = read_profile(entry, profile); !wrong.empty())
      return problem("profile " + shown(name) + ": " + wrong);
    profiles[region] = profile;
  }
  return profiles;
}

base::Result<Profiles> load_profiles(const std::string& path) {
  if (path.empty()) return problem("the path is empty");
  if (base::has_control(path)) return problem("the path holds control characters");
  const base::Result<std::string> text = read_text_file(path, kMaxProfilesBytes);
  if (!text) return text.error();
  return parse_profiles(*text);
}

std::vector<std::string> doubtful_profiles(const Profiles& profiles,
                                           const std::function<std::optional<double>(std::string_view)>& annual_intensity) {
  std::vector<std::string> remarks;
  for (const auto& [region, profile] : profiles) {
    const double mean = mean_of(profile);
    const std::string about = "hourly profile of " + region + ": mean " + base::text_fixed(mean, 1) + " gCO2/kWh";
    if (mean > kLikelyUnitError) remarks.push_back(about + " is above 1000: is the unit right?");
    const std::optional<double> annual = annual_intensity ? annual_intensity(region) : std::nullopt;
    if (annual && std::abs(mean - *annual) > kFarFromAnnual * *annual)
      remarks.push_back(about + " is more than 5% away from the annual value " + base::text_fixed(*annual, 1));
  }
  return remarks;
}

base::Result<Calibration> parse_calibration(std::string_view text) {
  const base::Result<toml::Value> root = toml::parse(text);
  if (!root) return problem(root.error().where + ": " + root.error().what);
  const toml::Value* calibration = root->find("calibration");
  if (calibration == nullptr) return problem("no table [calibration]");
  double figure = 0.0;
  if (std::string wrong = number_at(*calibration, "base_energy_per_io_op_kwh", figure); !wrong.empty()) return problem(wrong);
  Calibration factors;
  const toml::Value* services = calibration->find("services");
  if (services == nullptr) return factors;
  if (services->as<toml::Table>() == nullptr) return problem("[calibration.services] is no table");
  for (const auto& [service, entry] : *services->as<toml::Table>()) {
    std::string wrong = number_at(entry, "measured_energy_per_op_kwh", figure);
    if (wrong.empty()) wrong = number_at(entry, "factor", figure);
    if (!wrong.empty()) return problem("service " + shown(service) + ": " + wrong);
    factors[service] = figure;
  }
  return factors;
}

base::Result<Calibration> load_calibration(const std::string& path) {
  const base::Result<std::string> text = read_text_file(path, kMaxCalibrationBytes);
  if (!text) return text.error();
  return parse_calibration(*text);
}

std::vector<std::string> doubtful_factors(const Calibration& factors) {
  std::vector<std::string> remarks;
  for (const auto& [service, factor] : factors) {
    const std::string about = "calibration factor of " + key_text(service) + " is " + base::text_plain(factor);
    if (factor == 0.0) {
      remarks.push_back(about + ": the service then uses no energy at all");
    } else if (factor > kHighFactor) {
      remarks.push_back(about + ", above 10: was more measured than this service?");
    } else if (factor < kLowFactor) {
      remarks.push_back(about + ", below 0.1: was the whole service measured?");
    }
  }
  return remarks;
}

}  // namespace sentinel::config
