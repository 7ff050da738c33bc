#include "analysis/why_not.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

#include "analysis/probe.h"
#include "analysis/scoped_rules.h"
#include "base/arena.h"
#include "detect/trace_index.h"

namespace sentinel::analysis {
namespace {

using model::DetectionSettings;
using model::EventType;
using model::Finding;
using model::FindingType;
using model::SpanRecord;
using Spans = std::vector<const SpanRecord*>;

constexpr std::uint32_t kNever = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

// Parents whose chains are looked at, those with most children first: each costs runs of the detectors.
constexpr std::size_t kMaxParents = 1000;

bool is_between(FindingType type, FindingType first, FindingType last) { return first <= type && type <= last; }

// Works out the answers for one group of one trace.
class Inquiry {
 public:
  Inquiry(const model::TraceView& trace, const model::Symbols& symbols, const config::Config& config)
      : trace_(trace), symbols_(symbols), config_(config) {
    index_.build(trace, symbols, kNoLimit);
  }

  std::optional<WhyNot> run(std::string_view template_text) {
    std::uint64_t groups = 0;
    for (const detect::TemplateGroup& group : index_.templates()) {
      if (symbols_.text(group.key.template_id()) != template_text) continue;
      ++groups;
      if (group_ == nullptr || group.count > group_->count) group_ = &group;
    }
    if (group_ == nullptr) return std::nullopt;
    for (const std::uint32_t i : index_.members(*group_)) members_.push_back(trace_.spans[i]);
    type_ = group_->key.type();

    WhyNot out;
    out.trace_id = symbols_.text(trace_.trace);
    out.template_text = symbols_.text(group_->key.template_id());
    out.type = type_;
    out.spans = group_->count;
    out.other_groups = groups - 1;
    out.service = symbols_.text(members_.front()->service);
    out.endpoint = symbols_.text(members_.front()->endpoint);
    out.detectors = {n_plus_one(),      redundant(),       slow(), excessive_fanout(), chatty_service(),
                     pool_saturation(), serialized_calls()};
    return out;
  }

 private:
  [[nodiscard]] Probe about(Spans spans, FindingType first, FindingType last) const {
    return {symbols_, trace_.trace, std::move(spans), [=](const Finding& f) { return is_between(f.type, first, last); }};
  }

  // Thresholds that judge this finding, rules included; those of [detection] where there is none.
  [[nodiscard]] DetectionSettings settings_of(const std::optional<Finding>& finding) const {
    return finding ? settings_for(config_, *finding) : config_.detection.settings;
  }

  static DetectorAnswer not_applicable(std::string_view detector, std::string_view note) {
    return {.detector = detector,
            .verdict = Answer::kNotApplicable,
            .note = note,
            .conditions = {},
            .turning_points = {},
            .ancestor = {}};
  }

  template <std::size_t kCount>
  static void conclude(DetectorAnswer& answer, const Probe& probe, const DetectionSettings& settings,
                       const std::array<ProbedKey, kCount>& keys) {
    if (probe.fires(settings)) {
      answer.verdict = Answer::kFired;
      return;
    }
    for (const ProbedKey& key : keys) {
      if (const auto value = turning_value(probe, settings, key)) answer.turning_points.push_back({key.name, *value});
    }
  }

