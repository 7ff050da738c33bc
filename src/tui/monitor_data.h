// What `query monitor` shows of a daemon, as plain values (chapter 06 §10). What the daemon did not say is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/report.h"

namespace sentinel::tui {

struct ScraperRow {
  std::string backend;
  bool configured = false;
  std::optional<double> age_seconds;
  std::optional<std::uint64_t> succeeded;
  std::optional<std::uint64_t> failed;
};

// How full the three bounded things of a daemon are.
struct DaemonLoad {
  struct Part {
    std::optional<double> used;
    std::optional<double> most;
  };
  Part active_traces;
  Part analysis_queue;
  Part findings_store;
};

struct SettingRow {
  std::string name;
  std::string value;
  std::string fallback;
  std::string help;
  std::string heading;  // a part of the list begins with this row
};

struct MonitorSnapshot {
  std::vector<model::Warning> hints;  // kind empty: an older daemon says only the text
  model::GreenSummary green;
  std::optional<std::vector<ScraperRow>> scrapers;
  std::optional<DaemonLoad> load;
  std::optional<std::vector<SettingRow>> settings;
};

// One look at the daemon.
struct MonitorPoll {
  std::int64_t at_ms = 0;                   // by the clock of MonitorSource::now_ms()
  std::optional<MonitorSnapshot> snapshot;  // nullopt: it could not be reached
  std::string problem;                      // why
};

// Where looks come from. Called from the view's thread.
class MonitorSource {
 public:
  MonitorSource() = default;
  MonitorSource(const MonitorSource&) = delete;
  MonitorSource& operator=(const MonitorSource&) = delete;
  virtual ~MonitorSource() = default;

  // The looks since the last call, oldest first.
  [[nodiscard]] virtual std::vector<MonitorPoll> take() = 0;
  [[nodiscard]] virtual std::int64_t now_ms() const = 0;
};

}  // namespace sentinel::tui
