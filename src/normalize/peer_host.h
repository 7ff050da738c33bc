// Which region an outbound HTTP call goes to, by the host of its URL (chapter 04 §7.2). Pure functions, any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sentinel::normalize {

// The host of an "http://" or "https://" target (lower case, as these schemes must be too): what follows the last '@' of the
// authority, up to the first ':'. nullopt when there is none. A query or fragment is not cut off, so such a host maps to
// nothing.
[[nodiscard]] std::optional<std::string> host_of_url(std::string_view target);

// The region that `service_regions` (lower-case service -> region) gives the called host; nullptr when it is not a key.
[[nodiscard]] const std::string* peer_region(std::string_view target,
                                             const std::map<std::string, std::string>& service_regions);

}  // namespace sentinel::normalize