  DetectorAnswer n_plus_one() {
    const Probe probe = about(members_, FindingType::kNPlusOneSql, FindingType::kNPlusOneMessaging);
    DetectionSettings open = config_.detection.settings;
    open.n_plus_one_threshold = 1;
    open.window_ms = kNoLimit;
    open.sanitizer = DetectionSettings::Sanitizer::kNever;
    const std::optional<Finding> seen = probe.ask(open, texts_);
    const DetectionSettings settings = settings_of(seen);
    DetectorAnswer answer{.detector = "n_plus_one"};
    if (!seen) return answer;  // cannot be: one span makes a group of one
    const std::uint64_t least = settings.n_plus_one_threshold;
    const auto& pattern = seen->pattern;
    answer.conditions.push_back({.what = "calls of the template",
                                 .actual = pattern.occurrences,
                                 .required = least,
                                 .key = "n_plus_one_min_occurrences"});
    if (type_ != EventType::kMessaging) {
      answer.conditions.push_back({.what = "different parameter lists among them",
                                   .actual = pattern.distinct_params,
                                   .required = least,
                                   .key = "n_plus_one_min_occurrences"});
      DetectionSettings any_window = settings;
      any_window.window_ms = kNoLimit;
      if (pattern.occurrences >= least && pattern.distinct_params < least) {
        answer.conditions.push_back({.what = "recognised as one whose parameters were removed",
                                     .actual = probe.fires(any_window) ? 1U : 0U,
                                     .required = 1,
                                     .key = "sanitizer_aware_classification",
                                     .instead = true,
                                     .yes_or_no = true});
      }
    }
    answer.conditions.push_back({.what = "ms from the first to the last start",
                                 .actual = pattern.window_ms,
                                 .comparison = Comparison::kAtMost,
                                 .required = settings.window_ms,
                                 .key = "window_duration_ms"});
    constexpr std::array<ProbedKey, 2> kKeys = {{{"n_plus_one_min_occurrences"}, {"window_duration_ms", Way::kUp}}};
    conclude(answer, probe, settings, kKeys);
    return answer;
  }

  DetectorAnswer redundant() {
    if (type_ == EventType::kMessaging) return not_applicable("redundant", "two messages are never the same call");
    const Probe probe = about(members_, FindingType::kRedundantSql, FindingType::kRedundantHttp);
    DetectionSettings unclaimed = config_.detection.settings;
    unclaimed.n_plus_one_threshold = kNever;
    const std::optional<Finding> seen = probe.ask(unclaimed, texts_);
    const DetectionSettings settings = settings_of(seen);
    DetectorAnswer answer{.detector = "redundant"};
    answer.conditions.push_back(
        {.what = "calls with the same parameters", .actual = seen ? seen->pattern.occurrences : 1, .required = 2});
    const Probe claim = about(members_, FindingType::kNPlusOneSql, FindingType::kNPlusOneMessaging);
    answer.conditions.push_back({.what = "told as an N+1 already",
                                 .actual = claim.fires(settings) ? 1U : 0U,
                                 .comparison = Comparison::kAtMost,
                                 .required = 0,
                                 .yes_or_no = true});
    if (probe.fires(settings)) answer.verdict = Answer::kFired;
    return answer;
  }

  DetectorAnswer slow() {
    const Probe probe = about(members_, FindingType::kSlowSql, FindingType::kSlowMessaging);
    DetectionSettings open = config_.detection.settings;
    open.slow_threshold_ms = 0;
    open.slow_min_occurrences = 1;
    const DetectionSettings settings = settings_of(probe.ask(open, texts_));
    DetectionSettings one = settings;
    one.slow_min_occurrences = 1;
    const std::optional<Finding> seen = probe.ask(one, texts_);
    DetectorAnswer answer{.detector = "slow", .note = "calls longer than slow_query_threshold_ms; other traces may add theirs"};
    answer.conditions.push_back({.what = "ms of the longest call, rounded up",
                                 .actual = longest_ms(),
                                 .comparison = Comparison::kAbove,
                                 .required = settings.slow_threshold_ms,
                                 .key = "slow_query_threshold_ms"});
    answer.conditions.push_back({.what = "calls longer than that",
                                 .actual = seen ? seen->pattern.occurrences : 0,
                                 .required = settings.slow_min_occurrences,
                                 .key = "slow_query_min_occurrences"});
    constexpr std::array<ProbedKey, 2> kKeys = {{{"slow_query_threshold_ms"}, {"slow_query_min_occurrences"}}};
    conclude(answer, probe, settings, kKeys);
    return answer;
  }

  // Rounded up, it is above a limit in whole milliseconds exactly when the call is.
  std::uint64_t longest_ms() const {
    std::uint64_t longest = 0;
    for (const SpanRecord* s : members_) longest = std::max(longest, s->duration_us);
    return longest / 1000 + (longest % 1000 != 0 ? 1 : 0);
  }

