#include "telemetry/registry.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <thread>

#include "base/text.h"

namespace sentinel::telemetry {
namespace {

constexpr int kExemplarTries = 1000;  // a writer is at work for nanoseconds, unless its thread lost the core

bool is_exemplar_byte(char c) { return base::is_alnum(c) || c == '_' || c == '-'; }

template <class Accept>
bool is_name(std::string_view name, Accept accept) {
  if (name.empty() || base::is_digit(name.front())) return false;
  return std::all_of(name.begin(), name.end(), accept);
}

// Values joined so that no two lists give the same text.
std::string series_key(std::span<const std::string_view> values) {
  std::string key;
  for (const std::string_view value : values) key.append(std::to_string(value.size())).append(":").append(value);
  return key;
}

bool is_valid(const FamilySpec& spec) {
  if (!is_metric_name(spec.name)) return false;
  for (std::size_t i = 0; i < spec.labels.size(); ++i) {
    if (!is_label_name(spec.labels[i]) || spec.labels[i] == "le") return false;
    if (i > 0 && spec.labels[i - 1] >= spec.labels[i]) return false;
  }
  return std::is_sorted(spec.bounds.begin(), spec.bounds.end());
}

template <class Metric>
constexpr MetricKind kKindOf = MetricKind::kCounter;
template <>
constexpr MetricKind kKindOf<Gauge> = MetricKind::kGauge;
template <>
constexpr MetricKind kKindOf<Histogram> = MetricKind::kHistogram;

void read_value(const Counter& from, SampleSnapshot& to) { to.value = from.value(); }
void read_value(const Gauge& from, SampleSnapshot& to) { to.value = from.value(); }
void read_value(const Histogram& from, SampleSnapshot& to) {
  to.buckets = from.counts();
  to.sum = from.sum();
}

template <class Metric>
FamilySnapshot read_family(const Family<Metric>& family) {
  const FamilySpec& spec = family.spec();
  FamilySnapshot out{spec.name, spec.help, kKindOf<Metric>, spec.labels, spec.bounds, {}};
  std::vector<const Metric*> series;
  family.list(series);
  out.samples.reserve(series.size());
  for (const Metric* one : series) {
    SampleSnapshot& sample = out.samples.emplace_back();
    sample.labels = one->labels();
    if (one->exemplar() != nullptr) sample.exemplar = one->exemplar()->text();
    read_value(*one, sample);
  }
  return out;
}

}  // namespace

bool is_metric_name(std::string_view name) {
  return is_name(name, [](char c) { return base::is_alnum(c) || c == '_' || c == ':'; });
}
bool is_label_name(std::string_view name) {
  return is_name(name, [](char c) { return base::is_alnum(c) || c == '_'; });
}

std::string_view slug(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return "counter";
    case MetricKind::kGauge:
      return "gauge";
    case MetricKind::kHistogram:
      return "histogram";
  }
  return "";
}

// -- Exemplar: a sequence lock. Words are stored with release and read with acquire, so that a reader who saw a word of a
// writer also sees that writer's odd version.

void Exemplar::set(std::string_view trace_id) noexcept {
  std::array<std::uint64_t, kMaxBytes / 8> words{};
  std::size_t size = 0;
  for (const char c : trace_id) {
    if (!is_exemplar_byte(c)) continue;
    reinterpret_cast<char*>(words.data())[size++] = c;
    if (size == kMaxBytes) break;
  }
  if (size == 0) return;
  std::uint64_t version = version_.load(std::memory_order_relaxed);
  if (version % 2 != 0 || !version_.compare_exchange_strong(version, version + 1, std::memory_order_acq_rel)) return;
  for (std::size_t i = 0; i < words.size(); ++i) words_[i].store(words[i], std::memory_order_release);
  size_.store(size, std::memory_order_release);
  version_.store(version + 2, std::memory_order_release);
}

