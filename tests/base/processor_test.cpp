#include "base/processor.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

namespace sentinel::base {
namespace {

cpu_set_t allowed_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  return set;
}

TEST(Processor, AThreadLeavesTheOneItIsOnAndMayUseAllAsBefore) {
  std::thread([] {
    const cpu_set_t before = allowed_processors();
    if (CPU_COUNT(&before) < 2) GTEST_SKIP() << "one processor only";
    if (sched_setaffinity(0, sizeof before, &before) != 0) GTEST_SKIP() << "affinity may not be set here";
    bool left = false;  // the system may move it meanwhile, so that one attempt is not enough
    for (int attempt = 0; attempt < 100 && !left; ++attempt) {
      const int at = current_processor();
      leave_processor(at);
      left = current_processor() != at;
    }
    EXPECT_TRUE(left);
    const cpu_set_t after = allowed_processors();
    EXPECT_TRUE(CPU_EQUAL(&before, &after));
  }).join();
}

TEST(Processor, AThreadElsewhereStaysAndAnUnknownProcessorIsNoReason) {
  const cpu_set_t before = allowed_processors();
  leave_processor(-1);
  leave_processor(CPU_SETSIZE - 1);
  const cpu_set_t after = allowed_processors();
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

TEST(Processor, WithOneProcessorAllowedNothingChanges) {
  std::thread([] {
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(current_processor(), &only);
    if (sched_setaffinity(0, sizeof only, &only) != 0) GTEST_SKIP() << "affinity may not be set here";
    leave_processor(current_processor());
    const cpu_set_t after = allowed_processors();
    EXPECT_TRUE(CPU_EQUAL(&only, &after));
  }).join();
}

}  // namespace
}  // namespace sentinel::base
