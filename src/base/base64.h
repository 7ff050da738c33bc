// Standard base64 with padding (RFC 4648 §4). Pure function, any thread.
#pragma once

#include <string>
#include <string_view>

namespace sentinel::base {

[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace sentinel::base
