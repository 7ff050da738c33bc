// The figures of the energy model (chapter 04 §5, §7): one place, so that the code, the tests and docs/carbon.md agree.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sentinel::score {

inline constexpr double kEnergyPerIoOpKwh = 1e-7;       // proxy: 0.36 J an operation, an order of magnitude
inline constexpr double kNetworkKwhPerByte = 4e-11;     // 0.04 kWh/GB
inline constexpr double kDefaultEmbodiedGrams = 0.001;  // gCO2eq a trace
inline constexpr double kLowFactor = 0.5;               // the bracket around every estimate
inline constexpr double kHighFactor = 2.0;
inline constexpr double kGenericPue = 1.5;  // also of regions known only by a custom profile

// Multipliers of the proxy, with per_operation_coefficients.
inline constexpr double kSelectCoefficient = 0.5;
inline constexpr double kWriteCoefficient = 1.5;  // INSERT, UPDATE
inline constexpr double kDeleteCoefficient = 1.2;
inline constexpr double kSmallBodyCoefficient = 0.8;
inline constexpr double kMediumBodyCoefficient = 1.2;
inline constexpr double kLargeBodyCoefficient = 2.0;
inline constexpr std::uint64_t kMediumBodyBytes = 10'240;         // from here a response is medium
inline constexpr std::uint64_t kMediumBodyLastBytes = 1'048'576;  // to here

inline constexpr std::size_t kMaxRegions = 256;  // distinct region keys a scoring window; more count as unresolved

}  // namespace sentinel::score
