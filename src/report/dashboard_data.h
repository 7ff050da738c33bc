// The data of a dashboard as compact JSON (chapter 07 §7.1, §7.2). For dashboard.cpp.
#pragma once

#include <string>

#include "report/dashboard.h"

namespace sentinel::report {

struct DashboardData {
  std::string json;
  Kept findings;
  Kept traces;
};

[[nodiscard]] DashboardData dashboard_data(const DashboardInput& input);

}  // namespace sentinel::report