  // -- what looks at the children of a span

  // Parents of the template's spans, and spans of the template that are parents; those with most children first.
  std::vector<const detect::ParentGroup*> parents() {
    std::vector<const detect::ParentGroup*> found;
    const model::TextId id = group_->key.template_id();
    for (const detect::ParentGroup& parent : index_.parents()) {
      const std::uint32_t at = index_.find_span(parent.key);
      bool related = at != detect::kNone && trace_.spans[at]->template_id == id;
      for (const std::uint32_t i : index_.children(parent)) related = related || trace_.spans[i]->template_id == id;
      if (related) found.push_back(&parent);
    }
    std::ranges::stable_sort(found, std::ranges::greater(), &detect::ParentGroup::count);
    if (found.size() > kMaxParents) found.resize(kMaxParents);
    return found;
  }

  // The children, and the parent where it is in the trace, which gives findings their place.
  Probe about_children(const detect::ParentGroup& parent, FindingType type) {
    std::vector<std::uint32_t> places;
    for (const std::uint32_t i : index_.children(parent)) places.push_back(i);
    if (const std::uint32_t at = index_.find_span(parent.key); at != detect::kNone) places.push_back(at);
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    Spans spans;
    for (const std::uint32_t i : places) spans.push_back(trace_.spans[i]);
    return about(std::move(spans), type, type);
  }

  Ancestor ancestor(const detect::ParentGroup& parent) {
    std::array<char, 16> buffer;
    Ancestor out;
    out.span_id = model::parent_id_text(symbols_, *trace_.spans[parent.first], buffer);
    if (const std::uint32_t at = index_.find_span(parent.key); at != detect::kNone) {
      out.service = symbols_.text(trace_.spans[at]->service);
      out.template_text = symbols_.text(trace_.spans[at]->template_id);
    }
    return out;
  }

  // Asks about each parent with `open` settings and goes on with the one whose finding is the largest, else with the first.
  DetectorAnswer about_parents(std::string_view detector, FindingType type, const DetectionSettings& open,
                               Condition (*condition)(const std::optional<Finding>&, const DetectionSettings&),
                               const ProbedKey& key) {
    const std::vector<const detect::ParentGroup*> candidates = parents();
    if (candidates.empty()) return not_applicable(detector, "no span of the template has a parent or children");
    const detect::ParentGroup* chosen = candidates.front();
    std::optional<Finding> largest;
    for (const detect::ParentGroup* parent : candidates) {
      const std::optional<Finding> seen = about_children(*parent, type).ask(open, texts_);
      if (!seen || (largest && seen->pattern.occurrences <= largest->pattern.occurrences)) continue;
      largest = seen;
      chosen = parent;
    }
    const DetectionSettings settings = settings_of(largest);
    DetectorAnswer answer{.detector = detector};
    answer.ancestor = ancestor(*chosen);
    answer.conditions.push_back(condition(largest, settings));
    conclude(answer, about_children(*chosen, type), settings, std::array<ProbedKey, 1>{key});
    return answer;
  }

  DetectorAnswer excessive_fanout() {
    DetectionSettings open = config_.detection.settings;
    open.max_fanout = 0;
    return about_parents("excessive_fanout", FindingType::kExcessiveFanout, open,
                         [](const std::optional<Finding>& seen, const DetectionSettings& settings) {
                           return Condition{.what = "children of one span",
                                            .actual = seen ? seen->pattern.occurrences : 0,
                                            .comparison = Comparison::kAbove,
                                            .required = settings.max_fanout,
                                            .key = "max_fanout"};
                         },
                         {"max_fanout"});
  }

  DetectorAnswer serialized_calls() {
    DetectionSettings open = config_.detection.settings;
    open.serialized_min_sequential = 2;
    return about_parents("serialized_calls", FindingType::kSerializedCalls, open,
                         [](const std::optional<Finding>& seen, const DetectionSettings& settings) {
                           return Condition{.what = "calls one after the other, of two templates or more",
                                            .actual = seen ? seen->pattern.occurrences : 0,
                                            .required = settings.serialized_min_sequential,
                                            .key = "serialized_min_sequential"};
                         },
                         {"serialized_min_sequential"});
  }

