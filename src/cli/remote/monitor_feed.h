// Looks at a daemon every few seconds, on a thread of its own (chapter 06 §10).
//
// The first look begins at once; a look is four requests side by side, and one without a report counts as unreachable. Ends
// with the object, whatever the daemon does. take() from one thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "cli/remote/daemon_api.h"
#include "cli/remote/wake.h"
#include "tui/monitor_data.h"

namespace sentinel::cli {

class MonitorFeed final : public tui::MonitorSource {
 public:
  MonitorFeed(DaemonApi& api, std::chrono::seconds refresh);
  ~MonitorFeed() override;

  [[nodiscard]] std::vector<tui::MonitorPoll> take() override;
  [[nodiscard]] std::int64_t now_ms() const override;

 private:
  void run();
  [[nodiscard]] tui::MonitorPoll look();

  DaemonApi& api_;
  std::chrono::seconds refresh_;
  Wake wake_;
  std::mutex mutex_;
  std::condition_variable ending_changed_;
  bool ending_ = false;                  // guarded by mutex_
  std::vector<tui::MonitorPoll> polls_;  // guarded by mutex_
  std::thread thread_;                   // last: it uses the rest
};

}  // namespace sentinel::cli
