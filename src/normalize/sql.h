// SQL statement -> template and literals (chapter 01 §10.1): one pass over the bytes, no dialect, no parser.
//
// Any bytes of any length are accepted; cutting at 65 536 bytes is the caller's. A template is its own template. Pure
// function beside the scratch memory.
#pragma once

#include <string_view>

#include "normalize/scratch.h"

namespace sentinel::normalize {

// Literals become "?" and the parameters, in order; lists of bare "?" after IN become "IN (?)".
[[nodiscard]] Normalized normalize_sql(std::string_view statement, Scratch& scratch);

}  // namespace sentinel::normalize
