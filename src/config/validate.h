// The rules of the configuration, in the order of chapter 06 §2.2 from the daemon's limits on. Looks at files only to see
// that TLS files exist. Any thread.
#pragma once

#include <string>

#include "config/apply.h"
#include "config/problems.h"

namespace sentinel::config {

// `profiles_error`: why the profiles file did not load, reported in its turn; empty when it did.
void validate(const Config& config, const Facts& facts, const Origins& origins, const std::string& profiles_error,
              Problems& problems);

// The measured-energy and intensity sections, part of validate().
void validate_green(const GreenConfig& green, const Facts& facts, const std::string& profiles_error, Problems& problems);

// Warns when the daemon would listen beyond this machine.
void advise_on_listen_address(const std::string& address, Problems& problems);

// Hard bounds of one key of the table, by its row, and its advice unless that is withheld.
enum class Advice : unsigned char { kGiven, kWithheld };
void check_bounds(std::string_view path, const Config& config, Problems& problems, Advice advice = Advice::kGiven);

// "<name> must be >= <min>, got <v>" or its counterpart; empty when `value` lies within.
[[nodiscard]] std::string bound_problem(std::string_view name, double value, std::optional<double> min,
                                        std::optional<double> max);

}  // namespace sentinel::config
