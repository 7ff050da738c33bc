#include "report/why_not_report.h"

#include <algorithm>

#include "base/json_writer.h"
#include "report/terminal.h"

namespace sentinel::report {
namespace {

using analysis::Answer;
using analysis::Condition;
using analysis::DetectorAnswer;
using analysis::WhyNot;

bool yields_to_next(const DetectorAnswer& answer, std::size_t i) {
  return i + 1 < answer.conditions.size() && answer.conditions[i + 1].instead;
}

std::string shown(const Condition& c, std::uint64_t value) {
  if (!c.yes_or_no) return std::to_string(value);
  return value != 0 ? "yes" : "no";
}

std::string named(const Condition& c) { return (c.instead ? "or " : "") + std::string(c.what); }

std::string wanted(const Condition& c) {
  if (c.yes_or_no) return "wanted: " + shown(c, c.required);
  return std::string(analysis::sign(c.comparison)) + " " + std::to_string(c.required);
}

void append_padded(TerminalText& text, std::string_view what, std::size_t width) {
  text.add(what);
  for (std::size_t n = what.size(); n < width; ++n) text.add(" ");
}

void append_conditions(TerminalText& text, const DetectorAnswer& answer) {
  std::size_t what = 0;
  std::size_t actual = 0;
  std::size_t want = 0;
  for (const Condition& c : answer.conditions) {
    what = std::max(what, named(c).size());
    actual = std::max(actual, shown(c, c.actual).size());
    want = std::max(want, wanted(c).size());
  }
  for (const Condition& c : answer.conditions) {
    const bool holds = c.holds();
    text.add("    ").add(holds ? "met    " : "not met", holds ? style::kGreen : style::kRed).add("  ");
    append_padded(text, named(c), what + 2);
    for (std::size_t n = shown(c, c.actual).size(); n < actual; ++n) text.add(" ");
    text.add(shown(c, c.actual)).add("  ");
    append_padded(text, wanted(c), c.key.empty() ? 0 : want + 2);
    text.add(c.key, style::kDim).line_end();
  }
}

void append_ancestor(TerminalText& text, const analysis::Ancestor& ancestor) {
  text.add("    under span ").untrusted(ancestor.span_id);
  if (ancestor.template_text.data() == nullptr) {
    text.add(", which is not in the trace").line_end();
    return;
  }
  text.add(" of ").untrusted(ancestor.service).add(": ").untrusted(ancestor.template_text).line_end();
}

bool has_threshold(const DetectorAnswer& answer) {
  return std::ranges::any_of(answer.conditions, [](const Condition& c) { return !c.key.empty(); });
}

void append_answer(TerminalText& text, const DetectorAnswer& answer) {
  text.add("  ").add(answer.detector, style::kBold);
  if (answer.verdict == Answer::kNotApplicable) {
    text.add(": does not apply, ").add(answer.note).line_end().line_end();
    return;
  }
  const bool fired = answer.verdict == Answer::kFired;
  text.add(": ").add(fired ? "fired" : "silent", fired ? style::kYellow : style::kDim).line_end();
  if (answer.ancestor) append_ancestor(text, *answer.ancestor);
  append_conditions(text, answer);
  for (const analysis::TurningPoint& point : answer.turning_points) {
    text.add("    would fire with ").add(point.key, style::kCyan).add(" = ").number(point.value).line_end();
  }
  if (!fired && answer.turning_points.empty() && has_threshold(answer)) {
    text.add("    no single threshold would make it fire").line_end();
  }
  if (!answer.note.empty()) text.add("    (").add(answer.note).add(")").line_end();
  text.line_end();
}

void write_condition(base::JsonWriter& json, const Condition& c) {
  json.begin_object();
  json.field("what", c.what);
  if (c.yes_or_no) {
    json.field_bool("actual", c.actual != 0).field_bool("required", c.required != 0);
  } else {
    json.field("actual", c.actual).field("comparison", analysis::sign(c.comparison)).field("required", c.required);
  }
  if (!c.key.empty()) json.field("key", c.key);
  json.field_bool("met", c.holds());
  json.end_object();
}

void write_conditions(base::JsonWriter& json, const DetectorAnswer& answer) {
  json.key("conditions").begin_array();
  for (std::size_t i = 0; i < answer.conditions.size(); ++i) {
    if (!yields_to_next(answer, i)) {
      write_condition(json, answer.conditions[i]);
      continue;
    }
    json.begin_object().key("any_of").begin_array();
    write_condition(json, answer.conditions[i]);
    write_condition(json, answer.conditions[++i]);
    json.end_array().end_object();
  }
  json.end_array();
}

void write_answer(base::JsonWriter& json, const DetectorAnswer& answer) {
  json.begin_object();
  json.field("detector", answer.detector).field("verdict", analysis::slug(answer.verdict));
  if (!answer.note.empty()) json.field("note", answer.note);
  if (answer.ancestor) {
    json.key("ancestor").begin_object().field("span_id", answer.ancestor->span_id);
    if (answer.ancestor->template_text.data() != nullptr) {
      json.field("service", answer.ancestor->service).field("template", answer.ancestor->template_text);
    }
    json.end_object();
  }
  write_conditions(json, answer);
  json.key("would_fire_with").begin_array();
  for (const analysis::TurningPoint& point : answer.turning_points) {
    json.begin_object().field("key", point.key).field("value", point.value).end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace

std::string why_not_text(const WhyNot& why, bool colors) {
  TerminalText text(colors);
  text.add("Why not? ", style::kBold).untrusted(why.template_text).line_end();
  text.add("  ").number(why.spans).add(why.spans == 1 ? " span (" : " spans (").add(model::slug(why.type)).add(") of ");
  text.untrusted(why.service).add(" at ").untrusted(why.endpoint).add(" in trace ").untrusted(why.trace_id).line_end();
  if (why.other_groups > 0) {
    text.add("  the largest of ")
        .number(why.other_groups + 1)
        .add(" groups of this template: others differ in grouping or kind");
    text.line_end();
  }
  text.line_end();
  for (const DetectorAnswer& answer : why.detectors) append_answer(text, answer);
  return text.take();
}

std::string why_not_json(const WhyNot& why) {
  std::string out;
  base::JsonWriter json(out, base::JsonWriter::Style::kPretty);
  json.begin_object();
  json.field("trace_id", why.trace_id).field("template", why.template_text).field("event_type", model::slug(why.type));
  json.field("spans", why.spans).field("other_groups", why.other_groups);
  json.field("service", why.service).field("endpoint", why.endpoint);
  json.key("detectors").begin_array();
  for (const DetectorAnswer& answer : why.detectors) write_answer(json, answer);
  json.end_array();
  json.end_object();
  out += '\n';
  return out;
}

}  // namespace sentinel::report
