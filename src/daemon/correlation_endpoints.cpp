#include "daemon/correlation_endpoints.h"

#include <algorithm>
#include <tuple>

namespace sentinel::daemon {
namespace {

void append_sized(std::string& to, std::string_view text) { to.append(std::to_string(text.size())).append(":").append(text); }

bool is_within(std::uint64_t ms, std::uint64_t now_ms, std::uint64_t lag_ms) { return now_ms <= ms || now_ms - ms <= lag_ms; }

}  // namespace

bool operator<(const CorrelationEndpoints::Endpoint& a, const CorrelationEndpoints::Endpoint& b) {
  if (a.type != b.type) return slug(a.type) < slug(b.type);
  return std::tie(a.service, a.template_text, a.grouping) < std::tie(b.service, b.template_text, b.grouping);
}

const std::string& CorrelationEndpoints::key_of(const SeenFinding& finding) {
  key_.assign(1, static_cast<char>(finding.type));
  append_sized(key_, finding.service);
  append_sized(key_, finding.template_text);
  if (finding.grouping != nullptr) {
    append_sized(key_, finding.grouping->key);
    append_sized(key_, finding.grouping->value);
  }
  return key_;
}

CorrelationEndpoints::Id CorrelationEndpoints::hold(const SeenFinding& finding) {
  if (const auto known = by_key_.find(key_of(finding)); known != by_key_.end()) {
    ++endpoints_[known->second].holders;
    return known->second;
  }
  Id id = static_cast<Id>(endpoints_.size());
  if (free_.empty()) {
    endpoints_.emplace_back();
    keys_.push_back(nullptr);
  } else {
    id = free_.back();
    free_.pop_back();
  }
  Endpoint& made = endpoints_[id];
  made.type = finding.type;
  made.service = finding.service;
  made.template_text = finding.template_text;
  if (finding.grouping != nullptr) made.grouping.emplace(finding.grouping->key, finding.grouping->value);
  made.hash = endpoint_hash(finding.type, finding.service, finding.template_text);
  made.holders = 1;
  keys_[id] = &by_key_.emplace(key_, id).first->first;
  return id;
}

void CorrelationEndpoints::release(Id id) {
  if (--endpoints_[id].holders > 0) return;
  by_key_.erase(by_key_.find(*keys_[id]));
  endpoints_[id] = Endpoint();
  keys_[id] = nullptr;
  free_.push_back(id);
}

void CorrelationEndpoints::link(Id id) {
  Endpoint& endpoint = endpoints_[id];
  endpoint.older = newest_;
  endpoint.newer = kNone;
  (newest_ == kNone ? oldest_ : endpoints_[newest_].newer) = id;
  newest_ = id;
}

void CorrelationEndpoints::unlink(Id id) {
  const Endpoint& endpoint = endpoints_[id];
  (endpoint.newer == kNone ? newest_ : endpoints_[endpoint.newer].older) = endpoint.older;
  (endpoint.older == kNone ? oldest_ : endpoints_[endpoint.older].newer) = endpoint.newer;
}

void CorrelationEndpoints::occur(Id id, std::uint64_t now_ms) {
  if (endpoints_[id].occurrences.empty()) {
    hold(id);
  } else {
    unlink(id);
  }
  link(id);
  endpoints_[id].occurrences.push_back({now_ms, next_seq_++});
  if (order_.empty()) {
    in_time_order_ = true;
  } else if (order_.back().ms > now_ms) {
    in_time_order_ = false;
  }
  order_.push_back({now_ms, id});
}

void CorrelationEndpoints::drop_oldest() {
  const Id id = order_.front().id;
  order_.pop_front();
  Occurrences& occurrences = endpoints_[id].occurrences;
  occurrences.pop_front();
  if (!occurrences.empty()) return;
  unlink(id);
  release(id);
}

void CorrelationEndpoints::expire(std::uint64_t cutoff_ms) {
  while (!order_.empty() && order_.front().ms < cutoff_ms) drop_oldest();
}

std::uint64_t CorrelationEndpoints::count_since(Id id, std::uint64_t since_ms) const {
  const Occurrences& all = endpoints_[id].occurrences;
  const auto old = [&](const Occurrence& one) { return one.ms < since_ms; };
  const auto too_old = in_time_order_ ? std::partition_point(all.begin(), all.end(), old) - all.begin()
                                      : std::count_if(all.begin(), all.end(), old);
  return static_cast<std::uint64_t>(all.end() - all.begin() - too_old);
}

std::uint64_t CorrelationEndpoints::first_within(std::uint64_t now_ms, std::uint64_t lag_ms) const {
  const auto old = [&](const Stamp& stamp) { return !is_within(stamp.ms, now_ms, lag_ms); };
  const auto first = in_time_order_ ? std::partition_point(order_.begin(), order_.end(), old)
                                    : std::find_if(order_.rbegin(), order_.rend(), old).base();
  return next_seq_ - static_cast<std::uint64_t>(order_.end() - first);
}

}  // namespace sentinel::daemon
