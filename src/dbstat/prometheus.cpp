#include "dbstat/prometheus.h"

#include <optional>
#include <string>

#include "base/json_reader.h"
#include "base/number_parse.h"
#include "dbstat/row.h"

namespace sentinel::dbstat {
namespace {

using base::JsonReader;

constexpr unsigned kMaxNesting = 128;
constexpr double kMillisecondsPerSecond = 1000.0;

// A text, or nothing when something else stands there.
std::optional<std::string> text_or_skip(JsonReader& json) {
  std::string_view text;
  if (json.peek() != '"') {
    json.skip();
    return std::nullopt;
  }
  if (!json.read_string(&text)) return std::nullopt;
  return std::string(text);
}

// What the labels of a series say.
struct Labels {
  bool has_query = false;
  std::optional<std::string> query;
  std::optional<std::string> query_id;
  std::optional<std::string> calls;
};

void read_labels(JsonReader& json, Labels& labels) {
  if (json.peek() != '{') return json.skip();
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    if (json.key() == "query") {
      labels.has_query = true;
      labels.query = text_or_skip(json);
    } else if (json.key() == "queryid") {
      labels.query_id = text_or_skip(json);
    } else if (json.key() == "calls") {
      labels.calls = text_or_skip(json);
    } else {
      json.skip();
    }
  }
}

// The second item of [time, "value"], in seconds; 0 when it is no number in a text.
double read_value(JsonReader& json) {
  double seconds = 0.0;
  if (json.peek() != '[') {
    json.skip();
    return seconds;
  }
  std::size_t index = 0;
  for (bool item = json.enter_array(); item; item = json.next_item()) {
    const std::optional<std::string> text = text_or_skip(json);
    if (index++ == 1 && text) seconds = base::parse_real(*text).value_or(0.0);
  }
  return seconds;
}

Statement read_series(JsonReader& json, normalize::Scratch& scratch) {
  Labels labels;
  double seconds = 0.0;
  if (json.peek() != '{') {
    json.skip();
  } else {
    for (bool more = json.enter_object(); more; more = json.next_member()) {
      if (json.key() == "metric") {
        read_labels(json, labels);
      } else if (json.key() == "value") {
        seconds = read_value(json);
      } else {
        json.skip();
      }
    }
  }
  Statement out;
  // The text, else the id; a label that is there but no text stands for neither.
  out.query = (labels.has_query ? labels.query : labels.query_id).value_or("unknown");
  out.normalized_template = template_of(out.query, scratch);
  out.calls = labels.calls ? base::parse_count(*labels.calls).value_or(0) : 0;
  out.total_exec_time_ms = seconds * kMillisecondsPerSecond;
  out.mean_exec_time_ms = out.calls > 0 ? out.total_exec_time_ms / static_cast<double>(out.calls) : out.total_exec_time_ms;
  return out;
}

// "data": {"result": [series…]}; true once the list was read.
bool read_data(JsonReader& json, Statements& out) {
  bool found = false;
  normalize::Scratch scratch;
  for (bool more = json.enter_object(); more; more = json.next_member()) {
    if (json.key() != "result" || json.peek() != '[') {
      json.skip();
      continue;
    }
    out.entries.clear();
    found = true;
    for (bool item = json.enter_array(); item; item = json.next_item()) out.entries.push_back(read_series(json, scratch));
  }
  return found;
}

}  // namespace

base::Result<Statements> read_prometheus_answer(std::string_view text) {
  Statements out;
  base::Arena scratch;
  JsonReader json(text, scratch, kMaxNesting);
  bool found = false;
  std::string error;  // what Prometheus itself says
  if (json.peek() != '{') {
    json.skip();
  } else {
    for (bool more = json.enter_object(); more; more = json.next_member()) {
      if (json.key() == "data" && json.peek() == '{') {
        found = read_data(json, out);
      } else if (json.key() == "error") {
        error = text_or_skip(json).value_or("");
      } else {
        json.skip();
      }
    }
  }
  if (!json.failed() && !json.at_end()) json.fail(base::JsonFault::kSyntax, "unexpected text after the answer");
  if (json.failed()) {
    return base::Error{
        std::string("the answer is no JSON: ") + json.error().what, "byte " + std::to_string(json.error().offset), {}};
  }
  if (found) return out;
  if (!error.empty()) return base::Error{"Prometheus reports an error: " + error, {}, {}};
  return base::Error{"the answer is not that of a query: missing data.result",
                     {},
                     "the address must lead to the Prometheus server, not to an exporter"};
}

}  // namespace sentinel::dbstat
