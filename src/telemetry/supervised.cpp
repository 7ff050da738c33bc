#include "telemetry/supervised.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace sentinel::telemetry {

using base::LogLevel;

void Health::add_down(std::string_view component_id) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(down_, component_id) == down_.end()) down_.emplace_back(component_id);
}

std::vector<std::string> Health::down() const {
  const std::lock_guard lock(mutex_);
  return down_;
}

std::optional<std::chrono::milliseconds> RestartPolicy::after_failure(Clock::time_point now) {
  while (!restarts_.empty() && now - restarts_.front() >= kWindow) restarts_.pop_front();
  if (restarts_.size() >= kMostRestarts) return std::nullopt;
  if (restarts_.empty()) wait_ = first_wait_;
  restarts_.push_back(now);
  return std::exchange(wait_, std::min<std::chrono::milliseconds>(wait_ * 2, kLongestWait));
}

Supervised::Supervised(std::string_view component_id, Supervision told)
    : told_(told), component_(component_id, told.meter), policy_(told.first_wait) {
  if (told_.meter != nullptr) told_.meter->supervised(component_id);
}

Supervised::~Supervised() { stop(); }

void Supervised::start(std::function<void()> loop, std::function<void()> given_up) {
  thread_ = std::thread([this, work = std::move(loop), tell = std::move(given_up)] { run_here(work, tell); });
}

void Supervised::end_restarts() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ended_.notify_one();
}

void Supervised::stop() {
  end_restarts();
  if (thread_.joinable()) thread_.join();
}

void Supervised::run_here(const std::function<void()>& loop, const std::function<void()>& given_up) {
  while (true) {
    std::string what = "something that is no exception";
    try {
      return loop();
    } catch (const std::exception& failure) {
      what = failure.what();
    } catch (...) {  // NOLINT(bugprone-empty-catch)
    }
    const Next next = after_failure(what);
    if (next == Next::kGiveUp && given_up) given_up();
    if (next != Next::kRestart) return;
  }
}

// What becomes of the loop; comes back when it is time for it.
Supervised::Next Supervised::after_failure(std::string_view what) {
  component_.error(ErrorKind::kPanic);
  component_.degraded(true);
  const auto wait = policy_.after_failure(RestartPolicy::Clock::now());
  if (!wait) {
    component_.log(LogLevel::kError,
                   "bug: failed again (" + std::string(what) + "); it stays down until the daemon is restarted");
    if (told_.health != nullptr) told_.health->add_down(component_.id());
    return Next::kGiveUp;
  }
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(*wait);
  component_.log(LogLevel::kError,
                 "bug: failed (" + std::string(what) + "); it is started again in " + std::to_string(whole.count()) + " s");
  std::unique_lock lock(mutex_);
  if (ended_.wait_for(lock, *wait, [this] { return stopping_; })) return Next::kEnd;
  if (told_.meter != nullptr) told_.meter->restarted(component_.id());
  component_.degraded(false);
  return Next::kRestart;
}

}  // namespace sentinel::telemetry
