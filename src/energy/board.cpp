#include "energy/board.h"

#include <algorithm>
#include <utility>

namespace sentinel::energy {
namespace {

std::array<Millis, score::kEnergySources> lives(const config::GreenConfig& config) {
  const std::array<std::uint64_t, score::kEnergySources> periods = {
      config.cloud.scrape_interval_secs, config.redfish.scrape_interval_secs, config.kepler.scrape_interval_secs,
      config.scaphandre.scrape_interval_secs, config.alumet.scrape_interval_secs};
  std::array<Millis, score::kEnergySources> out{};
  for (std::size_t i = 0; i < periods.size(); ++i) out[i] = periods[i] * 1000 * kStalePeriods;
  return out;
}

}  // namespace

Board::Board(const config::GreenConfig& config, Millis started)
    : lives_(lives(config)),
      grid_life_(config.emaps.poll_interval_secs * 1000 * kStalePeriods),
      workloads_(config.alumet, config.broker_static, started) {}

void Board::put(score::EnergySource source, std::span<const Coefficient> coefficients, Millis now) {
  const std::lock_guard lock(mutex_);
  auto& rows = measured_[static_cast<std::size_t>(source)];
  for (const Coefficient& c : coefficients) rows[c.service] = {c.kwh_per_op, now};
  changed_ |= !coefficients.empty();
}

void Board::put(std::span<const RegionReading> readings, Millis now) {
  const std::lock_guard lock(mutex_);
  for (const RegionReading& r : readings) grid_[r.region] = {r.reading, now};
  changed_ |= !readings.empty();
}

void Board::bank(std::optional<double> database_kwh, std::optional<double> broker_kwh, Millis now) {
  const std::lock_guard lock(mutex_);
  workloads_.scraped(database_kwh, broker_kwh, now);
}

const score::Readings& Board::take(Millis now) {
  const std::lock_guard lock(mutex_);
  if (changed_ || now >= good_until_) merge(now);
  taken_.database = workloads_.take_database(now);
  taken_.broker = workloads_.take_broker(now);
  return taken_;
}

// Worst source first, so that a better one overwrites it.
void Board::merge(Millis now) {
  changed_ = false;
  good_until_ = UINT64_MAX;
  taken_.services.clear();
  taken_.regions.clear();
  for (std::size_t i = 0; i < measured_.size(); ++i) {
    for (const auto& [service, row] : measured_[i]) {
      if (since(row.at, now) >= lives_[i]) continue;
      taken_.services[service] = {row.kwh_per_op, static_cast<score::EnergySource>(i)};
      good_until_ = std::min(good_until_, row.at + lives_[i]);
    }
  }
  for (const auto& [region, row] : grid_) {
    if (since(row.at, now) >= grid_life_) continue;
    taken_.regions[region] = row.reading;
    good_until_ = std::min(good_until_, row.at + grid_life_);
  }
}

}  // namespace sentinel::energy
