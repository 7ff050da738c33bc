// Method and target of an outbound call -> template and parameters (chapter 01 §10.2); RPC calls take the same way.
//
// Any bytes of any length are accepted. Nothing is percent-decoded. Pure function beside the scratch memory.
#pragma once

#include <string_view>

#include "normalize/scratch.h"

namespace sentinel::normalize {

// Query pieces beyond this many are ignored.
inline constexpr std::uint32_t kMaxQueryParams = 100;

// "<method> <host><path>" with "{id}" and "{uuid}" segments. Parameters: the query pieces, then the replaced segments.
[[nodiscard]] Normalized normalize_http(std::string_view method, std::string_view target, Scratch& scratch);

}  // namespace sentinel::normalize
