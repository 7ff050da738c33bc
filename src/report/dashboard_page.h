// The page around the data of a dashboard: the file that web/ is built to, with its blanks filled. For dashboard.cpp.
#pragma once

#include <string>
#include <string_view>

namespace sentinel::report {

// The built page as it was compiled in.
[[nodiscard]] std::string_view dashboard_template();

// Title, data and the one address that the page may connect to (empty: none) go where the template has a mark for them; nothing
// is looked for in what is filled in.
[[nodiscard]] std::string fill_dashboard(std::string_view label, std::string_view json, std::string_view daemon_url = {});

// A label without control, direction and line-breaking characters.
[[nodiscard]] std::string clean_label(std::string_view label);

}  // namespace sentinel::report
