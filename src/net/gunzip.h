// Undoes gzip under a cap on what comes out. Pure function, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sentinel::net {

enum class GunzipVerdict : std::uint8_t { kDone, kBroken, kTooLarge };

// Members that follow one another are put together; anything else after the first is broken. *out holds at most `cap` bytes,
// and something of use only after kDone.
[[nodiscard]] GunzipVerdict gunzip(std::string_view packed, std::size_t cap, std::string* out);

}  // namespace sentinel::net
