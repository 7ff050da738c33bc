#include "telemetry/exposition.h"

#include <algorithm>
#include <cmath>

#include "base/number_format.h"
#include "base/text.h"

namespace sentinel::telemetry {
namespace {

// -- negotiation

constexpr std::string_view kOpenMetricsType = "application/openmetrics-text";
constexpr std::size_t kMostZeroDecimals = 3;

// "0" or "0." and at most three zeros.
bool is_zero_quality(std::string_view value) {
  if (value == "0") return true;
  if (!value.starts_with("0.")) return false;
  value.remove_prefix(2);
  return value.size() <= kMostZeroDecimals && value.find_first_not_of('0') == std::string_view::npos;
}

// Takes the text before `separator` off `rest`.
std::string_view take_part(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

bool is_open_metrics(std::string_view item) {
  return base::equals_ignoring_case(base::trim(take_part(item, ';')), kOpenMetricsType);
}

// Has a quality of 0: "not this one".
bool is_refused(std::string_view item) {
  (void)take_part(item, ';');
  while (!item.empty()) {
    std::string_view value = take_part(item, ';');
    const std::string_view name = base::trim(take_part(value, '='));
    if (base::equals_ignoring_case(name, "q") && is_zero_quality(base::trim(value))) return true;
  }
  return false;
}

// -- parts of a line

constexpr std::string_view kTotal = "_total";

void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || (c == '"' && quotes)) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
}

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return base::text_plain(value);
}

std::string number_text(const std::variant<std::uint64_t, double>& value) {
  if (const std::uint64_t* count = std::get_if<std::uint64_t>(&value)) return std::to_string(*count);
  return number_text(std::get<double>(value));
}

class Writer {
 public:
  explicit Writer(Exposition form) : form_(form) {}

  void family(const FamilySnapshot& family) {
    family_ = &family;
    const std::string_view name = family_name();
    out_.append("# HELP ").append(name).append(" ");
    append_escaped(out_, family.help, form_ != Exposition::kPlain);
    out_.append("\n# TYPE ").append(name).append(" ").append(type_name()).append("\n");
    for (const SampleSnapshot& sample : family.samples) {
      family.kind == MetricKind::kHistogram ? histogram(sample) : value(sample);
    }
  }

  std::string finish() && {
    if (form_ != Exposition::kPlain) out_ += "# EOF\n";
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool strict() const { return form_ == Exposition::kOpenMetricsStrict; }

  [[nodiscard]] bool named_total() const { return family_->name.ends_with(kTotal); }

  // Of the family, not of its samples.
  [[nodiscard]] std::string_view family_name() const {
    std::string_view name = family_->name;
    if (strict() && family_->kind == MetricKind::kCounter && named_total()) name.remove_suffix(kTotal.size());
    return name;
  }
  [[nodiscard]] std::string_view type_name() const {
    return strict() && family_->kind == MetricKind::kCounter && !named_total() ? "unknown" : slug(family_->kind);
  }

  void value(const SampleSnapshot& sample) {
    line(sample, "", "", number_text(sample.value));
    const bool may_have_exemplar =
        form_ == Exposition::kOpenMetrics || (strict() && family_->kind == MetricKind::kCounter && named_total());
    if (may_have_exemplar && !sample.exemplar.empty()) {
      out_.pop_back();
      out_.append(" # {trace_id=\"").append(sample.exemplar).append("\"} 1.0\n");
    }
  }

  void histogram(const SampleSnapshot& sample) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < sample.buckets.size(); ++i) {
      below += sample.buckets[i];
      const std::string bound = i < family_->bounds.size() ? number_text(family_->bounds[i]) : "+Inf";
      line(sample, "_bucket", bound, std::to_string(below));
    }
    line(sample, "_sum", "", number_text(sample.sum));
    line(sample, "_count", "", std::to_string(below));
  }

  // `bound` is the value of le, where it is not empty.
  void line(const SampleSnapshot& sample, std::string_view suffix, std::string_view bound, std::string_view number) {
    out_.append(family_->name).append(suffix);
    const char* before = "{";
    for (std::size_t i = 0; i < family_->labels.size(); ++i) {
      out_.append(before).append(family_->labels[i]).append("=\"");
      append_escaped(out_, sample.labels[i], true);
      out_ += '"';
      before = ",";
    }
    if (!bound.empty()) out_.append(before).append("le=\"").append(bound).append("\"");
    if (!bound.empty() || !family_->labels.empty()) out_ += '}';
    out_.append(" ").append(number).append("\n");
  }

  const Exposition form_;
  const FamilySnapshot* family_ = nullptr;
  std::string out_;
};

}  // namespace

Exposition negotiate(std::optional<std::string_view> accept) {
  bool open_metrics = false;
  bool others = false;
  for (std::string_view rest = accept.value_or(""); !rest.empty();) {
    const std::string_view item = take_part(rest, ',');
    if (base::is_blank(item) || is_refused(item)) continue;
    (is_open_metrics(item) ? open_metrics : others) = true;
  }
  if (!open_metrics) return Exposition::kPlain;
  return others ? Exposition::kOpenMetricsStrict : Exposition::kOpenMetrics;
}

std::string_view content_type(Exposition form) {
  return form == Exposition::kPlain ? "text/plain; version=0.0.4; charset=utf-8"
                                    : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

std::string expose(Snapshot snapshot, Exposition form) {
  std::ranges::sort(snapshot, {}, &FamilySnapshot::name);
  Writer writer(form);
  for (FamilySnapshot& family : snapshot) {
    std::ranges::sort(family.samples, [](const SampleSnapshot& a, const SampleSnapshot& b) {
      return std::ranges::lexicographical_compare(a.labels, b.labels);
    });
    writer.family(family);
  }
  return std::move(writer).finish();
}

}  // namespace sentinel::telemetry
