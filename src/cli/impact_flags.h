// --sort saving and --min-saving: when findings are to be assessed, and what becomes of them then.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "cli/arguments.h"
#include "model/report.h"

namespace sentinel::cli {

// "20ms", "1.5s", "800us" or "800µs" in microseconds, rounded down.
[[nodiscard]] std::optional<std::uint64_t> parse_saving(std::string_view text);

// What --min-saving says, 0 without it, or how it should be written.
[[nodiscard]] base::Result<std::uint64_t> min_saving_us(const Arguments& arguments);

// Whether the text report is to say what each fix would save.
[[nodiscard]] bool ranks_by_saving(const Arguments& arguments);

// Takes findings out that would save less; a warning of the report says how many.
void keep_savings(model::Report& report, std::uint64_t least_us, std::string_view as_typed);

}  // namespace sentinel::cli
