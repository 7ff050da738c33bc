// A language of few words for traces as pictures: one span a word, "<name>[<parent] [@service] <start>-<end>", times in
// microseconds.
//
//   Picture p("root 0-100  a<root 10-40  b<root 50-90  c<b@other 55-70");
//   p.trace()                        100
//   p.path()                         "root b c a": spans on the critical path, in input order
//   p.critical("a c")                time on the critical path inside a and c
//   p.with("a=5 b=0")                end to end when a takes 5 and b nothing
//   p.parallel("a b")                end to end when a and b do not wait for each other
//
// "!" before a name: a consumer of messages. "?" instead of times: start not known.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "analysis/impact/span_graph.h"
#include "analysis/impact/what_if.h"

namespace sentinel::analysis::testing {

class Picture {
 public:
  explicit Picture(const std::string& text) {
    std::istringstream in(text);
    for (std::string who, times; in >> who >> times;) add(who, times);
    graph_.build(spans_);
    what_if_.reset();
  }

  [[nodiscard]] std::uint64_t trace() const { return graph_.end_to_end_us(); }

  [[nodiscard]] std::string path() const {
    std::string out;
    for (std::uint32_t i = 0; i < names_.size(); ++i) {
      if (graph_.on_critical_path(i)) out += (out.empty() ? "" : " ") + names_[i];
    }
    return out;
  }

  [[nodiscard]] std::string times(const std::string& name) const {
    const std::uint32_t i = find(name);
    return std::to_string(graph_.start(i)) + "-" + std::to_string(graph_.end(i)) + (graph_.attached(i) ? "" : " detached");
  }

  [[nodiscard]] std::uint64_t critical(const std::string& names) const {
    std::vector<std::uint32_t> spans = list(names);
    return graph_.critical_us(spans);
  }

  [[nodiscard]] std::uint64_t with(const std::string& changes) {
    std::istringstream in(changes);
    std::vector<WhatIf::Change> list;
    for (std::string word; in >> word;) {
      const std::size_t equals = word.find('=');
      list.push_back({find(word.substr(0, equals)), std::atoll(word.c_str() + equals + 1)});
    }
    return what_if_.end_to_end_us(list);
  }

  [[nodiscard]] std::uint64_t parallel(const std::string& names) {
    const std::vector<std::uint32_t> spans = list(names);
    return what_if_.end_to_end_us({}, spans);
  }

  [[nodiscard]] const std::vector<GraphSpan>& spans() const { return spans_; }
  [[nodiscard]] const SpanGraph& graph() const { return graph_; }
  [[nodiscard]] WhatIf& what_if() { return what_if_; }

 private:
  void add(std::string who, const std::string& times) {
    GraphSpan span;
    if (const std::size_t at = who.find('@'); at != std::string::npos) {
      for (const char c : who.substr(at + 1)) span.service = span.service * 31 + static_cast<unsigned char>(c);
      who.resize(at);
    }
    if (const std::size_t at = who.find('<'); at != std::string::npos) {
      parents_.push_back(who.substr(at + 1));
      who.resize(at);
    } else {
      parents_.emplace_back();
    }
    span.consumer = who.starts_with('!');
    names_.push_back(span.consumer ? who.substr(1) : who);
    span.placed = times != "?";
    if (span.placed) {
      const std::size_t dash = times.find('-');
      span.start_us = kBase + std::strtoull(times.c_str(), nullptr, 10);
      span.duration_us = kBase + std::strtoull(times.c_str() + dash + 1, nullptr, 10) - span.start_us;
    }
    spans_.push_back(span);
    for (std::uint32_t i = 0; i < spans_.size(); ++i) {  // parents may come later
      if (!parents_[i].empty()) spans_[i].parent = find(parents_[i]);
    }
  }

  [[nodiscard]] std::uint32_t find(const std::string& name) const {
    for (std::uint32_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return i;
    }
    return kNoSpan;
  }

  [[nodiscard]] std::vector<std::uint32_t> list(const std::string& names) const {
    std::istringstream in(names);
    std::vector<std::uint32_t> spans;
    for (std::string name; in >> name;) spans.push_back(find(name));
    return spans;
  }

  static constexpr std::uint64_t kBase = 1'752'157'921'000'000;  // 2025-07-10T14:32:01Z

  std::vector<std::string> names_, parents_;
  std::vector<GraphSpan> spans_;
  SpanGraph graph_;
  WhatIf what_if_{graph_};
};

}  // namespace sentinel::analysis::testing
