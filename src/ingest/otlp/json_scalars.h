// Numbers and bytes that OTLP JSON writes as strings (chapter 01 §8.2). Pure functions, any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace sentinel::ingest::otlp {

// Nanoseconds of our time: 19 decimal digits, which always fit into 64 bits; false when one is no digit. `at` has 19 bytes.
[[nodiscard]] bool nineteen_digits(const char* at, std::uint64_t* value);

// Decimal digits, an optional '+' before them, leading zeros allowed; false for anything else and out of range.
[[nodiscard]] bool unsigned_text(std::string_view text, std::uint64_t* value);

// The same with an optional sign.
[[nodiscard]] bool signed_text(std::string_view text, std::int64_t* value);

// Base64 in the standard alphabet, padded, with zero bits where the padding leaves bits over.
[[nodiscard]] bool is_base64(std::string_view text);

}  // namespace sentinel::ingest::otlp
