// The organisation's own file for disclosures, --org-config (chapter 08 §2.3): TOML, unknown keys ignored. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "disclosure/document.h"

namespace sentinel::disclosure {

// Refuses a symbolic link. Error: the file, the key and what is wrong with it.
[[nodiscard]] base::Result<OrgConfig> load_org_config(const std::string& path);
[[nodiscard]] base::Result<OrgConfig> parse_org_config(std::string_view text, const std::string& path);

}  // namespace sentinel::disclosure
