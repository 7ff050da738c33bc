// What a disclosure must hold to be official, and what is worth a warning whatever it is for (chapter 08 §10).
// Pure functions, any thread.
#pragma once

#include <string>
#include <vector>

#include "disclosure/document.h"

namespace sentinel::disclosure {

inline constexpr std::uint32_t kMinOfficialDays = 30;
inline constexpr std::uint32_t kCanonicalThreshold = 2;

// All reasons against publishing the document as official, "<path>: <reason>", in the order of the chapter; empty: none.
[[nodiscard]] std::vector<std::string> official_rejections(const Document& document);

// Those that the organisation's file alone can give, whatever is measured later.
[[nodiscard]] std::vector<std::string> organisation_rejections(const OrgConfig& organisation);

[[nodiscard]] std::vector<std::string> period_warnings(const Document& document, std::uint64_t windows,
                                                       std::uint64_t legacy_windows);

}  // namespace sentinel::disclosure
