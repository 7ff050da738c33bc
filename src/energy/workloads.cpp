#include "energy/workloads.h"

#include <algorithm>
#include <utility>

#include "energy/instances.h"

namespace sentinel::energy {
namespace {

constexpr Millis kShortestBill = 1'000;
constexpr Millis kLongestBill = 3'600'000;
constexpr double kMillisPerHour = 3'600'000;

}  // namespace

std::optional<double> Balance::take(Millis now, Millis limit) {
  if (since(alive_, now) > limit || !(kwh_ > 0)) return std::nullopt;
  return std::exchange(kwh_, 0.0);
}

Workloads::Workloads(const config::AlumetConfig& alumet, const config::BrokerStaticConfig& broker, Millis started)
    : database_(alumet.active() ? alumet.database : std::nullopt),
      broker_(alumet.active() ? alumet.broker : std::nullopt),
      declared_region_(broker.region),
      declared_(broker.active()),
      limit_(kStalePeriods * alumet.scrape_interval_secs * 1000),
      billed_until_(started) {
  if (!declared_) return;
  declared_watts_ = *broker.nodes * power_of(*broker.instance_type, broker.provider.value_or("generic")).max_watts;
}

void Workloads::scraped(std::optional<double> database_kwh, std::optional<double> broker_kwh, Millis now) {
  database_balance_.add(database_kwh.value_or(0.0));
  database_balance_.confirm(now);
  broker_balance_.add(broker_kwh.value_or(0.0));
  broker_balance_.confirm(now);
  if (broker_kwh) broker_sampled_ = now;
}

score::Workload Workloads::take_database(Millis now) {
  score::Workload workload;
  if (!database_) return workload;
  workload.declared = true;
  if (const auto kwh = database_balance_.take(now, limit_)) {
    workload.delivered = {*kwh, std::string(model_tag_of(score::EnergySource::kAlumetRapl)), database_->region};
  }
  return workload;
}

score::Workload Workloads::measured_broker(std::optional<double> kwh) const {
  score::Workload workload{.declared = true, .delivered = std::nullopt};
  if (kwh) workload.delivered = {*kwh, std::string(model_tag_of(score::EnergySource::kAlumetRapl)), broker_->region};
  return workload;
}

score::Workload Workloads::take_broker(Millis now) {
  if (!broker_ && !declared_) return {};
  const bool owned = broker_sampled_ && since(*broker_sampled_, now) <= limit_;
  if (outage_) broker_balance_.discard();
  if (owned) outage_ = false;
  const std::optional<double> measured = outage_ ? std::nullopt : broker_balance_.take(now, limit_);
  const std::optional<double> declared = take_declared(now);  // what is not used is gone
  if (owned || measured) return measured_broker(measured);
  score::Workload workload{.declared = true, .delivered = std::nullopt};
  if (declared) {
    outage_ = true;
    workload.delivered = {*declared, "broker_specpower", declared_region_};
  }
  return workload;
}

std::optional<double> Workloads::take_declared(Millis now) {
  const Millis elapsed = since(billed_until_, now);
  if (!declared_ || elapsed < kShortestBill) return std::nullopt;
  billed_until_ = now;
  return declared_watts_ * static_cast<double>(std::min(elapsed, kLongestBill)) / kMillisPerHour / 1000.0;
}

}  // namespace sentinel::energy
