// The endpoints that the correlator knows, and when each occurred within the window (chapter 03 §9.2).
//
// An endpoint has a number as long as it has occurrences or pairs that hold it. Those with occurrences stand in a list by their
// last one, so that who occurred within the lag is found without looking at every occurrence. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/correlator.h"

namespace sentinel::daemon {

class CorrelationEndpoints {
 public:
  using Id = std::uint32_t;
  static constexpr Id kNone = UINT32_MAX;

  struct Occurrence {
    std::uint64_t ms;
    std::uint64_t seq;
  };
  // Oldest first. A std::deque takes half a kilobyte for its first element, and most endpoints have few.
  class Occurrences {
   public:
    [[nodiscard]] auto begin() const { return items_.begin() + static_cast<std::ptrdiff_t>(head_); }
    [[nodiscard]] auto end() const { return items_.end(); }
    [[nodiscard]] bool empty() const { return head_ == items_.size(); }
    [[nodiscard]] const Occurrence& back() const { return items_.back(); }
    void push_back(Occurrence occurrence) { items_.push_back(occurrence); }
    void pop_front() {
      if (++head_ * 2 < items_.size()) return;
      items_.erase(items_.begin(), begin());
      head_ = 0;
    }

   private:
    std::vector<Occurrence> items_;
    std::size_t head_ = 0;  // below it: forgotten
  };
  struct Endpoint {
    model::FindingType type = model::FindingType::kNPlusOneSql;
    std::string service;
    std::string template_text;
    std::optional<std::pair<std::string, std::string>> grouping;  // key, value
    std::uint64_t hash = 0;                                       // endpoint_hash()
    Occurrences occurrences;
    std::size_t holders = 0;  // pairs, and one while it has occurrences
    Id newer = kNone;
    Id older = kNone;

    // Order of what is shown.
    friend bool operator<(const Endpoint& a, const Endpoint& b);
  };

  // The number of a finding's endpoint, held until release().
  Id hold(const SeenFinding& finding);
  void hold(Id id) { ++endpoints_[id].holders; }
  void release(Id id);

  [[nodiscard]] const Endpoint& operator[](Id id) const { return endpoints_[id]; }

  // Adds an occurrence of a held endpoint, which becomes the newest.
  void occur(Id id, std::uint64_t now_ms);
  // Forgets the oldest occurrence of all.
  void drop_oldest();
  // Forgets from the front what is older than `cutoff_ms`.
  void expire(std::uint64_t cutoff_ms);

  // Number of the first occurrence such that it and all after it are at most `lag_ms` old.
  [[nodiscard]] std::uint64_t first_within(std::uint64_t now_ms, std::uint64_t lag_ms) const;
  // How often an endpoint occurred at `since_ms` or later.
  [[nodiscard]] std::uint64_t count_since(Id id, std::uint64_t since_ms) const;
  // The endpoint that occurred last, and then through Endpoint::older.
  [[nodiscard]] Id newest() const { return newest_; }
  [[nodiscard]] std::size_t occurrences() const { return order_.size(); }

 private:
  struct Stamp {
    std::uint64_t ms;
    Id id;
  };
  const std::string& key_of(const SeenFinding& finding);
  void link(Id id);
  void unlink(Id id);

  std::vector<Endpoint> endpoints_;
  std::vector<Id> free_;
  std::unordered_map<std::string, Id> by_key_;
  std::vector<const std::string*> keys_;  // by number, into by_key_
  std::string key_;                       // scratch

  std::deque<Stamp> order_;     // all occurrences, oldest first
  std::uint64_t next_seq_ = 1;  // of the next one; they are numbered without gaps
  bool in_time_order_ = true;   // false while the clock has gone back
  Id newest_ = kNone;
  Id oldest_ = kNone;
};

}  // namespace sentinel::daemon
