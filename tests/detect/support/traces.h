// A language of few words for building traces of span records and reading findings back.
//
//   Traces t;
//   t.sql("SELECT 1").params("7").at(10).took(800);        one SQL span of trace "t1", 10 ms after the base time, 800 us long
//   t.times(5, 10, [&](int i) { return t.sql("…").params(i); });   five spans, one every 10 ms
//   t.lay("root", "A 0-200  B 100-150");                   HTTP children of a parent: template and times in ms
//   t.found()                                              "n_plus_one_sql/warning/5/5/40; …"
//
// Unless said otherwise: service order-svc, endpoint POST /api/orders, 800 us, base time 2025-07-10T14:32:01.000Z.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "detect/detect.h"
#include "model/finding.h"
#include "model/report.h"
#include "model/symbols.h"
#include "model/trace_set.h"

namespace sentinel::detect::testing {

inline constexpr std::uint64_t kBaseMs = 1'752'157'921'000;  // 2025-07-10T14:32:01.000Z

class Traces;

// The span added last; each word sets one field and gives the span back.
class SpanWords {
 public:
  SpanWords(Traces& traces, model::SpanRecord& record) : traces_(&traces), record_(&record) {}

  SpanWords& params(std::string_view text);
  SpanWords& params(int number) { return params(std::to_string(number)); }
  SpanWords& at(std::uint64_t ms_after_base);
  SpanWords& stamped(std::string_view timestamp);
  SpanWords& took(std::uint64_t us);
  SpanWords& in(std::string_view trace);
  SpanWords& service(std::string_view name);
  SpanWords& endpoint(std::string_view name);
  SpanWords& id(std::string_view id);
  SpanWords& parent(std::string_view id);
  SpanWords& group(std::string_view key, std::string_view value);
  SpanWords& scopes(const std::vector<std::string>& chain);
  SpanWords& code(std::string_view function, std::string_view filepath, std::string_view code_namespace);

 private:
  Traces* traces_;
  model::SpanRecord* record_;
};

class Traces {
 public:
  SpanWords sql(std::string_view template_text) { return add(model::EventType::kSql, template_text); }
  SpanWords http(std::string_view template_text) { return add(model::EventType::kHttpOut, template_text); }
  SpanWords publish(std::string_view template_text) { return add(model::EventType::kMessaging, template_text); }
  SpanWords add(model::EventType type, std::string_view template_text);

  // `count` spans made by `make(i)`, one every `every_ms` from the base time.
  template <class Make>
  void times(int count, std::uint64_t every_ms, Make make) {
    for (int i = 0; i < count; ++i) make(i).at(static_cast<std::uint64_t>(i) * every_ms);
  }

  // HTTP children: "<template> <start>-<end>" in ms, parted by spaces.
  void lay(std::string_view parent, std::string_view children);

  model::DetectionSettings settings;
  unsigned threads = 1;

  // Findings of all spans so far; valid until the next call.
  const std::vector<model::Finding>& findings();

  // The same through show(), parted by "; ": all, or those of a type that begins with `prefix`.
  std::string found(std::string_view prefix = "");

  // The first finding of a type; a failure and an empty finding when there is none.
  model::Finding one(std::string_view type);

  // Spans in another order, for order-independence tests. `order` names each span once.
  void reorder(const std::vector<std::size_t>& order);
  [[nodiscard]] std::size_t size() const { return records_.size(); }
  model::SpanRecord& record(std::size_t i) { return records_[i]; }
  void drop(std::size_t i) { records_.erase(records_.begin() + static_cast<std::ptrdiff_t>(i)); }

  model::Symbols symbols;

  // The traces in order of first appearance; pointers into the records.
  [[nodiscard]] model::TraceSet set() const;

 private:
  std::deque<model::SpanRecord> records_;
  std::vector<model::Finding> findings_;
  std::vector<base::Arena> texts_;
};

// "<type>/<severity>/<occurrences>/<distinct params>/<window ms>", with "*" before heuristic ones.
std::string show(const model::Finding& finding);

// Parted by spaces.
std::string joined(std::span<const std::string_view> texts);

bool contains(std::string_view text, std::string_view part);

}  // namespace sentinel::detect::testing
