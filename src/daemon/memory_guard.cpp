#include "daemon/memory_guard.h"

#include <algorithm>
#include <chrono>

#include "base/descriptor.h"
#include "base/log.h"
#include "base/number_parse.h"
#include "base/text.h"

namespace sentinel::daemon {
namespace {

constexpr std::string_view kMemoryTarget = "memory";
constexpr std::chrono::seconds kPeriod{1};
constexpr std::size_t kMostBytes = 64 << 10;

// Takes the next line off `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return line;
}

// 0 when there is none.
std::uint64_t inactive_file(std::string_view stat) {
  constexpr std::string_view kKey = "inactive_file ";
  while (!stat.empty()) {
    const std::string_view line = take_line(stat);
    if (line.starts_with(kKey)) return base::parse_count(base::trim(line.substr(kKey.size()))).value_or(0);
  }
  return 0;
}

}  // namespace

std::optional<double> memory_ratio(std::string_view current, std::string_view max, std::string_view stat) {
  const auto used = base::parse_count(base::trim(current));
  const auto limit = base::parse_count(base::trim(max));
  if (!used || !limit || *limit == 0) return std::nullopt;
  const std::uint64_t given_back = std::min(*used, inactive_file(stat));
  return static_cast<double>(*used - given_back) / static_cast<double>(*limit);
}

std::vector<std::string> memory_folders(std::string_view cgroup, const std::string& mount) {
  std::vector<std::string> folders;
  std::string_view own;
  while (!cgroup.empty()) {
    std::string_view line = take_line(cgroup);
    if (!line.starts_with("0::/")) continue;  // another hierarchy of version 1
    own = line.substr(3);
  }
  // A path out of the namespace ("/../x") names nothing below the mount.
  if (own.find("/..") != std::string_view::npos) own = {};
  while (own.size() > 1) {
    folders.push_back(mount + std::string(own));
    own = own.substr(0, own.rfind('/'));
  }
  folders.push_back(mount);
  return folders;
}

std::optional<double> read_memory_ratio(const std::vector<std::string>& folders) {
  std::optional<double> fullest;
  for (const std::string& folder : folders) {
    const auto ratio = memory_ratio(base::read_file_head(folder + "/memory.current", kMostBytes),
                                    base::read_file_head(folder + "/memory.max", kMostBytes),
                                    base::read_file_head(folder + "/memory.stat", kMostBytes));
    if (ratio && (!fullest || *ratio > *fullest)) fullest = ratio;
  }
  return fullest;
}

MemoryGuard::MemoryGuard(unsigned high_water_pct, const std::string& mount, const std::string& own_cgroup)
    : high_water_pct_(high_water_pct), folders_(memory_folders(base::read_file_head(own_cgroup, kMostBytes), mount)) {}

MemoryGuard::~MemoryGuard() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (loop_) loop_->stop();
}

void MemoryGuard::start(telemetry::Supervision told, telemetry::Gauge* shown) {
  shown_ = shown;
  poll();
  loop_.emplace("memory_guard/main", told).start([this] {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kPeriod, [this] { return stopping_; })) poll();
  });
}

void MemoryGuard::set(bool on) {
  on_.store(on, std::memory_order_relaxed);
  if (shown_ != nullptr) shown_->set_count(on ? 1 : 0);
}

bool MemoryGuard::poll() { return decide(read_memory_ratio(folders_)); }

bool MemoryGuard::decide(std::optional<double> ratio) {
  if (!ratio) {
    if (!warned_)
      base::log_warn(kMemoryTarget, "memory_high_water_pct has no effect: no memory limit of a cgroup (version 2) can be read");
    warned_ = true;
    set(false);
    return false;
  }
  const double mark = high_water_pct_ / 100.0;
  const double low = (high_water_pct_ - std::min(high_water_pct_, kMemoryHysteresisPct)) / 100.0;
  const bool was = on();
  const bool now = *ratio >= mark || (was && *ratio >= low);
  if (now != was) {
    set(now);
    const auto percent = static_cast<unsigned>(*ratio * 100);
    base::log_warn(kMemoryTarget,
                   now ? "memory at " + std::to_string(percent) + " % of its limit: new spans are refused until it falls"
                       : "memory at " + std::to_string(percent) + " % of its limit: spans are taken again");
  }
  return now;
}

}  // namespace sentinel::daemon
