#include "daemon/correlator.h"

#include <algorithm>
#include <mutex>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "daemon/correlation_endpoints.h"
#include "daemon/correlation_pair.h"

namespace sentinel::daemon {
namespace {

using Id = CorrelationEndpoints::Id;
using Endpoint = CorrelationEndpoints::Endpoint;

// Pairs that have expired take room and nothing else; they are looked for this often, and whenever room is short.
constexpr std::uint64_t kSweepEveryMs = 1000;

struct PairId {
  Id source;
  Id target;
  friend bool operator==(const PairId&, const PairId&) = default;
};
struct PairIdHash {
  std::size_t operator()(const PairId& id) const { return base::mix64(std::uint64_t{id.source} << 32 | id.target); }
};

std::uint64_t fnv1a(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

bool may_pair(const Endpoint& source, const Endpoint& target) {
  return source.service != target.service && source.grouping == target.grouping;
}

model::CorrelationEnd shown(const Endpoint& endpoint) {
  model::CorrelationEnd out{endpoint.type, endpoint.service, endpoint.template_text, std::nullopt, std::nullopt};
  if (endpoint.grouping) {
    out.grouping_key = endpoint.grouping->first;
    out.grouping_value = endpoint.grouping->second;
  }
  return out;
}

std::string iso(std::uint64_t ms) { return std::string(base::format_iso_ms(ms).view()); }

}  // namespace

std::uint64_t endpoint_hash(model::FindingType type, std::string_view service, std::string_view template_text) {
  std::uint64_t hash = fnv1a(0xcbf29ce484222325ULL, slug(type)) ^ 0xFF;
  hash = fnv1a(hash, service) ^ 0xFE;
  return fnv1a(hash, template_text);
}

struct Correlator::State {
  State(const config::CorrelationConfig& settings, std::size_t most_occurrences)
      : config(settings), window_ms(settings.window_ms()), half_ms(window_ms / 2), max_occurrences(most_occurrences) {}

  // -- fixed
  const config::CorrelationConfig config;
  const std::uint64_t window_ms;
  const std::uint64_t half_ms;
  const std::size_t max_occurrences;

  // -- guarded by the mutex
  mutable std::mutex mutex;
  CorrelationEndpoints endpoints;
  std::unordered_map<PairId, CorrelationPair, PairIdHash> pairs;
  std::uint64_t last_ingest_ms = 0;
  std::uint64_t last_sweep_ms = 0;
  bool warned = false;

  // -- of the batch at hand
  std::unordered_set<PairId, PairIdHash> refused;
  struct Source {
    std::uint64_t first_seq;
    Id id;
  };
  std::vector<Source> sources;  // scratch

  [[nodiscard]] std::uint64_t cutoff(std::uint64_t now_ms) const { return now_ms > window_ms ? now_ms - window_ms : 0; }

  void find_sources(Id target, std::uint64_t first_seq);
  void meet(Id source, Id target, std::uint64_t first_seq, std::string_view trace_id, std::uint64_t now_ms);
  CorrelationPair* pair_of(const PairId& id, std::uint64_t now_ms);
  void sweep(std::uint64_t now_ms);
  std::size_t evict(std::uint64_t now_ms);
  void forget(const PairId& id);

