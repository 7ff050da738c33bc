// Which spans of a trace a finding is about, by the rules of the dashboard (chapter 07 §7.3, chapter 03 §4.9).
//
// A finding is named by its key: trace, signature, first and last timestamp and first grouping pair. Findings of a trace that
// share a key but not their spans have no entry, for nobody could tell whose spans they are; a slow operation of one trace and
// its twin across traces share both, and one entry. Pure functions, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/symbols.h"
#include "model/trace_set.h"

namespace sentinel::analysis {

// "<trace>|<signature>|<first>|<last>", and "|<bytes(key)>:<key>|<bytes(value)>:<value>" of the first grouping pair.
[[nodiscard]] std::string culprit_key(const model::Finding& finding);

struct Culprits {
  std::string key;
  std::vector<std::string> span_ids;  // in span order; an id that spans share comes as often
};

// `findings` are those of the trace, in report order. Findings without evidence are left out.
[[nodiscard]] std::vector<Culprits> find_culprits(const model::TraceView& trace, const model::Symbols& symbols,
                                                  std::span<const model::Finding* const> findings);

}  // namespace sentinel::analysis
