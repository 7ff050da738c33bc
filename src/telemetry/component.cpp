#include "telemetry/component.h"

#include <algorithm>
#include <chrono>

namespace sentinel::telemetry {
namespace {

constexpr std::string_view kErrorKindNames[kErrorKinds] = {"cardinality", "connect", "downstream", "enumerate",
                                                           "init",        "panic",   "parse",      "read"};
constexpr std::string_view kInitReasonNames[] = {"instrument_register", "nil_provider", "unsupported_sdk"};

constexpr double kLatencyBounds[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                     0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
constexpr std::uint64_t kSecondUs = 1'000'000;
constexpr std::uint64_t kFailureWindowUs = 60 * kSecondUs;
constexpr std::uint64_t kHourUs = 3600 * kSecondUs;

constexpr std::string_view kById[] = {"component_id"};
constexpr std::string_view kByIdAndKind[] = {"component_id", "kind"};
constexpr std::string_view kByIdAndReason[] = {"component_id", "reason"};
constexpr std::string_view kByCall[] = {"component_id", "kind", "result"};
constexpr std::string_view kByQueue[] = {"queue"};
constexpr std::string_view kByBuild[] = {"build_type", "command", "compiler", "revision", "version"};

const std::vector<std::string> kNoLabels;
const std::vector<std::string> kMaximum = {"max"};

// How long a component was degraded, as one number that is changed in one step, so that a scrape never sees it go back: the
// upper byte counts those degraded now (components may share an id), the rest is the time of closed intervals less the
// beginning of the open one, in microseconds.
class DegradedTime {
 public:
  void begin(std::uint64_t now_us) {
    change([now_us](Parts parts) { return Parts{parts.open + 1, parts.open == 0 ? parts.us - now_us : parts.us}; });
  }
  void end(std::uint64_t now_us) {
    change([now_us](Parts parts) { return Parts{parts.open - 1, parts.open == 1 ? parts.us + now_us : parts.us}; });
  }
  [[nodiscard]] double seconds(std::uint64_t now_us) const {
    const Parts parts = split(packed_.load(std::memory_order_relaxed));
    const std::uint64_t us = (parts.us + (is_open(parts) ? now_us : 0)) & kTime;
    return static_cast<double>(us) / static_cast<double>(kSecondUs);
  }

  [[nodiscard]] bool now() const { return is_open(split(packed_.load(std::memory_order_relaxed))); }

 private:
  static constexpr unsigned kTimeBits = 56;
  static constexpr std::uint64_t kTime = (std::uint64_t{1} << kTimeBits) - 1;
  struct Parts {
    std::uint64_t open;
    std::uint64_t us;
  };
  // Past the middle: an end came before its begin, on another thread.
  static bool is_open(const Parts& parts) { return parts.open > 0 && parts.open < 128; }
  static Parts split(std::uint64_t packed) { return {packed >> kTimeBits, packed & kTime}; }

  template <class Change>
  void change(Change to) {
    std::uint64_t before = packed_.load(std::memory_order_relaxed);
    for (;;) {
      const Parts parts = to(split(before));
      if (packed_.compare_exchange_weak(before, parts.open << kTimeBits | (parts.us & kTime), std::memory_order_relaxed))
        return;
    }
  }

  std::atomic<std::uint64_t> packed_{0};
};

SampleSnapshot& add_sample(FamilySnapshot& family, std::span<const std::string> labels, double value) {
  SampleSnapshot& sample = family.samples.emplace_back();
  sample.labels = labels;
  sample.value = value;
  return sample;
}

FamilySnapshot& add_family(Snapshot& out, std::string_view name, std::string_view help, MetricKind kind,
                           std::span<const std::string_view> labels = {}) {
  return out.emplace_back(FamilySnapshot{name, help, kind, labels, {}, {}});
}

}  // namespace

std::string_view slug(ErrorKind kind) { return kErrorKindNames[static_cast<std::size_t>(kind)]; }
std::string_view slug(InitReason reason) { return kInitReasonNames[static_cast<std::size_t>(reason)]; }

MeterClock system_meter_clock() {
  return {[] {
            const auto now = std::chrono::steady_clock::now().time_since_epoch();
            return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
          },
          [] { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }};
}

// What all components of one id count into.
struct ComponentSeries {
  std::vector<std::string> labels;  // the id
  MeterClock clock;
  std::array<Counter*, kErrorKinds> errors{};
  Counter* emissions = nullptr;
  Histogram* latency = nullptr;
  Gauge* last_activity = nullptr;
  Counter* calls_succeeded = nullptr;  // of exporters only, as those below
  std::array<Counter*, kErrorKinds> calls_failed{};
  DegradedTime degraded;
};

struct Meter::Families {
  Family<Counter>* errors;
  Family<Counter>* emissions;
  Family<Histogram>* latency;
  Family<Gauge>* last_activity;
  Family<Counter>* calls;
  Family<Counter>* init_errors;
};

// -- Component

Component::Component(std::string_view id, Meter* meter, Role role)
    : id_(id),
      series_(meter != nullptr ? meter->series(id, role) : nullptr),
      makes_calls_(series_ != nullptr && role == Role::kExporter) {
  activity();
}

Component::~Component() { degraded(false); }

void Component::error(ErrorKind kind) {
  if (series_ != nullptr) series_->errors[static_cast<std::size_t>(kind)]->add();
}

void Component::emissions(std::int64_t items) {
  if (series_ != nullptr && items > 0) series_->emissions->add(static_cast<std::uint64_t>(items));
}

void Component::latency(double seconds) {
  if (series_ != nullptr) series_->latency->observe(seconds);
}

void Component::degraded(bool on) {
  if (degraded_.exchange(on, std::memory_order_relaxed) == on || series_ == nullptr) return;
  const std::uint64_t now_us = series_->clock.steady_us();
  on ? series_->degraded.begin(now_us) : series_->degraded.end(now_us);
}

void Component::activity() {
  if (series_ != nullptr) series_->last_activity->set(series_->clock.unix_seconds());
}

void Component::call_success() {
  if (makes_calls_) series_->calls_succeeded->add();
}

void Component::call_failure(ErrorKind kind) {
  if (makes_calls_) series_->calls_failed[static_cast<std::size_t>(kind)]->add();
}

// -- Meter

Meter::Meter(Registry& registry, const BuildInfo& build, const MeterClock& clock)
    : clock_(clock),
      families_(std::make_unique<Families>(Families{
          registry.counters({.name = "perf_sentinel_receiver_errors_total",
                             .help = "What a component could not do, by kind.",
                             .labels = kByIdAndKind}),
          registry.counters(
              {.name = "perf_sentinel_receiver_emissions_total", .help = "Items that a component handed on.", .labels = kById}),
          registry.histograms({.name = "perf_sentinel_receiver_collection_latency_seconds",
                               .help = "Time of one collection or request, however it ended.",
                               .labels = kById,
                               .bounds = kLatencyBounds}),
          registry.gauges({.name = "perf_sentinel_receiver_last_activity_unix_seconds",
                           .help = "Last sign of life of a component, in seconds since 1970.",
                           .labels = kById}),
          registry.counters(
              {.name = "perf_sentinel_exporter_calls_total", .help = "Outbound calls by result.", .labels = kByCall}),
          registry.counters({.name = "perf_sentinel_selftelemetry_init_errors_total",
                             .help = "Components that run without their meter, by reason.",
                             .labels = kByIdAndReason}),
      })),
      failures_(kFailureWindowUs) {
  auto* info =
      registry.gauges({.name = "perf_sentinel_build_info", .help = "1, with what was built as labels.", .labels = kByBuild});
  if (info != nullptr) info->series({build.build_type, build.command, build.compiler, build.revision, build.version})->set(1);
}

Meter::~Meter() = default;

ComponentSeries* Meter::series(std::string_view id, Component::Role role) {
  const Families& families = *families_;
  if (families.errors == nullptr || families.emissions == nullptr || families.latency == nullptr ||
      families.last_activity == nullptr || families.calls == nullptr) {
    init_error(id, InitReason::kInstrumentRegister);
    return nullptr;
  }
  const std::lock_guard lock(mutex_);
  auto found = std::ranges::find_if(components_, [id](const ComponentSeries& one) { return one.labels[0] == id; });
  ComponentSeries* out = found != components_.end() ? &*found : nullptr;
  if (out == nullptr) {
    out = &components_.emplace_back();
    out->labels = {std::string(id)};
    out->clock = clock_;
    for (std::size_t i = 0; i < kErrorKinds; ++i) out->errors[i] = families.errors->series({id, kErrorKindNames[i]});
    out->emissions = families.emissions->series({id});
    out->latency = families.latency->series({id});
    out->last_activity = families.last_activity->series({id});
  }
  if (role == Component::Role::kExporter && out->calls_succeeded == nullptr) {
    for (std::size_t i = 0; i < kErrorKinds; ++i)
      out->calls_failed[i] = families.calls->series({id, kErrorKindNames[i], "failure"});
    out->calls_succeeded = families.calls->series({id, "", "success"});
  }
  return out;
}

QueueFill& Meter::queue(std::string_view name) {
  const std::lock_guard lock(mutex_);
  for (Queue& queue : queues_) {
    if (queue.labels[0] == name) return queue.fill;
  }
  Queue& made = queues_.emplace_back();
  made.labels = {std::string(name)};
  return made.fill;
}

// Precondition: the lock is held.
Meter::Restarts& Meter::restarts_of(std::string_view component_id) {
  const auto found = std::ranges::find_if(restarts_, [&](const Restarts& one) { return one.labels[0] == component_id; });
  if (found != restarts_.end()) return *found;
  return restarts_.emplace_back(Restarts{{std::string(component_id)}, {}});
}

void Meter::supervised(std::string_view component_id) {
  const std::lock_guard lock(mutex_);
  (void)restarts_of(component_id);
}

void Meter::restarted(std::string_view component_id) {
  const std::lock_guard lock(mutex_);
  Restarts& found = restarts_of(component_id);
  if (found.at_us.size() == kMostRestarts) found.at_us.pop_front();
  found.at_us.push_back(clock_.steady_us());
}

void Meter::init_error(std::string_view component_id, InitReason reason) {
  if (families_->init_errors != nullptr) families_->init_errors->series({component_id, slug(reason)})->add();
}

// -- what is worked out at a scrape

double Meter::failure_rate(std::uint64_t now_us) {
  std::uint64_t failed = 0;
  std::uint64_t succeeded = 0;
  for (const ComponentSeries& one : components_) {
    if (one.calls_succeeded == nullptr) continue;
    succeeded += one.calls_succeeded->value();
    for (const Counter* counter : one.calls_failed) failed += counter->value();
  }
  return failures_.update(now_us, failed, failed + succeeded);
}

void Meter::append_degraded(Snapshot& out, std::uint64_t now_us) const {
  if (components_.empty()) return;
  FamilySnapshot& family = add_family(out, "perf_sentinel_receiver_degraded_seconds_total",
                                      "Time that a component spent degraded.", MetricKind::kCounter, kById);
  for (const ComponentSeries& one : components_) add_sample(family, one.labels, one.degraded.seconds(now_us));
}

void Meter::append_queues(Snapshot& out) const {
  if (queues_.empty()) return;
  FamilySnapshot& family = add_family(out, "perf_sentinel_queue_depth_ratio",
                                      "Depth of a bounded queue as a share of its capacity.", MetricKind::kGauge, kByQueue);
  double fullest = 0.0;
  for (const Queue& queue : queues_) {
    const double ratio = queue.fill.ratio();
    fullest = std::max(fullest, ratio);
    add_sample(family, queue.labels, ratio);
  }
  add_sample(family, kMaximum, fullest);
}

void Meter::append_restarts(Snapshot& out, std::uint64_t now_us) {
  if (restarts_.empty()) return;
  FamilySnapshot& family = add_family(out, "perf_sentinel_component_restart_count_per_hour",
                                      "Restarts of a component in the last hour.", MetricKind::kGauge, kById);
  for (Restarts& one : restarts_) {
    while (!one.at_us.empty() && now_us - one.at_us.front() > kHourUs) one.at_us.pop_front();
    add_sample(family, one.labels, static_cast<double>(one.at_us.size()));
  }
}

std::vector<std::string> Meter::degraded() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const ComponentSeries& one : components_) {
    if (one.degraded.now()) ids.push_back(one.labels[0]);
  }
  return ids;
}

double Meter::exporter_failure_rate() {
  const std::lock_guard lock(mutex_);
  return failure_rate(clock_.steady_us());
}

void Meter::append(Snapshot& out) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t now_us = clock_.steady_us();
  append_degraded(out, now_us);
  append_queues(out);
  append_restarts(out, now_us);
  FamilySnapshot& rate = add_family(out, "perf_sentinel_exporter_failure_rate",
                                    "Share of outbound calls that failed in the last minute.", MetricKind::kGauge);
  add_sample(rate, kNoLabels, failure_rate(now_us));
}

}  // namespace sentinel::telemetry