  struct Candidate {
    const Endpoint* source;
    const Endpoint* target;
    const CorrelationPair* pair;
    std::uint64_t count;
    std::uint64_t total;
    double confidence;
  };
  [[nodiscard]] std::vector<Candidate> candidates(std::uint64_t now_ms) const;
};

// -- ingest

// Endpoints that may pair with `target` and occurred from `first_seq` on, by the first time they did: where room for new pairs
// runs out, that is the order in which it is given.
void Correlator::State::find_sources(Id target, std::uint64_t first_seq) {
  sources.clear();
  for (Id id = endpoints.newest(); id != CorrelationEndpoints::kNone; id = endpoints[id].older) {
    const auto& occurrences = endpoints[id].occurrences;
    if (occurrences.back().seq < first_seq) break;
    if (!may_pair(endpoints[id], endpoints[target])) continue;
    const auto first = std::ranges::lower_bound(occurrences, first_seq, {}, &CorrelationEndpoints::Occurrence::seq);
    sources.push_back({(*first).seq, id});
  }
  std::ranges::sort(sources, {}, &Source::first_seq);
}

// The pair, made when there is room for it; else nullptr, and the pair is remembered as refused.
CorrelationPair* Correlator::State::pair_of(const PairId& id, std::uint64_t now_ms) {
  if (const auto known = pairs.find(id); known != pairs.end()) {
    if (known->second.last_seen_ms >= cutoff(now_ms)) return &known->second;
    forget(id);
  }
  if (pairs.size() >= config.max_tracked_pairs && last_sweep_ms != now_ms) sweep(now_ms);
  if (pairs.size() >= config.max_tracked_pairs) {
    refused.insert(id);
    return nullptr;
  }
  endpoints.hold(id.source);
  endpoints.hold(id.target);
  const std::uint64_t seed = now_ms ^ (endpoints[id.source].hash << 17) ^ endpoints[id.target].hash;
  return &pairs.try_emplace(id, now_ms, seed).first->second;
}

void Correlator::State::meet(Id source, Id target, std::uint64_t first_seq, std::string_view trace_id, std::uint64_t now_ms) {
  CorrelationPair* pair = pair_of({source, target}, now_ms);
  if (pair == nullptr) return;
  pair->last_seen_ms = now_ms;
  if (!trace_id.empty()) pair->sample_trace_id = base::truncate_utf8(trace_id, kMaxSampleTraceIdBytes);
  const auto& occurrences = endpoints[source].occurrences;
  const std::uint64_t from = std::max(first_seq, pair->last_source_seq + 1);
  for (auto at = std::ranges::lower_bound(occurrences, from, {}, &CorrelationEndpoints::Occurrence::seq);
       at != occurrences.end(); ++at) {
    pair->last_source_seq = at->seq;
    pair->rotate(now_ms, half_ms);
    ++pair->current;
    pair->lags.record(now_ms > at->ms ? now_ms - at->ms : 0);
  }
}

void Correlator::State::forget(const PairId& id) {
  pairs.erase(id);
  endpoints.release(id.source);
  endpoints.release(id.target);
}

void Correlator::State::sweep(std::uint64_t now_ms) {
  last_sweep_ms = now_ms;
  std::vector<PairId> expired;
  for (const auto& [id, pair] : pairs) {
    if (pair.last_seen_ms < cutoff(now_ms)) expired.push_back(id);
  }
  for (const PairId& id : expired) forget(id);
}

// Makes a tenth of the room free, at the expense of the rarest pairs.
std::size_t Correlator::State::evict(std::uint64_t now_ms) {
  const std::uint64_t cap = config.max_tracked_pairs;
  if (pairs.empty() || pairs.size() < cap) return 0;
  const auto count = static_cast<std::size_t>(std::max<std::uint64_t>(1, pairs.size() - (cap - cap / 10)));
  struct Rank {
    std::uint64_t count;
    std::uint64_t last_seen_ms;
    PairId id;
  };
  std::vector<Rank> ranks;
  ranks.reserve(pairs.size());
  for (const auto& [id, pair] : pairs) ranks.push_back({pair.count_at(now_ms, half_ms), pair.last_seen_ms, id});
  const auto rarer = [this](const Rank& a, const Rank& b) {
    if (std::tie(a.count, a.last_seen_ms) != std::tie(b.count, b.last_seen_ms)) {
      return std::tie(a.count, a.last_seen_ms) < std::tie(b.count, b.last_seen_ms);
    }
    return a.id.source != b.id.source ? endpoints[a.id.source] < endpoints[b.id.source]
                                      : endpoints[a.id.target] < endpoints[b.id.target];
  };
  const auto end = ranks.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(ranks.begin(), end - 1, ranks.end(), rarer);
  std::for_each(ranks.begin(), end, [this](const Rank& rank) { forget(rank.id); });
  return count;
}

Correlator::Correlator(const config::CorrelationConfig& config, std::size_t max_occurrences)
    : state_(std::make_unique<State>(config, max_occurrences)) {}
Correlator::~Correlator() = default;

Correlator::Losses Correlator::ingest(std::span<const SeenFinding> findings, std::uint64_t now_ms) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  Losses losses;
  state.last_ingest_ms = now_ms;
  state.refused.clear();
  state.endpoints.expire(state.cutoff(now_ms));
  if (now_ms < state.last_sweep_ms || now_ms - state.last_sweep_ms >= kSweepEveryMs) state.sweep(now_ms);
  for (const SeenFinding& finding : findings) {
    const Id target = state.endpoints.hold(finding);
    const std::uint64_t first_seq = state.endpoints.first_within(now_ms, state.config.lag_threshold_ms);
    state.find_sources(target, first_seq);
    for (const State::Source& source : state.sources) state.meet(source.id, target, first_seq, finding.trace_id, now_ms);
    state.endpoints.occur(target, now_ms);
    state.endpoints.release(target);
    for (; state.endpoints.occurrences() > state.max_occurrences; ++losses.occurrences_dropped) state.endpoints.drop_oldest();
  }
  if (state.refused.empty()) return losses;
  losses.pairs_evicted = state.refused.size() + state.evict(now_ms);
  if (!std::exchange(state.warned, true)) {
    base::log_warn("correlation", "more pairs than [daemon.correlation] max_tracked_pairs (" +
                                      std::to_string(state.config.max_tracked_pairs) + "): the rarest are forgotten");
  }
  return losses;
}

// -- reading

std::vector<Correlator::State::Candidate> Correlator::State::candidates(std::uint64_t now_ms) const {
  std::vector<Candidate> out;
  const std::uint64_t oldest = cutoff(now_ms);
  for (const auto& [id, pair] : pairs) {
    const std::uint64_t count = pair.count_at(now_ms, half_ms);
    if (pair.last_seen_ms < oldest || count < config.min_co_occurrences) continue;
    const std::uint64_t total = std::max<std::uint64_t>(1, endpoints.count_since(id.source, oldest));
    const double confidence = std::min(1.0, static_cast<double>(count) / static_cast<double>(total));
    if (confidence < config.min_confidence) continue;
    out.push_back({&endpoints[id.source], &endpoints[id.target], &pair, count, total, confidence});
  }
  return out;
}

std::vector<model::Correlation> Correlator::active(std::uint64_t now_ms) const {
  const State& state = *state_;
  const std::lock_guard lock(state.mutex);
  std::vector<State::Candidate> found = state.candidates(std::max(now_ms, state.last_ingest_ms));
  const auto before = [](const State::Candidate& a, const State::Candidate& b) {
    if (a.confidence != b.confidence) return a.confidence > b.confidence;
    if (a.count != b.count) return a.count > b.count;
    return a.source != b.source ? *a.source < *b.source : *a.target < *b.target;
  };
  const std::size_t count = std::min(found.size(), kMaxActiveCorrelations);
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end(), before);
  found.resize(count);
  std::vector<model::Correlation> out;
  out.reserve(count);
  for (const State::Candidate& one : found) {
    model::Correlation& made = out.emplace_back();
    made.source = shown(*one.source);
    made.target = shown(*one.target);
    made.co_occurrence_count = one.count;
    made.source_total_occurrences = one.total;
    made.confidence = one.confidence;
    made.median_lag_ms = one.pair->lags.median();
    made.first_seen = iso(one.pair->first_seen_ms);
    made.last_seen = iso(one.pair->last_seen_ms);
    if (!one.pair->sample_trace_id.empty()) made.sample_trace_id = one.pair->sample_trace_id;
  }
  return out;
}

std::size_t Correlator::pairs() const {
  const std::lock_guard lock(state_->mutex);
  return state_->pairs.size();
}

std::size_t Correlator::occurrences() const {
  const std::lock_guard lock(state_->mutex);
  return state_->endpoints.occurrences();
}

}  // namespace sentinel::daemon
