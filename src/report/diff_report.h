// The comparison of two runs as JSON and as text (chapter 07 §8). Pure functions, any thread.
#pragma once

#include <span>
#include <string>

#include "analysis/bands.h"
#include "analysis/diff.h"
#include "base/json_writer.h"
#include "model/report.h"

namespace sentinel::report {

// One pretty-printed object with a final newline. Texts are escaped, not sanitised.
[[nodiscard]] std::string diff_json(const analysis::Diff& diff, std::span<const model::Warning> warnings);

// The same object as a value inside another document.
void write_diff(base::JsonWriter& json, const analysis::Diff& diff, std::span<const model::Warning> warnings);

// For people; everything from outside is made safe for a terminal. `verdict` is null when nothing was to be judged.
[[nodiscard]] std::string diff_text(const analysis::Diff& diff, std::span<const model::Warning> warnings,
                                    const analysis::Verdict* verdict, bool colors);

}  // namespace sentinel::report
