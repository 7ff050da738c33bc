// Code attributes as text: namespaces derived from function names, and frames that can stand for an endpoint (chapter 01 §8.9).
#pragma once

#include <string>
#include <string_view>

namespace sentinel::ingest {

// Text before the last '.', else before the last '\'; null data() when there is neither.
[[nodiscard]] std::string_view derive_namespace(std::string_view function_name);

// Writes the usable frame of a namespace and a function (null data() = absent) into `frame`; false when there is none.
[[nodiscard]] bool usable_frame(std::string_view code_namespace, std::string_view function, std::string& frame);

}  // namespace sentinel::ingest
