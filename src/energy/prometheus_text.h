// The lines of one metric in Prometheus' text format, as node agents expose it (chapter 04 §13.1).
//
// A line that is no sample with labels of that very metric is passed over: agents expose much else, and nothing of it is an
// error. Pure functions, any thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sentinel::energy {

struct Sample {
  std::string_view labels;  // between the brackets
  double value = 0.0;       // may be NaN or infinite
};

// Calls `each` for every sample of `metric`, in the order of the text, which is valid UTF-8.
void for_each_sample(std::string_view text, std::string_view metric, const std::function<void(const Sample&)>& each);

// The value of the first label of that name, escapes undone.
[[nodiscard]] std::optional<std::string> label_value(std::string_view labels, std::string_view name);

// Sum of the finite values above 0 by the label's value; a value without any has 0.
using SumByLabel = std::map<std::string, double, std::less<>>;
[[nodiscard]] SumByLabel sum_by_label(std::string_view text, std::string_view metric, std::string_view label);

}  // namespace sentinel::energy