std::string Exemplar::text() const {
  for (int i = 0; i < kExemplarTries; ++i) {
    const std::uint64_t before = version_.load(std::memory_order_acquire);
    if (before == 0) return {};
    if (before % 2 == 0) {
      std::array<std::uint64_t, kMaxBytes / 8> words;
      for (std::size_t w = 0; w < words.size(); ++w) words[w] = words_[w].load(std::memory_order_acquire);
      const std::size_t size = size_.load(std::memory_order_acquire);
      if (version_.load(std::memory_order_relaxed) == before) return {reinterpret_cast<const char*>(words.data()), size};
    }
    std::this_thread::yield();
  }
  return {};
}

// -- Histogram

void Histogram::observe(double value) noexcept {
  std::size_t bucket = bounds_.size();
  if (!std::isnan(value)) {
    bucket = static_cast<std::size_t>(std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin());
    sum_.fetch_add(value, std::memory_order_relaxed);
  }
  counts_[bucket].fetch_add(1, std::memory_order_relaxed);
}

std::vector<std::uint64_t> Histogram::counts() const {
  std::vector<std::uint64_t> out(bounds_.size() + 1);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = counts_[i].load(std::memory_order_relaxed);
  return out;
}

// -- Family

template <class Metric>
Metric* Family<Metric>::series(std::span<const std::string_view> values) {
  if (values.size() != spec_.labels.size()) return nullptr;
  std::string key = series_key(values);
  const std::lock_guard lock(mutex_);
  if (const auto known = by_labels_.find(key); known != by_labels_.end()) return known->second;
  if (series_.size() >= spec_.max_series) return nullptr;
  Metric& made = series_.emplace_back();
  made.labels_.assign(values.begin(), values.end());
  if (spec_.exemplars) made.exemplar_ = std::make_unique<Exemplar>();
  if constexpr (std::is_same_v<Metric, Histogram>) {
    made.bounds_ = spec_.bounds;
    made.counts_ = std::make_unique<std::atomic<std::uint64_t>[]>(spec_.bounds.size() + 1);
  }
  by_labels_.emplace(std::move(key), &made);
  return &made;
}

template <class Metric>
std::size_t Family<Metric>::size() const {
  const std::lock_guard lock(mutex_);
  return series_.size();
}

template <class Metric>
void Family<Metric>::list(std::vector<const Metric*>& out) const {
  const std::lock_guard lock(mutex_);
  for (const Metric& one : series_) out.push_back(&one);
}

template class Family<Counter>;
template class Family<Gauge>;
template class Family<Histogram>;

// -- Registry

template <class Metric>
Family<Metric>* Registry::declare(const FamilySpec& spec) {
  if (!is_valid(spec)) return nullptr;
  const std::lock_guard lock(mutex_);
  for (const AnyFamily& any : families_) {
    const FamilySpec& known = std::visit([](const auto& family) -> const FamilySpec& { return family->spec(); }, any);
    if (known.name != spec.name) continue;
    const auto* same_kind = std::get_if<std::unique_ptr<Family<Metric>>>(&any);
    const bool same =
        same_kind != nullptr && std::ranges::equal(known.labels, spec.labels) && std::ranges::equal(known.bounds, spec.bounds);
    return same ? same_kind->get() : nullptr;
  }
  auto family = std::make_unique<Family<Metric>>(spec);
  Family<Metric>* made = family.get();
  families_.emplace_back(std::move(family));
  return made;
}

Family<Counter>* Registry::counters(const FamilySpec& spec) { return declare<Counter>(spec); }
Family<Gauge>* Registry::gauges(const FamilySpec& spec) { return declare<Gauge>(spec); }
Family<Histogram>* Registry::histograms(const FamilySpec& spec) { return declare<Histogram>(spec); }

Snapshot Registry::snapshot() const {
  Snapshot out;
  const std::lock_guard lock(mutex_);
  out.reserve(families_.size());
  for (const AnyFamily& any : families_) {
    FamilySnapshot family = std::visit([](const auto& one) { return read_family(*one); }, any);
    if (!family.samples.empty()) out.push_back(std::move(family));
  }
  return out;
}

}  // namespace sentinel::telemetry
