// SHA-256 (FIPS 180-4) for finding signatures and disclosure hashes. Pure function, any thread, no allocation.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sentinel::base {

using Sha256Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256Digest sha256(std::string_view bytes);

// The same without the processor's own instructions for it; tests hold the two to each other.
[[nodiscard]] Sha256Digest sha256_portable(std::string_view bytes);

// The first `count` bytes of a digest as lower-case hex.
[[nodiscard]] std::string hex(const Sha256Digest& digest, std::size_t count = 32);

}  // namespace sentinel::base
