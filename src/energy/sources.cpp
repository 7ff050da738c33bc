#include "energy/sources.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <utility>

namespace sentinel::energy {
namespace {

Millis steady_now() {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<Millis>(std::chrono::duration_cast<std::chrono::milliseconds>(since_boot).count());
}

Sources::Options complete(Sources::Options options) {
  if (!options.now) options.now = steady_now;
  return options;
}

}  // namespace

std::unique_ptr<Sources> Sources::make(const config::GreenConfig& config, Options options) {
  if (config.configured_backends.empty()) return nullptr;
  return std::make_unique<Sources>(config, std::move(options));
}

Sources::Sources(const config::GreenConfig& config, Options options)
    : options_(complete(std::move(options))),
      board_(config, options_.now()),
      cancel_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  const Surroundings around{board_, options_.operations, options_.now, options_.told, options_.proxies, cancel_};
  for (Plan& plan : plans_of(config)) {
    const ScrapeSeries series = options_.series ? options_.series(plan.backend) : ScrapeSeries{};
    scrapers_.push_back(std::make_unique<Scraper>(std::move(plan), series, around));
  }
}

Sources::~Sources() {
  stop();
  ::close(cancel_);
}

void Sources::start() {
  for (const auto& scraper : scrapers_) scraper->start();
}

void Sources::stop() {
  const std::uint64_t one = 1;
  (void)!::write(cancel_, &one, sizeof one);
  for (const auto& scraper : scrapers_) scraper->join();
}

void Sources::refresh_ages() const {
  for (const auto& scraper : scrapers_) scraper->refresh_age();
}

}  // namespace sentinel::energy
