#include "daemon/phase.h"

#include <gtest/gtest.h>

namespace sentinel::daemon {
namespace {

using telemetry::Health;

TEST(Probes, a_component_that_stays_down_is_named) {
  net::RequestHead head;
  Health health;
  EXPECT_EQ(readiness(Phase::kReady, health, head).status, 200);
  EXPECT_EQ(liveness(health, head).status, 200);
  health.add_down("json_socket/main");
  health.add_down("archive/main");
  EXPECT_EQ(readiness(Phase::kReady, health, head).status, 503);
  EXPECT_EQ(readiness(Phase::kReady, health, head).body, "not ready: json_socket/main, archive/main");
  EXPECT_EQ(liveness(health, head).status, 503);
  EXPECT_EQ(readiness(Phase::kStopping, health, head).body, "shutting down");
}

}  // namespace
}  // namespace sentinel::daemon
