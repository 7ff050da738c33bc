#include "energy/json_answer.h"

#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "base/json_reader.h"
#include "base/number_parse.h"
#include "base/text.h"

namespace sentinel::energy {
namespace {

using base::JsonReader;

constexpr unsigned kMaxNesting = 128;
constexpr std::size_t kMaxMethodBytes = 64;

bool ended_well(JsonReader& json) { return !json.failed() && json.at_end(); }

// -- Redfish

enum class Found : std::uint8_t { kNothing, kOther, kNumber, kTooLarge };
struct Place {
  Found found = Found::kNothing;
  double number = 0.0;
};

Place read_place(JsonReader& json) {
  const char first = json.peek();
  if (first != '-' && !base::is_digit(first)) {
    json.skip();
    return {Found::kOther};
  }
  std::string_view text;
  bool integral = false;
  if (!json.read_number(&text, &integral)) return {};
  const double number = base::parse_real(text).value_or(0.0);
  return {std::isfinite(number) ? Found::kNumber : Found::kTooLarge, number};
}

// What stands at the end of a path of keys and indexes; of a key that comes twice the last.
Place follow(JsonReader& json, std::span<const std::string_view> path) {
  if (path.empty()) return read_place(json);
  Place place;
  if (json.peek() == '{') {
    for (bool more = json.enter_object(); more; more = json.next_member()) {
      if (json.key() == path[0]) {
        place = follow(json, path.subspan(1));
      } else {
        json.skip();
      }
    }
    return place;
  }
  if (json.peek() != '[') {
    json.skip();
    return place;
  }
  std::uint64_t index = 0;
  for (bool item = json.enter_array(); item; item = json.next_item()) {
    if (base::parse_count(path[0]) == index++) {
      place = follow(json, path.subspan(1));
    } else {
      json.skip();
    }
  }
  return place;
}

constexpr std::string_view kLegacyPower[] = {"PowerControl", "0", "PowerConsumedWatts"};
constexpr std::string_view kEnvironmentMetrics[] = {"PowerWatts", "Reading"};

// -- Prometheus

// The second item of [time, "value"].
std::optional<double> read_pair(JsonReader& json) {
  std::optional<double> value;
  if (json.peek() != '[') {
    json.skip();
    return value;
  }
  std::size_t index = 0;
  for (bool item = json.enter_array(); item; item = json.next_item()) {
    std::string_view text;
    if (index++ == 1 && json.peek() == '"') {
      if (json.read_string(&text)) value = base::parse_real(text);
    } else {
      json.skip();
    }
  }
  return value;
}

std::optional<double> read_series(JsonReader& json) {
  std::optional<double> value;
  if (json.peek() != '{') {
    json.skip();
    return value;
  }
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    if (json.key() == "value") {
      value = read_pair(json);
    } else {
      json.skip();
    }
  }
  return value;
}

std::optional<QueryValue> read_result(JsonReader& json) {
  std::optional<double> first;
  std::size_t series = 0;
  if (json.peek() != '[') {
    json.skip();
    return std::nullopt;
  }
  for (bool item = json.enter_array(); item; item = json.next_item()) {
    if (series++ == 0) {
      first = read_series(json);
    } else {
      json.skip();
    }
  }
  return first ? std::optional(QueryValue{*first, series}) : std::nullopt;
}

std::optional<QueryValue> read_data(JsonReader& json) {
  std::optional<QueryValue> value;
  if (json.peek() != '{') {
    json.skip();
    return value;
  }
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    if (json.key() == "result") {
      value = read_result(json);
    } else {
      json.skip();
    }
  }
  return value;
}

// -- Electricity Maps

// A member that may stand once.
struct Once {
  bool seen = false;
  [[nodiscard]] bool first() { return !std::exchange(seen, true); }
};

}  // namespace

std::variant<double, ScrapeFailure> read_redfish(std::string_view text, config::RedfishEndpoint::Schema schema) {
  const bool legacy = schema == config::RedfishEndpoint::Schema::kLegacyPower;
  base::Arena scratch;
  JsonReader json(text, scratch, kMaxNesting);
  const Place place = legacy ? follow(json, kLegacyPower) : follow(json, kEnvironmentMetrics);
  if (!ended_well(json) || place.found == Found::kTooLarge) return ScrapeFailure::kInvalidJson;
  if (place.found == Found::kNothing) return ScrapeFailure::kPathMissing;
  if (place.found != Found::kNumber || !(place.number > 0)) return ScrapeFailure::kInvalidValue;
  return place.number;
}

std::optional<QueryValue> read_query_answer(std::string_view text) {
  base::Arena scratch;
  JsonReader json(text, scratch, kMaxNesting);
  if (json.peek() != '{') return std::nullopt;
  bool success = false;
  std::optional<QueryValue> value;
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    if (json.key() == "status" && json.peek() == '"') {
      std::string_view status;
      if (json.read_string(&status)) success = status == "success";
    } else if (json.key() == "data") {
      value = read_data(json);
    } else {
      json.skip();
    }
  }
  return success && ended_well(json) ? value : std::nullopt;
}

std::optional<score::GridReading> read_intensity(std::string_view text) {
  base::Arena scratch;
  JsonReader json(text, scratch, kMaxNesting);
  if (json.peek() != '{') return std::nullopt;
  score::GridReading reading;
  Once intensity;
  Once estimated;
  Once method;
  bool good = true;
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    if (json.key() == "carbonIntensity") {
      const Place place = read_place(json);
      good &= intensity.first() && place.found == Found::kNumber && place.number >= 0;
      reading.grams_per_kwh = place.number;
    } else if (json.key() == "isEstimated") {
      good &= estimated.first();
      bool value = false;
      if (!json.read_null() && json.read_bool(&value)) reading.estimated = value;
    } else if (json.key() == "estimationMethod") {
      good &= method.first();
      std::string_view value;
      if (json.read_null() || !json.read_string(&value)) continue;
      if (value.size() <= kMaxMethodBytes && !base::has_control(value)) reading.method = std::string(value);
    } else {
      json.skip();
    }
  }
  return good && intensity.seen && ended_well(json) ? std::optional(reading) : std::nullopt;
}

}  // namespace sentinel::energy
