// The metrics of a process: families of counters, gauges and histograms, each with its series (chapters 05 §10, 11 §1).
//
// A family is declared once, at start; its series are made at start or on first sight, up to the family's cap, and are never
// taken away again. A series handle stays valid as long as the registry. What a producer calls on a handle (add, set, observe,
// Exemplar::set) is lock-free, allocates nothing and may come from any thread; values are each exact, but a scrape sees
// different series at slightly different moments. Making a series and taking a snapshot hold the family's lock for a moment;
// producers never wait for it. Declaring may come from any thread; names and help of a FamilySpec must outlive the registry.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace sentinel::telemetry {

// The trace id that a sample points to. Writers on several threads: one of their ids is kept whole, the others may be lost.
class Exemplar {
 public:
  static constexpr std::size_t kMaxBytes = 64;

  // Keeps the bytes of [A-Za-z0-9_-], at most kMaxBytes of them; an id without any is no exemplar, and the old one stays.
  void set(std::string_view trace_id) noexcept;
  // Empty when there is none.
  [[nodiscard]] std::string text() const;

 private:
  std::atomic<std::uint64_t> version_{0};  // odd while a writer is at work
  std::atomic<std::uint64_t> size_{0};
  std::array<std::atomic<std::uint64_t>, kMaxBytes / 8> words_{};
};

// Parts common to the three kinds of series.
class Series {
 public:
  // Label values in the order of the family's labels.
  [[nodiscard]] std::span<const std::string> labels() const { return labels_; }
  // nullptr unless the family has exemplars.
  [[nodiscard]] Exemplar* exemplar() const { return exemplar_.get(); }
  void set_exemplar(std::string_view trace_id) noexcept {
    if (exemplar_ != nullptr) exemplar_->set(trace_id);
  }

 private:
  template <class Metric>
  friend class Family;
  std::vector<std::string> labels_;
  std::unique_ptr<Exemplar> exemplar_;
};

class Counter : public Series {
 public:
  void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge : public Series {
 public:
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void set_count(std::uint64_t value) noexcept { set(static_cast<double>(value)); }
  void add(double delta) noexcept { value_.fetch_add(delta, std::memory_order_relaxed); }
  [[nodiscard]] double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0.0};
};

class Histogram : public Series {
 public:
  // Counts into the first bucket whose bound is >= value, or the last one; NaN counts there and leaves the sum alone.
  void observe(double value) noexcept;
  [[nodiscard]] std::span<const double> bounds() const { return bounds_; }
  // Counts of each bucket alone, the one without a bound last.
  [[nodiscard]] std::vector<std::uint64_t> counts() const;
  [[nodiscard]] double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }

 private:
  template <class Metric>
  friend class Family;
  std::span<const double> bounds_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;  // bounds_.size() + 1
  std::atomic<double> sum_{0.0};
};

enum class MetricKind : std::uint8_t { kCounter, kGauge, kHistogram };
[[nodiscard]] std::string_view slug(MetricKind kind);  // "counter"

inline constexpr std::size_t kNoSeriesCap = SIZE_MAX;

struct FamilySpec {
  std::string_view name;  // [a-zA-Z_:][a-zA-Z0-9_:]*, as the plain format shows it: counters with their _total
  std::string_view help;
  std::span<const std::string_view> labels = {};  // [a-zA-Z_][a-zA-Z0-9_]*, in byte order, not "le"
  std::span<const double> bounds = {};            // of histograms: rising, finite
  std::size_t max_series = kNoSeriesCap;
  bool exemplars = false;
};

template <class Metric>
class Family {
 public:
  explicit Family(const FamilySpec& spec) : spec_(spec) {}

  // The series with these label values, made on first sight; nullptr when the cap is reached or their number is not that of
  // the labels. Keep the handle: the look-up takes a lock.
  Metric* series(std::span<const std::string_view> values);
  Metric* series(std::initializer_list<std::string_view> values) { return series({values.begin(), values.size()}); }
  // Of a family without labels.
  Metric& only() { return *series(std::span<const std::string_view>()); }

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] const FamilySpec& spec() const { return spec_; }
  // Appends the series there are; they stay valid, their values go on changing.
  void list(std::vector<const Metric*>& out) const;

 private:
  const FamilySpec spec_;
  mutable std::mutex mutex_;  // guards what follows, not the values in it
  std::deque<Metric> series_;
  std::unordered_map<std::string, Metric*> by_labels_;
};

// -- what a scrape reads

struct SampleSnapshot {
  std::span<const std::string> labels;        // owned by the registry
  std::variant<std::uint64_t, double> value;  // counters and gauges
  std::string exemplar;                       // a trace id, or empty
  std::vector<std::uint64_t> buckets;         // of a histogram, each alone
  double sum = 0.0;
};

struct FamilySnapshot {
  std::string_view name;
  std::string_view help;
  MetricKind kind = MetricKind::kGauge;
  std::span<const std::string_view> labels;
  std::span<const double> bounds;
  std::vector<SampleSnapshot> samples;
};
using Snapshot = std::vector<FamilySnapshot>;

class Registry {
 public:
  Registry() = default;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // The family of that name, declared on first sight; nullptr when the name or a label is not valid, or is taken by a family
  // of another kind or with other labels.
  Family<Counter>* counters(const FamilySpec& spec);
  Family<Gauge>* gauges(const FamilySpec& spec);
  Family<Histogram>* histograms(const FamilySpec& spec);

  // Families in order of declaration, series in order of creation; families without series are left out. The registry must
  // outlive it.
  [[nodiscard]] Snapshot snapshot() const;

 private:
  using AnyFamily =
      std::variant<std::unique_ptr<Family<Counter>>, std::unique_ptr<Family<Gauge>>, std::unique_ptr<Family<Histogram>>>;
  template <class Metric>
  Family<Metric>* declare(const FamilySpec& spec);

  mutable std::mutex mutex_;
  std::vector<AnyFamily> families_;
};

[[nodiscard]] bool is_metric_name(std::string_view name);
[[nodiscard]] bool is_label_name(std::string_view name);

}  // namespace sentinel::telemetry
