#include "report/dashboard.h"

#include "report/dashboard_data.h"
#include "report/dashboard_page.h"

namespace sentinel::report {

Dashboard dashboard(const DashboardInput& input) {
  const DashboardData data = dashboard_data(input);
  return {fill_dashboard(input.label, data.json, input.daemon_url), data.findings, data.traces};
}

}  // namespace sentinel::report