  // -- what looks at the whole trace

  [[nodiscard]] bool same_grouping(const Finding& f) const {
    const auto pairs = symbols_.grouping(members_.front()->grouping).pairs;
    return f.grouping.empty() ? pairs.empty() : !pairs.empty() && f.grouping.front() == pairs.front();
  }

  DetectorAnswer chatty_service() {
    if (type_ != EventType::kHttpOut) return not_applicable("chatty_service", "it counts HTTP calls only");
    Probe probe = about({trace_.spans.begin(), trace_.spans.end()}, FindingType::kChattyService, FindingType::kChattyService);
    probe.meant = [this](const Finding& f) { return f.type == FindingType::kChattyService && same_grouping(f); };
    DetectionSettings open = config_.detection.settings;
    open.chatty_service_min_calls = 0;
    const std::optional<Finding> seen = probe.ask(open, texts_);
    const DetectionSettings settings = settings_of(seen);
    DetectorAnswer answer{.detector = "chatty_service"};
    answer.conditions.push_back({.what = "HTTP calls of the trace, whatever they call",
                                 .actual = seen ? seen->pattern.occurrences : 0,
                                 .comparison = Comparison::kAbove,
                                 .required = settings.chatty_service_min_calls,
                                 .key = "chatty_service_min_calls"});
    conclude(answer, probe, settings, std::array<ProbedKey, 1>{{{"chatty_service_min_calls"}}});
    return answer;
  }

  DetectorAnswer pool_saturation() {
    if (type_ != EventType::kSql) return not_applicable("pool_saturation", "it counts SQL calls only");
    Probe probe = about({trace_.spans.begin(), trace_.spans.end()}, FindingType::kPoolSaturation, FindingType::kPoolSaturation);
    probe.meant = [this, service = symbols_.text(members_.front()->service)](const Finding& f) {
      return f.type == FindingType::kPoolSaturation && f.service == service && same_grouping(f);
    };
    DetectionSettings open = config_.detection.settings;
    open.pool_saturation_concurrent_threshold = 1;
    const std::optional<Finding> seen = probe.ask(open, texts_);
    const DetectionSettings settings = settings_of(seen);
    DetectorAnswer answer{.detector = "pool_saturation"};
    answer.conditions.push_back({.what = "SQL calls of the service open at once",
                                 .actual = seen ? seen->pattern.occurrences : 0,
                                 .required = settings.pool_saturation_concurrent_threshold,
                                 .key = "pool_saturation_concurrent_threshold"});
    conclude(answer, probe, settings, std::array<ProbedKey, 1>{{{"pool_saturation_concurrent_threshold"}}});
    return answer;
  }

  model::TraceView trace_;
  const model::Symbols& symbols_;
  const config::Config& config_;
  detect::TraceIndex index_;
  base::Arena texts_;  // of findings that were looked at
  const detect::TemplateGroup* group_ = nullptr;
  Spans members_;
  EventType type_ = EventType::kSql;
};

}  // namespace

std::string_view sign(Comparison comparison) {
  constexpr std::array<std::string_view, 3> kSigns = {">=", ">", "<="};
  return kSigns[static_cast<std::size_t>(comparison)];
}

std::string_view slug(Answer verdict) {
  constexpr std::array<std::string_view, 3> kSlugs = {"fired", "silent", "not_applicable"};
  return kSlugs[static_cast<std::size_t>(verdict)];
}

bool Condition::holds() const {
  switch (comparison) {
    case Comparison::kAtLeast:
      return actual >= required;
    case Comparison::kAbove:
      return actual > required;
    case Comparison::kAtMost:
      return actual <= required;
  }
  return false;
}

std::optional<WhyNot> why_not(const model::TraceView& trace, const model::Symbols& symbols, const config::Config& config,
                              std::string_view template_text) {
  return Inquiry(trace, symbols, config).run(template_text);
}

}  // namespace sentinel::analysis
