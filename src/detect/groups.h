// Groups of numbered things by key, in order of first appearance, members in the order they were added.
//
// Members are chained through one array, so that a group costs a few words and nothing is allocated once the largest input has
// passed. Keys are found through an IndexTable by hash_of(key). One thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/hash.h"
#include "base/index_table.h"

namespace sentinel::detect {

using base::IndexTable;
using base::kNone;
using base::spread;

// The members of a group, for range-based for.
class Members {
 public:
  class Iterator {
   public:
    Iterator(const std::uint32_t* next, std::uint32_t at) : next_(next), at_(at) {}
    std::uint32_t operator*() const { return at_; }
    Iterator& operator++() {
      at_ = next_[at_];
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

   private:
    const std::uint32_t* next_;
    std::uint32_t at_;
  };

  Members(const std::uint32_t* next, std::uint32_t first) : next_(next), first_(first) {}
  [[nodiscard]] Iterator begin() const { return {next_, first_}; }
  [[nodiscard]] Iterator end() const { return {next_, kNone}; }

 private:
  const std::uint32_t* next_;
  std::uint32_t first_;
};

[[nodiscard]] inline std::uint64_t hash_of(std::uint64_t key) { return spread(key); }
[[nodiscard]] inline std::uint64_t hash_of(const base::Hash128& key) { return base::fold128(key); }

struct NoExtra {};

template <class Key, class Extra = NoExtra>
struct Group {
  Key key = {};
  std::uint32_t first = kNone;
  std::uint32_t last = kNone;
  std::uint32_t count = 0;
  [[no_unique_address]] Extra extra;
};

template <class Key, class Extra = NoExtra>
class Groups {
 public:
  using Group = detect::Group<Key, Extra>;

  // Empties. Members will be below `members`, and at most `adds` of them are added.
  void reset(std::size_t members, std::size_t adds) {
    count_ = 0;
    if (next_.size() < members) next_.resize(members);
    new_scope(adds);
  }

  // Keeps the groups there are, but later keys form new ones: what is added from here on is a scope of its own.
  void new_scope(std::size_t adds) {
    table_.reset(adds);
    if (groups_.size() < count_ + adds) groups_.resize(count_ + adds);
  }

  // Adds members in a loop; all it needs by value, so that the compiler keeps it in registers. The groups are whole when it is
  // destroyed.
  class Adder {
   public:
    explicit Adder(Groups& owner)
        : owner_(&owner),
          table_(owner.table_.handle()),
          groups_(owner.groups_.data()),
          next_(owner.next_.data()),
          count_(owner.count_) {}
    ~Adder() { owner_->count_ = count_; }
    Adder(const Adder&) = delete;
    Adder& operator=(const Adder&) = delete;

    // The same, cheaper where neighbours share their key.
    Group& add_next(const Key& key, std::uint32_t member) {
      if (last_ == count_ || groups_[last_].key != key) return add(key, member);
      next_[member] = kNone;
      return append(groups_[last_], member);
    }

    // Each member at most once in the life of the groups. Gives the member's group.
    Group& add(const Key& key, std::uint32_t member) {
      const std::uint32_t g =
          table_.find_or_add(hash_of(key), count_, [&](std::uint32_t other) { return groups_[other].key == key; });
      next_[member] = kNone;
      Group& group = groups_[g];
      last_ = g;
      if (g == count_) {
        ++count_;
        return group = Group{key, member, member, 1, {}};
      }
      return append(group, member);
    }

   private:
    Group& append(Group& group, std::uint32_t member) const {
      next_[group.last] = member;
      group.last = member;
      ++group.count;
      return group;
    }

    Groups* owner_;
    IndexTable::Handle table_;
    Group* groups_;
    std::uint32_t* next_;
    std::uint32_t count_;
    std::uint32_t last_ = count_;  // group of the member before; count_: none
  };

  // The same where speed does not matter.
  Group& add(const Key& key, std::uint32_t member) { return Adder(*this).add(key, member); }

  [[nodiscard]] std::span<Group> all() { return {groups_.data(), count_}; }
  [[nodiscard]] std::span<const Group> all() const { return {groups_.data(), count_}; }
  [[nodiscard]] Members members(const Group& group) const { return {next_.data(), group.first}; }

 private:
  IndexTable table_;
  std::vector<Group> groups_;  // only grows; the first count_ are in use
  std::uint32_t count_ = 0;
  std::vector<std::uint32_t> next_;
};

}  // namespace sentinel::detect
