// One-line descriptions of findings and of their types, for reports that other tools show. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "model/finding.h"

namespace sentinel::report {

// What happens to control characters; invisible ones are always dropped.
enum class Controls : std::uint8_t { kKeep, kReplace };

// Text from outside, invisible characters dropped.
void append_clean(std::string& out, std::string_view text, Controls controls);

// "<type> in <service> on <endpoint>: <template> (<n> occurrences, <w>ms window). <suggestion>", without backticks in the
// suggestion (chapter 07 §5).
void append_message(std::string& out, const model::Finding& finding, Controls controls);

// "<recommendation> (see: <url>)", without backticks; the address only when it is a safe one. Nothing when there is no fix.
void append_fix(std::string& out, const model::Finding& finding, Controls controls);

// What a type of finding is, in a phrase and in a few sentences with what to do about it.
struct TypeText {
  std::string_view phrase;
  std::string_view help;
};
[[nodiscard]] const TypeText& describe(model::FindingType type);

}  // namespace sentinel::report
