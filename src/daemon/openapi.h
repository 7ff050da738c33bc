// The description of the query API that the daemon serves of itself: docs/schemas/openapi.json, compiled in as it stands.
#pragma once

#include <string_view>

namespace sentinel::daemon {

[[nodiscard]] std::string_view openapi_document();

}  // namespace sentinel::daemon
