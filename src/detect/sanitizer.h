// Tells an N+1 whose literals were replaced by placeholders from honest repetition (chapter 03 §5).
//
// Runs on groups that are large enough for an N+1 but show one parameter list. Pure but for the scratch; one thread at a time.
#pragma once

#include <string_view>

#include "detect/detectors.h"

namespace sentinel::detect {

// The verdict for one SQL or HTTP group under the configured mode.
[[nodiscard]] bool looks_sanitized(const TraceContext& in, const TemplateGroup& group);

// -- signals, exposed for their tests

// The template holds ?, %s, @name, :name or $1.
[[nodiscard]] bool has_placeholder(std::string_view statement_template);

// The scope names a known object-relational mapper, case ignored, as a whole word.
[[nodiscard]] bool is_orm_scope(std::string_view scope);

}  // namespace sentinel::detect
